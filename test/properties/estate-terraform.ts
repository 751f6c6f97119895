import type { Documents } from '../support/documents.ts';
import { type EntityParts, type Form, isList, type Layout, type Node, policyDocument } from './estate-text.ts';

/** A block of a Terraform file; a policy of it is still to be written in the form's own way. */
interface Block {
  readonly type: string;
  readonly name: string;
  readonly body: Readonly<Record<string, Node | Statements>>;
}

class Statements {
  readonly list: readonly Node[];
  constructor(list: readonly Node[]) {
    this.list = list;
  }
}

/** What declares these roles and users, in native syntax or in JSON. */
export function terraformFiles(
  form: Form,
  layout: Layout,
  folder: string,
  entities: readonly EntityParts[],
): Documents {
  const blocks = entities.flatMap(blocksOf);
  if (form === 'tf-json-string' || form === 'tf-json-document')
    return { [`${folder}/main.tf.json`]: inJson(form, layout, blocks) };
  return { [`${folder}/main.tf`]: blocks.map((block) => inHcl(form, layout, block)).join('\n') };
}

function blocksOf({ id, name, path, trust, grants, boundary, home = 'own' }: EntityParts): readonly Block[] {
  const kind = trust === undefined ? 'user' : 'role';
  const blocks: Block[] = [];
  const add = (type: string, name: string, body: Block['body']): void => {
    blocks.push({ type: `aws_iam_${type}`, name, body });
  };
  if (boundary !== undefined)
    add('policy', `${id}_boundary`, { name: `${id}-boundary`, policy: new Statements(boundary) });
  add(kind, id, {
    name,
    path,
    ...(boundary === undefined ? {} : { permissions_boundary: `\uE003aws_iam_policy.${id}_boundary.arn` }),
    ...(trust === undefined ? {} : { assume_role_policy: new Statements(trust) }),
  });
  if (grants === undefined) return blocks;
  const policy = new Statements(grants);
  const label = `${id}_grants`;
  if (home === 'own') add(`${kind}_policy`, label, { name: 'own', [kind]: `\uE003aws_iam_${kind}.${id}.name`, policy });
  else if (home === 'group') {
    add('group', id, { name: `${id}-group` });
    add('group_policy', label, { name: 'own', group: `\uE003aws_iam_group.${id}.name`, policy });
    const groups = [`\uE003aws_iam_group.${id}.name`];
    add('user_group_membership', id, { user: `\uE003aws_iam_user.${id}.name`, groups });
  } else add('policy', label, { name: `${id}-grants`, policy });
  if (home === 'managed')
    add(`${kind}_policy_attachment`, id, {
      [kind]: `\uE003aws_iam_${kind}.${id}.name`,
      policy_arn: `\uE003aws_iam_policy.${label}.arn`,
    });
  return blocks;
}

function inHcl(form: Form, layout: Layout, { type, name, body }: Block): string {
  const documents: string[] = [];
  const entries = Object.entries(body).map(([key, value]) => {
    if (!(value instanceof Statements)) return `  ${key} = ${hclFlow(value)}\n`;
    if (form === 'hcl-document') documents.push(hclDocument(`${name}_${key}`, value.list));
    return `  ${key} = ${hclPolicy(form, layout, `${name}_${key}`, value.list)}\n`;
  });
  return `${documents.join('')}resource "${type}" "${name}" {\n${entries.join('')}}\n`;
}

function hclPolicy(form: Form, layout: Layout, label: string, statements: readonly Node[]): string {
  const document = policyDocument(statements, layout);
  switch (form) {
    case 'hcl-document':
      return `data.aws_iam_policy_document.${label}.json`;
    case 'hcl-heredoc':
      return `<<${layout.comments ? '-' : ''}EOT\n${jsonText(document, layout.indent)}\n${layout.comments ? '  ' : ''}EOT`;
    case 'hcl-lines':
      return `jsonencode(${hclLines(document, 2)})`;
    default:
      return `jsonencode(${hclFlow(document)})`;
  }
}

function inJson(form: Form, layout: Layout, blocks: readonly Block[]): string {
  const resource: Record<string, Record<string, unknown>> = {};
  const data: Record<string, unknown> = {};
  for (const { type, name, body } of blocks) {
    const entries = Object.entries(body).map(([key, value]): readonly [string, unknown] => {
      if (!(value instanceof Statements)) return [key, template(value)];
      if (form === 'tf-json-string') return [key, jsonText(policyDocument(value.list, layout), undefined)];
      data[`${name}_${key}`] = { statement: value.list.map(jsonStatement) };
      return [key, `\${data.aws_iam_policy_document.${name}_${key}.json}`];
    });
    resource[type] = { ...resource[type], [name]: Object.fromEntries(entries) };
  }
  const documents = Object.keys(data).length === 0 ? {} : { data: { aws_iam_policy_document: data } };
  return `${JSON.stringify({ ...documents, resource }, null, layout.indent)}\n`;
}

