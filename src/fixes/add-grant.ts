import type { Finding } from '../rules/apply.ts';
import type { SourceFile } from '../source/source.ts';
import { member } from '../source/tree.ts';
import { show } from '../symbolic/text.ts';
import type { Edit, Fix } from './fix.ts';
import { grantInHcl, hclValue, isHcl, isTerraformJson } from './hcl.ts';
import { jsonIn, resourceInJson, withMember } from './json-text.ts';
import { inBlock, listed } from './language.ts';
import { addStatement } from './new-statement.ts';
import { blockAt, isBlock, keyIn } from './template-text.ts';
import { inFile, isJson } from './text-style.ts';

/** A policy of its own for a role or user that a template declares and that has no grant to extend. */
export function addGrant(finding: Finding): Omit<Fix, 'verified'> | undefined {
  const { subject } = finding;
  const explanation = subject?.explanation();
  const entity = subject?.assumption.principal;
  if (subject === undefined || entity === undefined || explanation?.blockedBy?.layer !== 'identity') return undefined;
  const { role } = subject.assumption.question;
  const arn = show(role.arn);
  if (entity.declaration.place.source.derived === true) return undefined;
  const { file, start } = inFile(entity.declaration.place);
  const actions = [...new Set([subject.assumption.question.action, explanation.action])];
  const name = `assume-${show(role.name)
    .replace(/\$\{([A-Za-z0-9]+)\}/g, '$1')
    .replace(/[^\w+=,.@-]+/g, '-')}`;
  const description = `grant ${actions.join(' and ')} on ${arn}`;
  if (isTerraformJson(file)) {
    const edit = grantInTerraformJson(file, start, { name, arn, actions }, finding);
    return edit === undefined ? undefined : { description, edits: [edit] };
  }
  if (isHcl(file)) {
    const value = hclValue(arn, entity.declaration.place, finding);
    const edit = value === undefined ? undefined : grantInHcl(entity, name, actions, value);
    return edit === undefined ? undefined : { description, edits: [edit] };
  }
  // A name that AWS generates can be referred to in its own template only.
  const elsewhere = subject.assumption.role?.declaration.place.source.path !== file.path;
  if (arn.includes('${') && elsewhere) return undefined;
  const json = isJson(file);
  const { place } = entity.declaration;
  const resource = json ? listed(arn, place, finding) : inBlock(arn, place, finding);
  const grant = { name, resource: resource ?? '', actions };
  const own = resource === undefined ? undefined : json ? inJson(file, start, grant) : inYaml(file, start, grant);
  const alone = entity.declaration.inline.at(-1)?.statements ?? [];
  const edit = own ?? addStatement(alone, { actions, resource: arn }, finding);
  return edit === undefined ? undefined : { description, edits: [edit] };
}

interface Grant {
  readonly name: string;
  readonly resource: string;
  readonly actions: readonly string[];
}

