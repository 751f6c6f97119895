import type { Documents } from '../support/documents.ts';

/** A policy's text before it is written in some language. `\uE002caller` is a reference to that role's ARN. */
export type Node = string | readonly Node[] | { readonly [key: string]: Node };

export interface Layout {
  readonly indent: number;
  readonly listIndented: boolean;
  readonly quote: string;
  readonly comments: boolean;
  readonly carriage: boolean;
  /** A statement that is alone stands without a list. */
  readonly one: boolean;
}

export interface RoleParts {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly trust: readonly Node[];
  readonly grants: readonly Node[] | undefined;
  readonly boundary: readonly Node[] | undefined;
}

export type Form = (typeof ROLE_FORMS)[number];

export const ROLE_FORMS = [
  'yaml',
  'yaml-flow',
  'yaml-policy-resource',
  'json',
  'hcl',
  'hcl-lines',
  'hcl-document',
  'hcl-heredoc',
  'policies',
] as const;

/** The files that declare these roles of one account. */
export function rolesText(
  form: Form,
  layout: Layout,
  folder: string,
  account: string,
  roles: readonly RoleParts[],
): Documents {
  const written = textsOf(form, layout, folder, account, roles);
  if (!layout.carriage || form === 'hcl-heredoc') return written;
  return Object.fromEntries(Object.entries(written).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]));
}

function textsOf(form: Form, layout: Layout, folder: string, account: string, roles: readonly RoleParts[]): Documents {
  switch (form) {
    case 'yaml':
    case 'yaml-flow':
    case 'yaml-policy-resource': {
      const resources = resourcesOf(layout, roles, form === 'yaml-policy-resource');
      return { [`${folder}.yaml`]: `Resources:\n${yamlLines(resources, layout, form === 'yaml-flow', layout.indent)}` };
    }
    case 'json':
      return {
        [`${folder}.json`]: `${JSON.stringify(jsonOf(resourcesDocument(layout, roles)), null, layout.indent)}\n`,
      };
    case 'policies':
      return Object.fromEntries(
        roles.flatMap((role) => [
          [`${folder}/${role.id}/trust.json`, policyText(role.trust, layout)],
          ...(role.grants === undefined ? [] : [[`${folder}/${role.id}/grants.json`, policyText(role.grants, layout)]]),
        ]),
      );
    default:
      return { [`${folder}/main.tf`]: roles.map((role) => terraformOf(form, layout, account, role)).join('\n') };
  }
}

/** Whose the bare policies are. */
export function identityOf(roles: readonly (readonly [RoleParts, string])[]): string {
  const entries = roles.flatMap(([{ id, name, path, grants }, account]) => {
    const folder = account === '111122223333' ? 'tools' : 'prod';
    const of = `arn:aws:iam::${account}:role${path}${name}`;
    return [
      `  - {path: ${folder}/${id}/trust.json, as: trust, of: "${of}"}`,
      ...(grants === undefined ? [] : [`  - {path: ${folder}/${id}/grants.json, as: identity, of: "${of}"}`]),
    ];
  });
  return `documents:\n${entries.join('\n')}\n`;
}

function document(statements: readonly Node[], { one }: Layout): Node {
  const [first, ...more] = statements;
  return { Version: '2012-10-17', Statement: one && first !== undefined && more.length === 0 ? first : statements };
}

function policyText(statements: readonly Node[], layout: Layout): string {
  return `${JSON.stringify(document(statements, layout), null, layout.indent)}\n`;
}

function resourcesDocument(layout: Layout, roles: readonly RoleParts[]): Node {
  return { Resources: resourcesOf(layout, roles, false) };
}

function idOf(id: string): string {
  return `${id.charAt(0).toUpperCase()}${id.slice(1)}`;
}

