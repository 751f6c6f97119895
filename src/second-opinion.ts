import type { Decided } from './assumptions/decided.ts';
import type { ContextType, Simulation } from './aws/simulate.ts';
import { LOOKED_UP } from './aws/wanted.ts';
import { parseArn } from './iam/arn.ts';
import type { EntityCaller } from './iam/caller.ts';
import { contextOf } from './iam/context-keys.ts';
import { identitySide } from './iam/identity-side.ts';
import type { Policy } from './iam/policy.ts';
import type { Question } from './iam/question.ts';
import { documentOf } from './inventory/plain-document.ts';
import { isKnown, show } from './symbolic/text.ts';

/** Why an assumption cannot be put to AWS's policy simulator. */
export interface Unasked {
  readonly why: string;
}

/** The identity side of an assumption as a question to AWS's policy simulator, where it has one and all of it is known. */
export function simulationOf({ assumption }: Decided): Simulation | Unasked | undefined {
  const { question, declaredBy, expectation } = assumption;
  const { caller, role, action } = question;
  const place = declaredBy[0]?.place ?? expectation?.place;
  if (caller.kind !== 'role' && caller.kind !== 'user') return undefined;
  if (action !== 'sts:AssumeRole' || question.withheld !== undefined) return undefined;
  const arn = parseArn(caller.arn);
  if (arn === undefined || !isKnown(caller.arn) || !isKnown(arn.partition) || !isKnown(arn.account))
    return { why: 'the caller’s ARN is not known in full' };
  if (!isKnown(role.arn) || place === undefined) return { why: 'the role’s ARN is not known in full' };
  if (caller.sessionPolicy !== undefined) return { why: 'AWS’s simulator takes no session policy' };
  const { identity, boundary } = caller;
  const policies = identity.policies.filter(({ policy }) => !saysNothing(policy));
  const texts = policies.map(({ policy, attached, guard }) =>
    attached === true && guard === undefined ? textOf(policy) : undefined,
  );
  const limit = boundary?.kind === 'policy' ? textOf(boundary.policy) : undefined;
  const [open] = identity.open;
  if (open !== undefined) return { why: `${open.missing} is not known` };
  if (boundary !== undefined && limit === undefined) return { why: 'the permissions boundary is not known in full' };
  const known = texts.filter((text) => text !== undefined);
  if (known.length < texts.length) return { why: 'an identity policy is not known in full' };
  if (known.length === 0) return { why: 'the caller has no identity policy, which AWS’s simulator does not take' };
  if ([...known, limit ?? ''].some((text) => text.length > LONGEST)) return { why: 'a policy is too long to be sent' };
  const all = [...policies.map(({ policy }) => policy), ...(boundary?.kind === 'policy' ? [boundary.policy] : [])];
  const context = contextFor(question, all);
  if ('why' in context) return context;
  const allowed = identitySide(question, caller, action);
  if (allowed === undefined) return { why: 'the decision depends on a value that is not known' };
  return {
    principal: caller.arn,
    partition: arn.partition,
    account: arn.account,
    policies: known,
    boundary: limit,
    action,
    role: role.arn,
    context: context.entries,
    deployed: isLookedUp(caller),
    allowed,
    place,
  };
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html */
const LONGEST = 131_072;

/** In the letters that the call takes: others are written as JSON escapes. */
function textOf(policy: Policy): string | undefined {
  const document = documentOf(policy);
  if (document === undefined) return undefined;
  return JSON.stringify(document).replace(
    /[^\x20-\x7e]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** One of AWS's own that does not speak of roles: nobody has its text. */
function saysNothing({ document, statements, open }: Policy): boolean {
  return document === undefined && statements.length === 0 && open.length === 0;
}

/** The whole caller as AWS shows it: a document that gives it something else would be a caller that is not there yet. */
function isLookedUp({ identity, boundary }: EntityCaller): boolean {
  const policies = [
    ...identity.policies.map(({ policy }) => policy),
    ...(boundary?.kind === 'policy' ? [boundary.policy] : []),
  ];
  const own = policies.filter(({ name }) => !name.startsWith('AWS managed policy '));
  return own.length > 0 && own.every(({ place }) => place.source.path.startsWith(LOOKED_UP));
}

interface Entries {
  readonly entries: Simulation['context'];
}

/** What the policies ask of the call: every key must be there, with a value that is known. */
function contextFor(question: Question, policies: readonly Policy[]): Entries | Unasked {
  const context = contextOf(question);
  const types = new Map<string, { readonly key: string; readonly type: ContextType | undefined }>();
  const statements = policies.flatMap((policy) => policy.statements);
  for (const { actions, conditions, resources } of statements) {
    if (actions.covers['sts:AssumeRole'] === false) continue;
    for (const { key, keyLower, operator } of conditions) {
      const type = typeFor(operator?.comparison);
      const known = types.get(keyLower);
      if (known?.type !== undefined && known.type !== type) return { why: `${show(key)} is compared in two ways` };
      types.set(keyLower, { key: show(key), type });
    }
    const texts = [...conditions.flatMap(({ values }) => values), ...(resources?.items ?? [])];
    for (const { text, variables } of texts)
      for (const [, key = ''] of variables ? show(text).matchAll(/\$\{\s*([^},\s]+)/g) : [])
        if (!/^[*?$]$/.test(key) && !types.has(key.toLowerCase()))
          types.set(key.toLowerCase(), { key, type: undefined });
  }
  const entries: Simulation['context'][number][] = [];
  for (const [lower, { key, type }] of types) {
    const value = context.lookup(lower);
    const values = value.kind === 'present' && value.inPart !== true ? value.values.filter(isKnown) : [];
    if (value.kind !== 'present' || values.length === 0 || values.length < value.values.length)
      return { why: `the policies ask for ${key}, of which nothing is known beforehand` };
    entries.push({ key, type: type ?? 'string', values });
  }
  return { entries };
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ContextEntry.html */
function typeFor(comparison: string | undefined): ContextType | undefined {
  if (comparison?.startsWith('Numeric') === true) return 'numeric';
  if (comparison?.startsWith('Date') === true) return 'date';
  if (comparison === 'Bool') return 'boolean';
  if (comparison === 'IpAddress') return 'ip';
  return comparison === 'BinaryEquals' ? 'binary' : comparison === 'Null' ? undefined : 'string';
}