/** Block style, as nearly every template is written. */
function inYaml(file: SourceFile, start: number, grant: Grant): Edit | undefined {
  const { line, column } = file.position(start);
  const resource = blockAt(file, line, column - 1);
  const type = keyIn(file, resource, 'Type');
  if (type === undefined || !/:\s*["']?AWS::IAM::(Role|User)\b/.test(file.line(type.line))) return undefined;
  const properties = keyIn(file, resource, 'Properties');
  if (properties === undefined || !isBlock(file, properties)) return undefined;
  const policies = keyIn(file, properties, 'Policies');
  if (policies !== undefined && !isBlock(file, policies)) return undefined;
  const child = file.line(properties.line + 1).match(/^\s*/)?.[0].length ?? 0;
  const at = policies?.last ?? properties.last;
  const first = policies === undefined ? undefined : /^(\s*)- /.exec(file.line(policies.line + 1))?.[1];
  if (policies !== undefined && first === undefined) return undefined;
  const indent = first ?? ' '.repeat(child + 2);
  const step = (text: string, depth: number): string => `${indent}${' '.repeat(depth)}${text}`;
  const [only, ...more] = grant.actions;
  const action = more.length === 0 ? (only ?? '') : `[${grant.actions.join(', ')}]`;
  const lines = [
    file.line(at),
    ...(policies === undefined ? [`${' '.repeat(child)}Policies:`] : []),
    step(`- PolicyName: ${grant.name}`, 0),
    step('PolicyDocument:', 2),
    step('Version: "2012-10-17"', 4),
    step('Statement:', 4),
    step('- Effect: Allow', 6),
    step(`Action: ${action}`, 8),
    step(`Resource: ${grant.resource}`, 8),
  ];
  return { path: file.path, shownPath: file.shownPath, startLine: at, endLine: at, newText: lines.join('\n') };
}

/** JSON as tools print it: one member a line. */
function inJson(file: SourceFile, start: number, grant: Grant): Edit | undefined {
  const { line } = file.position(start);
  const head = /^(\s*)"[^"]+"\s*:\s*\{\s*$/.exec(file.line(line))?.[1];
  if (head === undefined) return undefined;
  let properties: { readonly line: number; readonly indent: string } | undefined;
  let type = false;
  for (let next = line + 1; next <= file.lineCount; next++) {
    const text = file.line(next);
    const indent = /^\s*/.exec(text)?.[0] ?? '';
    if (text.trim() !== '' && indent.length <= head.length) break;
    if (/^\s*"Type"\s*:\s*"AWS::IAM::(Role|User)"/.test(text)) type = true;
    if (properties === undefined && /^\s*"Properties"\s*:\s*\{\s*$/.test(text)) properties = { line: next, indent };
    if (properties !== undefined && /^\s*"Policies"\s*:/.test(text)) return undefined;
  }
  if (properties === undefined || !type) return undefined;
  const child = /^\s*/.exec(file.line(properties.line + 1))?.[0] ?? '';
  const step = child.slice(properties.indent.length);
  if (step === '') return undefined;
  const action = grant.actions.length === 1 ? JSON.stringify(grant.actions[0]) : JSON.stringify(grant.actions);
  const inner = (text: string, depth: number): string => `${child}${step.repeat(depth)}${text}`;
  const lines = [
    file.line(properties.line),
    inner('"Policies": [', 0),
    inner('{', 1),
    inner(`"PolicyName": ${JSON.stringify(grant.name)},`, 2),
    inner('"PolicyDocument": {', 2),
    inner('"Version": "2012-10-17",', 3),
    inner('"Statement": [', 3),
    inner(`{"Effect": "Allow", "Action": ${action}, "Resource": ${grant.resource}}`, 4),
    inner(']', 3),
    inner('}', 2),
    inner('}', 1),
    inner('],', 0),
  ];
  const at = properties.line;
  return { path: file.path, shownPath: file.shownPath, startLine: at, endLine: at, newText: lines.join('\n') };
}

/** A resource of its own beside the role or user. */
function grantInTerraformJson(
  file: SourceFile,
  offset: number,
  { name, arn, actions }: { readonly name: string; readonly arn: string; readonly actions: readonly string[] },
  finding: Finding,
): Edit | undefined {
  const found = resourceInJson(file, offset);
  const resources = member(jsonIn(file), 'resource');
  const value = hclValue(arn, { source: file, start: offset, end: offset }, finding);
  if (found === undefined || resources?.kind !== 'map' || value === undefined) return undefined;
  const kind = found.type.replace('aws_iam_', '');
  const statement = {
    Effect: 'Allow',
    Action: actions.length === 1 ? actions[0] : actions,
    Resource: value.startsWith('"') ? arn : `\${${value}}`,
  };
  const id = `${found.name}_${name}`.replace(/\W+/g, '_');
  const body = {
    name,
    [kind]: `\${${found.type}.${found.name}.name}`,
    policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
  };
  const type = `${found.type}_policy`;
  const others = member(resources, type);
  if (others === undefined) return withMember(file, resources, type, { [id]: body });
  return others.kind === 'map' && member(others, id) === undefined ? withMember(file, others, id, body) : undefined;
}