function resourcesOf(layout: Layout, roles: readonly RoleParts[], apart: boolean): { readonly [key: string]: Node } {
  return Object.fromEntries(
    roles.flatMap(({ id, name, path, trust, grants, boundary }): readonly (readonly [string, Node])[] => {
      const policies: Node =
        grants === undefined || apart
          ? {}
          : { Policies: [{ PolicyName: 'own', PolicyDocument: document(grants, layout) }] };
      const bounded: Node = boundary === undefined ? {} : { PermissionsBoundary: `\uE003${idOf(id)}Boundary` };
      const properties: Node = {
        RoleName: name,
        Path: path,
        ...bounded,
        AssumeRolePolicyDocument: document(trust, layout),
        ...policies,
      };
      return [
        ...(boundary === undefined
          ? []
          : [
              [
                `${idOf(id)}Boundary`,
                { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document(boundary, layout) } },
              ] as const,
            ]),
        [idOf(id), { Type: 'AWS::IAM::Role', Properties: properties }],
        ...(apart && grants !== undefined
          ? [
              [
                `${idOf(id)}Grants`,
                {
                  Type: 'AWS::IAM::Policy',
                  Properties: {
                    PolicyName: 'own',
                    Roles: [`\uE003${idOf(id)}`],
                    PolicyDocument: document(grants, layout),
                  },
                },
              ] as const,
            ]
          : []),
      ];
    }),
  );
}

/** References become intrinsic functions. */
function jsonOf(node: Node): unknown {
  if (typeof node === 'string') {
    if (node.startsWith('\uE002')) return { 'Fn::GetAtt': [idOf(node.slice(1)), 'Arn'] };
    return node.startsWith('\uE003') ? { Ref: node.slice(1) } : node;
  }
  if (isList(node)) return node.map(jsonOf);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, jsonOf(value)]));
}

function isList(node: Node): node is readonly Node[] {
  return Array.isArray(node);
}

function yamlScalar(text: string, quote: string): string {
  if (text.startsWith('\uE002')) return `!GetAtt ${idOf(text.slice(1))}.Arn`;
  if (text.startsWith('\uE003')) return `!Ref ${text.slice(1)}`;
  const bare = text.replace(/[\uE000\uE001]/g, '');
  const plain = /^[A-Za-z/][\w:/.@+=,-]*$/.test(bare) && !bare.includes(': ');
  return plain && quote === '' ? text : quote === "'" ? `'${text}'` : `"${text}"`;
}

/** A list or map in block style; statements in braces where `flow` says so. */
function yamlLines(node: { readonly [key: string]: Node }, layout: Layout, flow: boolean, depth: number): string {
  const pad = ' '.repeat(depth);
  return Object.entries(node)
    .map(([key, value]) => {
      if (typeof value === 'string') {
        const comment = layout.comments && key === 'Effect' ? ' # on purpose' : '';
        return `${pad}${keyText(key)}: ${yamlScalar(value, layout.quote)}${comment}\n`;
      }
      const inner = depth + layout.indent;
      if (isList(value))
        return `${pad}${keyText(key)}:\n${yamlItems(value, layout, flow, layout.listIndented ? inner : depth)}`;
      if (flow && 'Effect' in value) return `${pad}${keyText(key)}: ${yamlFlow(value)}\n`;
      return `${pad}${keyText(key)}:\n${yamlLines(value, layout, flow, inner)}`;
    })
    .join('');
}

function keyText(key: string): string {
  return /^[\w:]+$/.test(key) && !key.includes(':') ? key : `"${key}"`;
}

function yamlItems(items: readonly Node[], layout: Layout, flow: boolean, depth: number): string {
  const pad = ' '.repeat(depth);
  return items
    .map((item) => {
      if (typeof item === 'string') return `${pad}- ${yamlScalar(item, layout.quote)}\n`;
      if (flow && !isList(item) && 'Effect' in item) return `${pad}- ${yamlFlow(item)}\n`;
      const text = isList(item) ? yamlItems(item, layout, flow, depth + 2) : yamlLines(item, layout, flow, depth + 2);
      return `${pad}- ${text.slice(depth + 2)}`;
    })
    .join('');
}

