import type { Configuration } from '../../config/configuration.ts';
import { fillNames, pathPattern } from '../../config/patterns.ts';
import type { DocumentEntry } from '../../config/schema.ts';
import { nameIn, parseArn, resourceSort } from '../../iam/arn.ts';
import { NO_TAGS } from '../../iam/caller.ts';
import type { PolicyUse } from '../../iam/parse-policy.ts';
import {
  type Declarations,
  type Deployment,
  NOTHING_DECLARED,
  type PolicyDocument,
  type Problem,
  type RoleDeclaration,
  type UserDeclaration,
} from '../../inventory/declarations.ts';
import type { Place } from '../../source/source.ts';
import { keyOf, show, split, type Text, type Unknown } from '../../symbolic/text.ts';
import type { Files } from '../files.ts';
import { readPolicyFile } from './policy-file.ts';

/** The bare policy documents whose owner the configuration names. */
export function readConfigured(
  configuration: Configuration,
  files: Files,
  deploymentOf: (account: Text) => Deployment,
): Declarations & { readonly paths: ReadonlySet<string> } {
  const entities: (RoleDeclaration | UserDeclaration)[] = [];
  const policies: PolicyDocument[] = [];
  const managedPolicies: Declarations['managedPolicies'][number][] = [];
  const problems: Problem[] = [];
  const paths = new Set<string>();
  for (const [index, entry] of (configuration.file.documents ?? []).entries()) {
    const place = configuration.place('documents', index, 'of');
    const pattern = pathPattern(entry.path);
    const matching = files.matching(entry.path);
    if (matching.length === 0)
      problems.push(
        ...problemAt(configuration.place('documents', index, 'path'), `no file matches ${JSON.stringify(entry.path)}`),
      );
    for (const path of matching) {
      const names = pattern.match(path) ?? {};
      const of = fillNames(entry.of, names);
      paths.add(path);
      const use: PolicyUse = entry.as;
      const name = nameFor(use, of);
      const read = readPolicyFile(path, use, name, files);
      problems.push(...read.problems);
      if (read.policy === undefined) continue;
      policies.push({ policy: read.policy, use, owner: name });
      const base = entityOf(of, entry, names, deploymentOf, read.policy.place);
      if (base === undefined) {
        problems.push(...problemAt(place, `${of} is not the ARN of a role or a user`));
        continue;
      }
      if (use === 'trust' && base.kind === 'role') entities.push({ ...base, trust: read.policy });
      else if (use === 'identity') entities.push({ ...base, inline: [read.policy], open: [] });
      else if (use === 'boundary') {
        const arn = `boundary:${path}`;
        managedPolicies.push({ arn, policy: read.policy });
        entities.push({ ...base, boundary: { text: arn, place: read.policy.place } });
      }
    }
  }
  return { ...NOTHING_DECLARED, entities, policies, managedPolicies, problems, paths };
}

function nameFor(use: PolicyUse, of: string): string {
  const owner = of.replace(/^.*:/, '');
  return use === 'trust'
    ? `trust policy of ${owner}`
    : use === 'boundary'
      ? `permissions boundary of ${owner}`
      : `identity policy of ${owner}`;
}

function problemAt(place: Place | undefined, message: string): readonly Problem[] {
  return place === undefined ? [] : [{ level: 'error', message, place }];
}

function entityOf(
  of: string,
  entry: DocumentEntry,
  names: Readonly<Record<string, string>>,
  deploymentOf: (account: Text) => Deployment,
  place: Place,
): RoleDeclaration | UserDeclaration | undefined {
  const arn = parseArn(of);
  const sort = arn === undefined ? undefined : resourceSort(arn.resource);
  if (arn === undefined || (sort !== 'role' && sort !== 'user')) return undefined;
  const middle = split(arn.resource, '/').slice(1, -1).map(show);
  const open: Unknown = {
    id: `identity:${keyOf(of)}`,
    kind: 'open',
    shown: `policies of ${of}`,
    missing: `the identity policies of ${of}, which no document declares`,
    undeclared: true,
  };
  const tags = Object.entries(entry.tags ?? {}).map(
    ([key, value]) => [key.toLowerCase(), fillNames(value, names)] as const,
  );
  const base = {
    deployment: deploymentOf(arn.account),
    standing: 'document' as const,
    partial: true,
    arn: of,
    account: arn.account,
    name: nameIn(arn.resource),
    path: middle.length === 0 ? '/' : `/${middle.join('/')}/`,
    inline: [],
    managed: [],
    boundary: undefined,
    tags: tags.length === 0 ? NO_TAGS : { values: new Map(tags), open: undefined },
    uniqueId: undefined,
    open: [open],
    place,
  };
  return sort === 'role' ? { ...base, kind: 'role', trust: undefined } : { ...base, kind: 'user', groups: [] };
}
