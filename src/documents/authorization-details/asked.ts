import type { Policy } from '../../iam/policy.ts';
import type { Declarations, Deployment } from '../../inventory/declarations.ts';
import { isKnown, partsOf, split, type Text } from '../../symbolic/text.ts';
import { nameOf } from './mentions.ts';

/** What a run needs of accounts' dumps: names in lower case. */
export interface Asked {
  /** Whom the documents name: looked up, and nothing more. */
  readonly named: Set<string>;
  /** Those of roles and users that they name in full, and the ARNs of whom they declare. */
  readonly arns: Set<string>;
  readonly present: Set<string>;
  /** Names whose account or path is not known, or is not written. */
  readonly loose: Set<string>;
  /** What is declared here: whoever in a dump names it has to do with the documents. */
  readonly declared: Set<string>;
  /** Whom documents say to call, or to be called by somebody, other than by a policy. */
  readonly called: Set<string>;
  /** To whom the documents attach something, and what they attach. */
  readonly attached: Set<string>;
  /** The accounts of what is declared here. */
  readonly accounts: Set<string>;
  /** Whether a role that is called may have any name. */
  anyCalled: boolean;
  /** Whether everything is: policies of an organization bind every account. */
  everything: boolean;
}

export function nothingAsked(): Asked {
  return {
    named: new Set(),
    arns: new Set(),
    present: new Set(),
    loose: new Set(),
    declared: new Set(),
    called: new Set(),
    attached: new Set(),
    accounts: new Set(),
    anyCalled: false,
    everything: false,
  };
}

export const SETS = ['named', 'arns', 'present', 'loose', 'declared', 'called', 'attached', 'accounts'] as const;

/** Whom these texts name: ARNs, or names. */
export function askedOf(texts: readonly string[]): Asked {
  const asked = nothingAsked();
  for (const text of texts) addName(asked, text);
  return asked;
}

/** All that the dumps show. */
export const EVERYTHING_ASKED: Asked = { ...nothingAsked(), everything: true };

export function askedTogether(all: readonly Asked[]): Asked {
  const sum = nothingAsked();
  for (const one of all) {
    for (const set of SETS) for (const text of one[set]) sum[set].add(text);
    sum.anyCalled ||= one.anyCalled;
    sum.everything ||= one.everything;
  }
  return sum;
}

/** What documents ask of dumps. `isHere` tells what nobody edits here: of that only what it names is looked up. */
export function askedBy(
  all: Declarations,
  deployments: readonly Deployment[],
  isHere: (path: string) => boolean,
  texts: readonly string[],
): Asked {
  const asked = askedOf(texts);
  const name = (text: Text): void => addName(asked, text);
  for (const policy of policiesOf(all))
    for (const { principals, resources } of policy.statements)
      for (const { text } of [...(principals?.items ?? []), ...(resources?.items ?? [])]) name(text);
  for (const entity of all.entities) {
    name(entity.arn);
    if (isKnown(entity.arn)) asked.present.add(entity.arn);
    for (const { text } of [...entity.managed, ...(entity.boundary === undefined ? [] : [entity.boundary])]) name(text);
    if (entity.kind === 'user') for (const { text } of entity.groups) name(text);
    if (!isHere(entity.place.source.path)) continue;
    if (isKnown(entity.account)) asked.accounts.add(entity.account);
    const sets = entity.kind === 'group' ? [asked.attached] : [asked.declared];
    for (const set of sets) for (const text of [entity.arn, entity.name]) addTail(set, text);
  }
  for (const { arn, policy } of all.managedPolicies) if (isHere(policy.place.source.path)) addTail(asked.attached, arn);
  for (const { name: to, what } of all.attachments) {
    name(to.text);
    if (isHere(to.place.source.path)) addTail(asked.attached, to.text);
    if (what.kind === 'managed') name(what.arn.text);
  }
  for (const { user, group } of all.memberships) {
    name(user.text);
    name(group.text);
    if (isHere(user.place.source.path)) addTail(asked.attached, user.text);
  }
  for (const { role, caller } of all.intents)
    for (const text of caller.kind === 'principal' ? [role.text, caller.arn] : [role.text]) {
      name(text);
      if (!addTail(asked.called, text)) asked.anyCalled = true;
    }
  const limits = [
    ...all.organizationPolicies.map(({ policy }) => policy),
    ...deployments.flatMap(({ organization: { scps, rcps } }) => [...(scps ?? []), ...(rcps ?? [])].flat()),
  ];
  asked.everything = limits.some((policy) => isHere(policy.place.source.path) && mayLimit(policy));
  return asked;
}

function policiesOf(all: Declarations): ReadonlySet<Policy> {
  const policies = new Set(all.policies.map(({ policy }) => policy));
  for (const entity of all.entities) {
    for (const policy of entity.inline) policies.add(policy);
    if (entity.kind === 'role' && entity.trust !== undefined) policies.add(entity.trust);
  }
  for (const { policy } of all.managedPolicies) policies.add(policy);
  for (const { what } of all.attachments) if (what.kind === 'policy') policies.add(what.policy);
  return policies;
}

function addName(asked: Asked, text: Text): void {
  addTail(asked.named, text);
  if (isKnown(text) && /^arn:[^:]*:iam::\d{12}:(role|user)\//.test(text)) asked.arns.add(text);
  else addTail(asked.loose, text);
}

/** Whether the name is known. */
function addTail(set: Set<string>, text: Text): boolean {
  if (isKnown(text)) {
    set.add(nameOf(text));
    return true;
  }
  // A session's role stands before the session, the name of anything else behind the last slash.
  const segments = split(text, '/');
  const isSession = partsOf(segments[0] ?? '').some(
    (part) => typeof part === 'string' && part.endsWith(':assumed-role'),
  );
  const tail = isSession ? segments[1] : segments.at(-1);
  if (tail === undefined || !isKnown(tail)) return false;
  set.add(tail.toLowerCase());
  return true;
}

/** Whether a policy of an organization may keep a role from being assumed. */
function mayLimit({ statements, open }: Policy): boolean {
  if (open.length > 0) return true;
  const allows = statements.some(
    ({ effect, actions, resources, conditions }) =>
      effect === 'Allow' &&
      !actions.negated &&
      actions.items.some(({ text }) => text === '*') &&
      resources?.items.some(({ everything }) => everything) === true &&
      conditions.length === 0,
  );
  const denies = statements.some(
    ({ effect, actions, open: doubts }) =>
      doubts.length > 0 || (effect === 'Deny' && Object.values(actions.covers).some((covers) => covers !== false)),
  );
  return denies || !allows;
}
