import type { Finding } from '../rules/apply.ts';
import type { SourceFile } from '../source/source.ts';
import { show } from '../symbolic/text.ts';
import { addStatement } from './add-statement.ts';
import type { Edit, Fix } from './fix.ts';
import { grantInHcl, hclValue, isHcl } from './hcl.ts';
import { flowScalar, inFile, isJson, yamlScalar } from './text-style.ts';

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
  if (isHcl(file)) {
    const value = hclValue(arn, file, finding);
    const edit = value === undefined ? undefined : grantInHcl(entity, name, actions, value);
    return edit === undefined ? undefined : { description, edits: [edit] };
  }
  // A name that AWS generates can be referred to in its own template only.
  const elsewhere = subject.assumption.role?.declaration.place.source.path !== file.path;
  if (arn.includes('${') && elsewhere) return undefined;
  const grant = { name, arn, actions };
  const own = isJson(file) ? inJson(file, start, grant) : inYaml(file, start, grant);
  const edit = own ?? addStatement(entity, actions, arn, finding);
  return edit === undefined ? undefined : { description, edits: [edit] };
}

interface Grant {
  readonly name: string;
  readonly arn: string;
  readonly actions: readonly string[];
}

interface Block {
  readonly line: number;
  readonly indent: number;
  /** The last line of what belongs to it. */
  readonly last: number;
}

/** Block style, as nearly every template is written. */
function inYaml(file: SourceFile, start: number, grant: Grant): Edit | undefined {
  const { line, column } = file.position(start);
  const resource: Block = { line, indent: column - 1, last: lastOf(file, line, column - 1) };
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
    step(`Resource: ${yamlScalar(grant.arn)}`, 8),
  ];
  return { path: file.path, shownPath: file.shownPath, startLine: at, endLine: at, newText: lines.join('\n') };
}

/** A key one level within a block. */
function keyIn(file: SourceFile, block: Block, key: string): Block | undefined {
  let level: number | undefined;
  for (let line = block.line + 1; line <= block.last; line++) {
    const text = file.line(line);
    if (isEmpty(text)) continue;
    const indent = text.length - text.trimStart().length;
    level ??= indent;
    if (indent === level && text.trimStart().startsWith(`${key}:`))
      return { line, indent, last: lastOf(file, line, indent) };
  }
  return undefined;
}

function isBlock(file: SourceFile, { line, last }: Block): boolean {
  return /:\s*(#.*)?$/.test(file.line(line)) && last > line;
}

function isEmpty(text: string): boolean {
  return text.trim() === '' || text.trimStart().startsWith('#');
}

/** A list may stand in the very column of its key. */
function lastOf(file: SourceFile, line: number, indent: number): number {
  let last = line;
  for (let next = line + 1; next <= file.lineCount; next++) {
    const text = file.line(next);
    if (isEmpty(text)) continue;
    const own = text.length - text.trimStart().length;
    if (own < indent || (own === indent && !text.trimStart().startsWith('- '))) break;
    last = next;
  }
  return last;
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
    inner(`{"Effect": "Allow", "Action": ${action}, "Resource": ${flowScalar(grant.arn, file)}}`, 4),
    inner(']', 3),
    inner('}', 2),
    inner('}', 1),
    inner('],', 0),
  ];
  const at = properties.line;
  return { path: file.path, shownPath: file.shownPath, startLine: at, endLine: at, newText: lines.join('\n') };
}