function yamlFlow(node: Node): string {
  if (typeof node === 'string')
    return node.startsWith('\uE002') ? `!GetAtt ${idOf(node.slice(1))}.Arn` : JSON.stringify(node);
  if (isList(node)) return `[${node.map(yamlFlow).join(', ')}]`;
  return `{${Object.entries(node)
    .map(([key, value]) => `${keyText(key)}: ${yamlFlow(value)}`)
    .join(', ')}}`;
}

function terraformOf(
  form: Form,
  layout: Layout,
  account: string,
  { id, name, path, trust, grants, boundary }: RoleParts,
): string {
  const policy = (label: string): string => `data.aws_iam_policy_document.${id}_${label}.json`;
  const value = (statements: readonly Node[], label: string): string => {
    switch (form) {
      case 'hcl-document':
        return policy(label);
      case 'hcl-heredoc':
        return `<<${layout.comments ? '-' : ''}EOT\n${heredoc(document(statements, layout), layout)}\n${layout.comments ? '  ' : ''}EOT`;
      case 'hcl-lines':
        return `jsonencode(${hclLines(document(statements, layout), 2)})`;
      default:
        return `jsonencode(${hclFlow(document(statements, layout))})`;
    }
  };
  const documents =
    form === 'hcl-document'
      ? [
          hclDocument(`${id}_trust`, trust),
          grants === undefined ? '' : hclDocument(`${id}_grants`, grants),
          boundary === undefined ? '' : hclDocument(`${id}_boundary`, boundary),
        ].join('')
      : '';
  const limits =
    boundary === undefined
      ? ''
      : `resource "aws_iam_policy" "${id}_boundary" {\n  name   = "${name}-boundary"\n  policy = ${value(boundary, 'boundary')}\n}\n\n`;
  const attached =
    grants === undefined
      ? ''
      : `\nresource "aws_iam_role_policy" "${id}_grants" {\n  name   = "own"\n  role   = aws_iam_role.${id}.id\n  policy = ${value(grants, 'grants')}\n}\n`;
  void account;
  return `${documents}${limits}resource "aws_iam_role" "${id}" {
  name = "${name}"
  path = "${path}"
${boundary === undefined ? '' : `  permissions_boundary = aws_iam_policy.${id}_boundary.arn\n`}  assume_role_policy = ${value(trust, 'trust')}
}
${attached}`;
}

function hclScalar(text: string): string {
  return text.startsWith('\uE002') ? `aws_iam_role.${text.slice(1)}.arn` : JSON.stringify(text);
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

function heredoc(node: Node, layout: Layout): string {
  const text = JSON.stringify(node, null, layout.indent);
  return text.replace(/"\uE002(\w+)"/g, '"$${aws_iam_role.$1.arn}"');
}

function hclDocument(label: string, statements: readonly Node[]): string {
  return `data "aws_iam_policy_document" "${label}" {\n${statements.map(hclStatement).join('')}}\n\n`;
}

function hclStatement(node: Node): string {
  const {
    Effect = '',
    Action = [],
    Resource,
    Principal = {},
    Condition = {},
  } = node as { readonly [key: string]: Node };
  const list = (value: Node): string => `[${(isList(value) ? value : [value]).map(hclFlow).join(', ')}]`;
  const principals = Object.entries(Principal).map(
    ([type, value]) => `    principals {\n      type        = "${type}"\n      identifiers = ${list(value)}\n    }\n`,
  );
  const conditions = Object.entries(Condition).flatMap(([operator, tests]) =>
    Object.entries(tests as { readonly [key: string]: Node }).map(
      ([key, value]) =>
        `    condition {\n      test     = "${operator}"\n      variable = "${key}"\n      values   = ${list(value)}\n    }\n`,
    ),
  );
  return [
    '  statement {\n',
    Effect === 'Deny' ? '    effect = "Deny"\n' : '',
    `    actions = ${list(Action)}\n`,
    Resource === undefined ? '' : `    resources = ${list(Resource)}\n`,
    ...principals,
    ...conditions,
    '  }\n',
  ].join('');
}
