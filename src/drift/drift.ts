import type { Place } from '../source/source.ts';

/** What of an entity is compared. */
export type DriftPart =
  | 'existence'
  | 'name'
  | 'path'
  | 'trust-policy'
  | 'inline-policy'
  | 'attached-policies'
  | 'permissions-boundary'
  | 'max-session-duration'
  | 'groups'
  | 'tag'
  | 'document';

/** One thing that is deployed otherwise than it is declared. It decides nothing: what is declared counts. */
export interface Difference {
  readonly kind: 'role' | 'user' | 'policy';
  /** As it is declared. */
  readonly arn: string;
  readonly part: DriftPart;
  /** An inline policy's name, a tag's key. */
  readonly name?: string;
  /** What stands on one side alone: ARNs, names, statements in JSON. */
  readonly declared: readonly string[];
  readonly deployed: readonly string[];
  /** Where it is declared. */
  readonly place: Place;
  /** Where it is shown as it is deployed. */
  readonly shownAt: Place | undefined;
}

export interface Drift {
  /** How many of the declared roles, users and managed policies are shown as they are deployed, too. */
  readonly compared: number;
  readonly differences: readonly Difference[];
}

const PARTS: Readonly<Record<DriftPart, string>> = {
  existence: '',
  name: 'name',
  path: 'path',
  'trust-policy': 'trust policy',
  'inline-policy': 'inline policy',
  'attached-policies': 'attached policies',
  'permissions-boundary': 'permissions boundary',
  'max-session-duration': 'longest session',
  groups: 'groups',
  tag: 'tag',
  document: 'default version',
};

/** "the trust policy of role/app in account 111122223333 is deployed otherwise than it is declared" */
export function sentenceOf({ arn, part, name }: Difference): string {
  const [, account = '', entity = arn] = /^arn:[^:]*:iam::(\d{12}):(.*)$/.exec(arn) ?? [];
  const of = `${entity}${account === '' ? '' : ` in account ${account}`}`;
  if (part === 'existence') return `${of} is declared and not deployed`;
  const what = `${PARTS[part]}${name === undefined ? '' : ` ${name}`}`;
  const verb = part === 'attached-policies' || part === 'groups' ? 'are' : 'is';
  return `the ${what} of ${of} ${verb} deployed otherwise than declared`;
}
