import { parseJson } from '../../source/json.ts';
import { SourceFile } from '../../source/source.ts';
import { valueFromTree } from '../../symbolic/from-tree.ts';
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
const parsed = new Map<string, Policy>();

/** The policy behind an `arn:…:iam::aws:policy/…`; undefined for an ARN of another sort, or of a policy that is not known here. */
export function awsManagedPolicy(arn: string): Policy | undefined {
  const path = /^arn:[a-z-]+:iam::aws:policy\/(.+)$/.exec(arn)?.[1];
  if (path === undefined) return undefined;
  const known = byPath.get(path) ?? byName.get(path.slice(path.lastIndexOf('/') + 1));
  return known === undefined ? undefined : policyAt(known);
}

/** The same by name alone, as SAM and older tools write it. */
export function awsManagedPolicyNamed(name: string): Policy | undefined {
  for (const path of byPath.keys()) if (path === name || path.endsWith(`/${name}`)) return policyAt(path);
  return undefined;
}

function policyAt(path: string): Policy {
  let policy = parsed.get(path);
  if (policy === undefined) {
    const text = JSON.stringify({ Version: '2012-10-17', Statement: granting[path] ?? [] });
    const source = new SourceFile(`arn:aws:iam::aws:policy/${path}`, text);
    const [tree] = parseJson(source).documents;
    const place = { source, start: 0, end: text.length };
    const value = tree === undefined ? ({ kind: 'map', members: [], place } as const) : valueFromTree(tree);
    policy = parsePolicy(value, 'identity', `AWS managed policy ${path}`);
    parsed.set(path, policy);
  }
  return policy;
}
