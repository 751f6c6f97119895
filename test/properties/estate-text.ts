import type { Documents } from '../support/documents.ts';
import { terraformFiles } from './estate-terraform.ts';

/** A policy's text before it is written in some language. `\uE002role.caller` is a reference to that role's ARN. */
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

/** A role; without a trust policy, a user. */
export interface EntityParts {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly trust: readonly Node[] | undefined;
  readonly grants: readonly Node[] | undefined;
  readonly boundary: readonly Node[] | undefined;
  /** Where its grants stand: in a policy of its own, in a group's, or in a managed policy, attached or not. */
  readonly home?: Home;
}

export type Home = 'own' | 'group' | 'managed' | 'nobody';

export type Form = (typeof ROLE_FORMS)[number];

export const ROLE_FORMS = [
  'yaml',
  'yaml-flow',
  'yaml-policy-resource',
  'yaml-braces',
  'yaml-string',
  'json',
  'json-string',
  'hcl',
  'hcl-lines',
  'hcl-document',
  'hcl-heredoc',
  'tf-json-string',
  'tf-json-document',
  'policies',
] as const;

/** The files that declare these roles and users of one account. */
export function entitiesText(form: Form, layout: Layout, folder: string, entities: readonly EntityParts[]): Documents {
  const written = textsOf(form, layout, folder, entities);
  if (!layout.carriage || form === 'hcl-heredoc') return written;
  return Object.fromEntries(Object.entries(written).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]));
}

function textsOf(form: Form, layout: Layout, folder: string, entities: readonly EntityParts[]): Documents {
  switch (form) {
    case 'yaml':
    case 'yaml-flow':
    case 'yaml-braces':
    case 'yaml-string':
    case 'yaml-policy-resource': {
      const resources = resourcesOf(layout, entities, form === 'yaml-policy-resource');
      const style = { layout, form };
      return { [`${folder}.yaml`]: `Resources:\n${yamlLines(resources, style, layout.indent)}` };
    }
    case 'json':
    case 'json-string': {
      const document = { Resources: resourcesOf(layout, entities, false) };
      return {
        [`${folder}.json`]: `${JSON.stringify(jsonOf(document, form === 'json-string'), null, layout.indent)}\n`,
      };
    }
    case 'policies':
      return Object.fromEntries(
        entities.flatMap((one) => [
          ...(one.trust === undefined ? [] : [[`${folder}/${one.id}/trust.json`, policyText(one.trust, layout)]]),
          ...(one.grants === undefined ? [] : [[`${folder}/${one.id}/grants.json`, policyText(one.grants, layout)]]),
        ]),
      );
    default:
      return terraformFiles(form, layout, folder, entities);
  }
}

/** Whose the bare policies are. */
export function identityOf(entities: readonly (readonly [EntityParts, string])[]): string {
  const entries = entities.flatMap(([{ id, name, path, trust, grants }, account]) => {
    const folder = account === '111122223333' ? 'tools' : 'prod';
    const of = `arn:aws:iam::${account}:${trust === undefined ? 'user' : 'role'}${path}${name}`;
    return [
      ...(trust === undefined ? [] : [`  - {path: ${folder}/${id}/trust.json, as: trust, of: "${of}"}`]),
      ...(grants === undefined ? [] : [`  - {path: ${folder}/${id}/grants.json, as: identity, of: "${of}"}`]),
    ];
  });
  return `documents:\n${entries.join('\n')}\n`;
}

export function policyDocument(statements: readonly Node[], { one }: Layout): { readonly [key: string]: Node } {
  const [first, ...more] = statements;
  return { Version: '2012-10-17', Statement: one && first !== undefined && more.length === 0 ? first : statements };
}

function policyText(statements: readonly Node[], layout: Layout): string {
  return `${JSON.stringify(policyDocument(statements, layout), null, layout.indent)}\n`;
}

function idOf(id: string): string {
  return `${id.charAt(0).toUpperCase()}${id.slice(1)}`;
}

type Properties = { readonly [key: string]: Node };

function resourcesOf(layout: Layout, entities: readonly EntityParts[], apart: boolean): Properties {
  return Object.fromEntries(entities.flatMap((one) => resourcesFor(layout, one, apart)));
}

function resourcesFor(layout: Layout, entity: EntityParts, apart: boolean): readonly (readonly [string, Node])[] {
  const { name, path, trust, grants, boundary, home = 'own' } = entity;
  const id = idOf(entity.id);
  const kind = trust === undefined ? 'User' : 'Role';
  const resources: (readonly [string, Node])[] = [];
  const add = (suffix: string, type: string, properties: Properties): void => {
    resources.push([`${id}${suffix}`, { Type: `AWS::IAM::${type}`, Properties: properties }]);
  };
  const document = (statements: readonly Node[]): Node => policyDocument(statements, layout);
  if (boundary !== undefined) add('Boundary', 'ManagedPolicy', { PolicyDocument: document(boundary) });
  const own = grants === undefined ? undefined : { PolicyName: 'own', PolicyDocument: document(grants) };
  const inline: Properties = own === undefined || apart || home !== 'own' ? {} : { Policies: [own] };
  add('', kind, {
    [`${kind}Name`]: name,
    Path: path,
    ...(boundary === undefined ? {} : { PermissionsBoundary: `\uE003${id}Boundary` }),
    ...(trust === undefined ? {} : { AssumeRolePolicyDocument: document(trust) }),
    ...(home === 'group' ? { Groups: [`\uE003${id}Group`] } : {}),
    ...inline,
  });
  const attached: Properties = { [`${kind}s`]: [`\uE003${id}`] };
  if (own === undefined) return resources;
  if (home === 'group') add('Group', 'Group', { GroupName: `${entity.id}-group`, Policies: [own] });
  else if (home === 'managed') add('Grants', 'ManagedPolicy', { PolicyDocument: own.PolicyDocument, ...attached });
  else if (home === 'nobody') add('Grants', 'ManagedPolicy', { PolicyDocument: own.PolicyDocument });
  else if (apart) add('Grants', 'Policy', { ...own, ...attached });
  return resources;
}

