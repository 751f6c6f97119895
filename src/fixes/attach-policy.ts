import type { Policy } from '../iam/policy.ts';
import type { Finding } from '../rules/apply.ts';
import type { Place, SourceFile } from '../source/source.ts';
import { member } from '../source/tree.ts';
import type { Edit, Fix } from './fix.ts';
import { addressOf, endOfBlock, isHcl, isTerraformJson } from './hcl.ts';
import { jsonIn, resourceInJson, withItem, withMember } from './json-text.ts';
import { isCircle, resourceAt } from './spell.ts';
import { blockAt, isBlock, keyIn } from './template-text.ts';
import { inFile, isJson } from './text-style.ts';

/** A managed policy that was written for such a call, and that nobody has: it is attached to the one who calls. */
export function attachPolicy({ subject, related }: Finding): Omit<Fix, 'verified'> | undefined {
  const caller = subject?.assumption.principal?.declaration;
  if (caller === undefined || caller.place.source.derived === true || caller.standing !== 'document') return undefined;
  for (const { grants } of related) {
    if (grants === undefined || !isForAssuming(grants) || grants.place.source.derived === true) continue;
    const edit = attachment(caller.place, caller.kind, grants);
    if (edit !== undefined) return { description: `attach the ${grants.name}`, edits: [edit] };
  }
  return undefined;
}

/** Whoever gets it gets nothing besides. */
function isForAssuming({ statements }: Policy): boolean {
  return statements.every(
    ({ effect, actions, resources }) =>
      effect === 'Deny' ||
      (!actions.negated &&
        actions.items.every(({ text }) => typeof text === 'string' && /^sts:\w+$/i.test(text)) &&
        resources?.negated === false &&
        !resources.items.some(({ everything }) => everything)),
  );
}

function attachment(caller: Place, kind: 'role' | 'user' | 'group', { place }: Policy): Edit | undefined {
  const { file, start } = inFile(caller);
  const policy = inFile(place);
  if (isTerraformJson(file)) return policy.file === file ? inTerraformJson(file, start, kind, policy.start) : undefined;
  if (isHcl(file)) return inHcl(caller, kind, policy.file, policy.start);
  if (policy.file.path !== file.path) return undefined;
  const id = resourceAt(file, caller, policy.start);
  if (id === undefined || isCircle(file, caller, id, start)) return undefined;
  return isJson(file) ? inJson(file, caller, id) : inYaml(file, start, id);
}

const PROPERTY = 'ManagedPolicyArns';

function inYaml(file: SourceFile, start: number, id: string): Edit | undefined {
  const { line, column } = file.position(start);
  const properties = keyIn(file, blockAt(file, line, column - 1), 'Properties');
  if (properties === undefined || !isBlock(file, properties)) return undefined;
  const list = keyIn(file, properties, PROPERTY);
  if (list !== undefined && !isBlock(file, list)) return undefined;
  const child = /^\s*/.exec(file.line(properties.line + 1))?.[0] ?? '';
  const dash = list === undefined ? undefined : /^\s*-\s+/.exec(file.line(list.line + 1))?.[0];
  if (list !== undefined && dash === undefined) return undefined;
  const at = list?.last ?? properties.last;
  const lines = list === undefined ? [`${child}${PROPERTY}:`, `${child}  - !Ref ${id}`] : [`${dash}!Ref ${id}`];
  const newText = [file.line(at), ...lines].join('\n');
  return { path: file.path, shownPath: file.shownPath, startLine: at, endLine: at, newText };
}

function inJson(file: SourceFile, caller: Place, id: string): Edit | undefined {
  const own = resourceAt(file, caller, inFile(caller).start);
  const resources = member(jsonIn(file), 'Resources');
  const properties = own === undefined ? undefined : member(member(resources, own), 'Properties');
  if (properties?.kind !== 'map') return undefined;
  const list = member(properties, PROPERTY);
  if (list === undefined) return withMember(file, properties, PROPERTY, [{ Ref: id }]);
  return list.kind === 'list' ? withItem(file, list, { Ref: id }) : undefined;
}

/** A resource of its own behind the one who gets the policy. */
function inHcl(caller: Place, kind: string, file: SourceFile, at: number): Edit | undefined {
  const own = inFile(caller).file;
  const address = addressOf(caller, file);
  const policy = policyInHcl(file, at);
  const last = endOfBlock(own, own.position(inFile(caller).start).line);
  if (address === undefined || policy === undefined || last === undefined) return undefined;
  const id = `${address.split('.')[1]}_${policy.split('.')[1]}`;
  const width = 'policy_arn'.length;
  const lines = [
    own.line(last),
    '',
    `resource "aws_iam_${kind}_policy_attachment" "${id}" {`,
    `  ${kind.padEnd(width)} = ${address}.name`,
    `  policy_arn = ${policy}.arn`,
    '}',
  ];
  return { path: own.path, shownPath: own.shownPath, startLine: last, endLine: last, newText: lines.join('\n') };
}

/** The one `aws_iam_policy` of the file in which a policy stands, or which takes the document in which it does. */
function policyInHcl(file: SourceFile, at: number): string | undefined {
  const blocks = [...file.text.matchAll(/^(resource|data)\s+"(aws_iam_policy(?:_document)?)"\s+"([\w-]+)"\s*\{/gm)].map(
    ({ 1: sort, 2: type, 3: name, index }) => {
      const last = endOfBlock(file, file.position(index).line);
      const end = last === undefined ? index : file.lineStart(last + 1);
      return { sort, type, name, index, end, text: file.text.slice(index, end) };
    },
  );
  const own = blocks.find(({ index, end }) => at >= index && at < end);
  if (own === undefined) return undefined;
  const takes = (text: string): boolean => text.includes(`data.aws_iam_policy_document.${own.name}.json`);
  const found = own.sort === 'resource' ? [own] : blocks.filter(({ sort, text }) => sort === 'resource' && takes(text));
  const [only, ...more] = found;
  if (only === undefined || more.length > 0 || only.type !== 'aws_iam_policy') return undefined;
  return /^\s{1,4}(count|for_each)\s*=/m.test(only.text) ? undefined : `aws_iam_policy.${only.name}`;
}

function inTerraformJson(file: SourceFile, start: number, kind: string, at: number): Edit | undefined {
  const caller = resourceInJson(file, start);
  const policy = resourceInJson(file, at);
  const resources = member(jsonIn(file), 'resource');
  if (caller === undefined || policy?.type !== 'aws_iam_policy' || resources?.kind !== 'map') return undefined;
  const body = {
    [kind]: `\${${caller.type}.${caller.name}.name}`,
    policy_arn: `\${aws_iam_policy.${policy.name}.arn}`,
  };
  const type = `aws_iam_${kind}_policy_attachment`;
  const id = `${caller.name}_${policy.name}`;
  const others = member(resources, type);
  if (others === undefined) return withMember(file, resources, type, { [id]: body });
  return others.kind === 'map' && member(others, id) === undefined ? withMember(file, others, id, body) : undefined;
}
