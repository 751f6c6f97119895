import { parseJson } from '../../source/json.ts';
import { type Place, SourceFile } from '../../source/source.ts';
import type { Tree } from '../../source/tree.ts';
import { valueFromTree } from '../../symbolic/from-tree.ts';
import type { Value } from '../../symbolic/value.ts';
import { parsePolicy } from '../parse-policy.ts';
import type { Policy } from '../policy.ts';
import table from './policies.json' with { type: 'json' };

/**
 * AWS managed policies as facts, so that none needs to be fetched: what those that speak of assuming roles say, and the
 * names of those that say nothing of it. Read in 2026 from the published documents of 1,644 policies.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const granting: Readonly<Record<string, unknown>> = table.granting;
const pathUnknown = new Set(table.pathUnknown);
const byPath = new Map<string, string>();
const byName = new Map<string, string>();
for (const path of [...Object.keys(granting), ...table.silent]) {
  byPath.set(path, path);
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (pathUnknown.has(name)) byName.set(name, path);
}
const parsed = new Map<string, Tree>();

/**
 * The policy behind an `arn:…:iam::aws:policy/…`; undefined for an ARN of another sort, or of a policy that is not known here.
 * Nobody has its text in a file, so it stands where it is attached.
 */
export function awsManagedPolicy(arn: string, attachedAt: Place): Policy | undefined {
  const path = /^arn:[a-z-]+:iam::aws:policy\/(.+)$/.exec(arn)?.[1];
  if (path === undefined) return undefined;
  const known = byPath.get(path) ?? byName.get(path.slice(path.lastIndexOf('/') + 1));
  return known === undefined ? undefined : policyAt(known, attachedAt);
}

/** The same by name alone, as SAM and older tools write it. */
export function awsManagedPolicyNamed(name: string, attachedAt: Place): Policy | undefined {
  for (const path of byPath.keys()) if (path === name || path.endsWith(`/${name}`)) return policyAt(path, attachedAt);
  return undefined;
}

function policyAt(path: string, place: Place): Policy {
  const name = `AWS managed policy ${path}`;
  const statements = granting[path];
  if (statements === undefined) return { name, variables: true, statements: [], open: [], place };
  let tree = parsed.get(path);
  if (tree === undefined) {
    const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
    tree = parseJson(new SourceFile(path, text)).documents[0];
    if (tree === undefined) return { name, variables: true, statements: [], open: [], place };
    parsed.set(path, tree);
  }
  return parsePolicy(standingAt(valueFromTree(tree), place), 'identity', name);
}

function standingAt(value: Value, place: Place): Value {
  if (value.kind === 'list') return { ...value, place, items: value.items.map((item) => standingAt(item, place)) };
  if (value.kind !== 'map') return { ...value, place };
  const members = value.members.map((member) => ({
    ...member,
    namePlace: place,
    value: standingAt(member.value, place),
  }));
  return { ...value, place, members };
}