/** `\uE002role.caller` is that role's ARN, `\uE003…` any expression. */
function expression(text: string): string | undefined {
  if (text.startsWith('\uE002')) return `aws_iam_${text.slice(1)}.arn`;
  return text.startsWith('\uE003') ? text.slice(1) : undefined;
}

/** Within a text of JSON an expression stands in a template. */
function template(node: Node): unknown {
  if (typeof node === 'string') return expression(node) === undefined ? node : `\${${expression(node)}}`;
  if (isList(node)) return node.map(template);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, template(value)]));
}

function jsonText(node: Node, indent: number | undefined): string {
  return JSON.stringify(template(node), null, indent);
}

function hclScalar(text: string): string {
  return expression(text) ?? JSON.stringify(text);
}

function hclFlow(node: Node): string {
  if (typeof node === 'string') return hclScalar(node);
  if (isList(node)) return `[${node.map(hclFlow).join(', ')}]`;
  return `{ ${Object.entries(node)
    .map(([key, value]) => `${hclKey(key)} = ${hclFlow(value)}`)
    .join(', ')} }`;
}

function hclKey(key: string): string {
  return /^\w+$/.test(key) ? key : `"${key}"`;
}

function hclLines(node: Node, depth: number): string {
  const pad = ' '.repeat(depth);
  if (typeof node === 'string') return hclScalar(node);
  if (isList(node)) return `[\n${node.map((item) => `${pad}  ${hclLines(item, depth + 2)},\n`).join('')}${pad}]`;
  return `{\n${Object.entries(node)
    .map(([key, value]) => `${pad}  ${hclKey(key)} = ${hclLines(value, depth + 2)}\n`)
    .join('')}${pad}}`;
}

function hclDocument(label: string, statements: readonly Node[]): string {
  return `data "aws_iam_policy_document" "${label}" {\n${statements.map(hclStatement).join('')}}\n\n`;
}

/** The arguments of a statement as the data source takes them. */
interface Arguments {
  readonly effect: Node;
  readonly lists: readonly (readonly [string, readonly Node[]])[];
  readonly principals: readonly (readonly [string, { readonly type: string; readonly identifiers: readonly Node[] }])[];
  readonly conditions: readonly {
    readonly test: string;
    readonly variable: string;
    readonly values: readonly Node[];
  }[];
}

const LISTS: Readonly<Record<string, string>> = {
  Action: 'actions',
  NotAction: 'not_actions',
  Resource: 'resources',
  NotResource: 'not_resources',
};

function argumentsOf(node: Node): Arguments {
  const entries = Object.entries(node as { readonly [key: string]: Node });
  const maps = (key: string) =>
    Object.entries((Object.fromEntries(entries)[key] ?? {}) as { readonly [key: string]: Node });
  const several = (value: Node): readonly Node[] => (isList(value) ? value : [value]);
  return {
    effect: Object.fromEntries(entries).Effect ?? 'Allow',
    lists: entries.flatMap(([key, value]) => (LISTS[key] === undefined ? [] : [[LISTS[key], several(value)] as const])),
    principals: (['Principal', 'NotPrincipal'] as const).flatMap((key) =>
      maps(key).map(
        ([type, value]) =>
          [key === 'Principal' ? 'principals' : 'not_principals', { type, identifiers: several(value) }] as const,
      ),
    ),
    conditions: maps('Condition').flatMap(([test, tests]) =>
      Object.entries(tests).map(([variable, value]) => ({ test, variable, values: several(value as Node) })),
    ),
  };
}

function hclStatement(node: Node): string {
  const { effect, lists, principals, conditions } = argumentsOf(node);
  return [
    '  statement {\n',
    effect === 'Deny' ? '    effect = "Deny"\n' : '',
    ...lists.map(([key, values]) => `    ${key} = ${hclFlow(values)}\n`),
    ...principals.map(
      ([key, { type, identifiers }]) =>
        `    ${key} {\n      type        = "${type}"\n      identifiers = ${hclFlow(identifiers)}\n    }\n`,
    ),
    ...conditions.map(
      ({ test, variable, values }) =>
        `    condition {\n      test     = "${test}"\n      variable = "${variable}"\n      values   = ${hclFlow(values)}\n    }\n`,
    ),
    '  }\n',
  ].join('');
}

function jsonStatement(node: Node): unknown {
  const { effect, lists, principals, conditions } = argumentsOf(node);
  const named = (key: string) =>
    principals.flatMap(([one, block]) => (one === key ? [{ ...block, identifiers: template(block.identifiers) }] : []));
  return {
    ...(effect === 'Deny' ? { effect } : {}),
    ...Object.fromEntries(lists.map(([key, values]) => [key, template(values)])),
    ...(named('principals').length > 0 ? { principals: named('principals') } : {}),
    ...(named('not_principals').length > 0 ? { not_principals: named('not_principals') } : {}),
    ...(conditions.length > 0 ? { condition: conditions } : {}),
  };
}