/** References become intrinsic functions; a policy may be a text. */
function jsonOf(node: Node, texts: boolean): unknown {
  if (typeof node === 'string') {
    if (node.startsWith('\uE002')) return { 'Fn::GetAtt': [referred(node), 'Arn'] };
    return node.startsWith('\uE003') ? { Ref: node.slice(1) } : node;
  }
  if (isList(node)) return node.map((item) => jsonOf(item, texts));
  if (texts && 'Version' in node) return JSON.stringify(node);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, jsonOf(value, texts)]));
}

/** `\uE002role.caller` */
function referred(node: string): string {
  return idOf(node.slice(node.indexOf('.') + 1));
}

export function isList(node: Node): node is readonly Node[] {
  return Array.isArray(node);
}

function yamlScalar(text: string, quote: string): string {
  if (text.startsWith('\uE002')) return `!GetAtt ${referred(text)}.Arn`;
  if (text.startsWith('\uE003')) return `!Ref ${text.slice(1)}`;
  const bare = text.replace(/[\uE000\uE001]/g, '');
  const plain = /^[A-Za-z/][\w:/.@+=,-]*$/.test(bare) && !bare.includes(': ');
  return plain && quote === '' ? text : quote === "'" ? `'${text}'` : `"${text}"`;
}

interface Style {
  readonly layout: Layout;
  readonly form: Form;
}

/** A list or map in block style; statements and policies in braces or as texts where the form says so. */
function yamlLines(node: Properties, style: Style, depth: number): string {
  const { layout, form } = style;
  const pad = ' '.repeat(depth);
  return Object.entries(node)
    .map(([key, value]) => {
      if (typeof value === 'string') {
        const comment = layout.comments && key === 'Effect' ? ' # on purpose' : '';
        return `${pad}${keyText(key)}: ${yamlScalar(value, layout.quote)}${comment}\n`;
      }
      const inner = depth + layout.indent;
      if (isList(value))
        return `${pad}${keyText(key)}:\n${yamlItems(value, style, layout.listIndented ? inner : depth)}`;
      if (form === 'yaml-flow' && 'Effect' in value) return `${pad}${keyText(key)}: ${yamlFlow(value)}\n`;
      if (form === 'yaml-braces' && 'Version' in value) return `${pad}${keyText(key)}: ${yamlBraces(value, depth)}\n`;
      if (form === 'yaml-string' && 'Version' in value) {
        const text = JSON.stringify(value, null, layout.indent).replaceAll('\n', `\n${' '.repeat(inner)}`);
        return `${pad}${keyText(key)}: ${layout.comments ? '>-' : '|'}\n${' '.repeat(inner)}${text}\n`;
      }
      return `${pad}${keyText(key)}:\n${yamlLines(value, style, inner)}`;
    })
    .join('');
}

function keyText(key: string): string {
  return /^[\w:]+$/.test(key) && !key.includes(':') ? key : `"${key}"`;
}

function yamlItems(items: readonly Node[], style: Style, depth: number): string {
  const pad = ' '.repeat(depth);
  return items
    .map((item) => {
      if (typeof item === 'string') return `${pad}- ${yamlScalar(item, style.layout.quote)}\n`;
      if (style.form === 'yaml-flow' && !isList(item) && 'Effect' in item) return `${pad}- ${yamlFlow(item)}\n`;
      const text = isList(item) ? yamlItems(item, style, depth + 2) : yamlLines(item, style, depth + 2);
      return `${pad}- ${text.slice(depth + 2)}`;
    })
    .join('');
}

function yamlFlow(node: Node): string {
  if (typeof node === 'string')
    return node.startsWith('\uE002') ? `!GetAtt ${referred(node)}.Arn` : JSON.stringify(node);
  if (isList(node)) return `[${node.map(yamlFlow).join(', ')}]`;
  return `{${Object.entries(node)
    .map(([key, value]) => `${keyText(key)}: ${yamlFlow(value)}`)
    .join(', ')}}`;
}

/** Braces over several lines, quotes at what needs them. */
function yamlBraces(node: Node, depth: number): string {
  const pad = ' '.repeat(depth);
  if (typeof node === 'string') return yamlFlow(node);
  if (isList(node)) return `[\n${node.map((item) => `${pad}  ${yamlBraces(item, depth + 2)}`).join(',\n')}\n${pad}]`;
  const entries = Object.entries(node).map(
    ([key, value]) => `${pad}  ${keyText(key)}: ${yamlBraces(value, depth + 2)}`,
  );
  return `{\n${entries.join(',\n')}\n${pad}}`;
}
