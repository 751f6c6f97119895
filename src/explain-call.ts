import type { Assumption } from './assumptions/assumption.ts';
import type { Decided } from './assumptions/decided.ts';
import { actionFor } from './assumptions/from-expectations.ts';
import { callerCalled, mayBe, roleCalled } from './called.ts';
import { type CheckInput, check } from './check.ts';
import { verifiedFixes } from './check-fixes.ts';
import type { FailedCall } from './explain/failed-call.ts';
import { isMasked } from './explain/masked.ts';
import { type AssumeAction, isAssumeAction, SESSION_ACTIONS, type SessionAction } from './iam/actions.ts';
import { parseArn } from './iam/arn.ts';
import type { GivenContext } from './iam/question.ts';
import type { Inventory } from './inventory/inventory.ts';
import type { ExplainedCall } from './report/explained-call.ts';
import type { ReportedFinding } from './report/report.ts';
import { SourceFile } from './source/source.ts';
import { isKnown, show } from './symbolic/text.ts';

type Input = Omit<CheckInput, 'asked'>;

/**
 * A call that AWS refused, decided against the documents, with the finding that tells it and the edit that ends it. Documents
 * of an account that nobody names are taken for one of the two that the call names, where that settles it; the answer says so.
 */
export function explainCall(call: FailedCall, pasted: string, input: Input): ExplainedCall {
  const plain = explainIn(call, pasted, input);
  if (input.account !== undefined || plain.decided.some(({ decision }) => decision.decision !== 'unknown'))
    return plain;
  const named = [call.principal, call.role].map((arn) => (arn === undefined ? undefined : parseArn(arn)?.account));
  const accounts = [...new Set(named.filter((one) => one !== undefined && isKnown(one) && /^\d{12}$/.test(one)))];
  const tried = accounts.map((account) => ({
    ...explainIn(call, pasted, deployedTo(show(account ?? ''), call, input)),
    takenAccount: show(account ?? ''),
  }));
  const settled = tried.filter(({ decided }) =>
    decided.some(
      ({ decision, assumption: { principal, role } }) =>
        decision.decision !== 'unknown' && (principal !== undefined || role !== undefined),
    ),
  );
  const [only, ...more] = settled;
  return only === undefined || more.length > 0 ? plain : only;
}

/** The documents as if they were deployed to an account, in the partition of the call where the configuration names no account. */
function deployedTo(account: string, { role, principal }: FailedCall, input: Input): Input {
  const [partition, ...more] = new Set(
    [role, principal].flatMap((arn) => (arn === undefined ? [] : (parseArn(arn)?.partition ?? []))),
  );
  const { configuration } = input;
  if (partition === undefined || partition === 'aws' || more.length > 0 || configuration.file.accounts !== undefined)
    return { ...input, account };
  const accounts = { [account]: { id: account, partition: show(partition), paths: ['**'] } };
  const place: Input['configuration']['place'] = (...path) => configuration.place(...path);
  return { ...input, configuration: { file: { ...configuration.file, accounts }, place } };
}

function explainIn(call: FailedCall, pasted: string, input: Input): ExplainedCall {
  const asked = (inventory: Inventory): readonly Assumption[] => askedBy(call, pasted, inventory, input.now);
  const whole: CheckInput = { ...input, asked };
  const checked = check(whole);
  const decided = aboutCall(checked.decided, call);
  const findings = checked.findings.filter(({ subject }) => subject !== undefined && decided.includes(subject));
  const fixes = new Map(verifiedFixes(whole, checked, findings));
  // Of a role that no document declares nobody knows the trust policy: the caller's side is mended, and that is no proof.
  // Where the role is not there at all, the call names the wrong one, and no policy is mended for it.
  const isAbsent = findings.some(({ rule, place }) => place.source.path === MESSAGE && rule.endsWith('-not-found'));
  const unseen = isAbsent
    ? []
    : findings.filter((one) => !fixes.has(one) && one.subject?.assumption.role === undefined);
  for (const [finding, fix] of verifiedFixes(whole, checked, unseen, (word) => word !== 'denied'))
    fixes.set(finding, { ...fix, verified: false });
  const plain = new Map(decided.map((one) => [one, withoutMessage(one)]));
  const reported = findings.map(
    (finding): ReportedFinding => ({
      ...finding,
      subject: finding.subject === undefined ? undefined : plain.get(finding.subject),
      related: finding.related.filter(({ place }) => place.source.path !== MESSAGE),
      status: undefined,
      fix: fixes.get(finding),
      before: undefined,
    }),
  );
  const placed = reported.filter(({ place }) => place.source.path !== MESSAGE);
  const notes = reported.filter((one) => !placed.includes(one)).map(({ message }) => aboutTheMessage(message));
  return {
    call,
    decided: [...plain.values()],
    findings: placed,
    documents: checked.documents,
    notes: [...unmasked(call, checked.inventory), ...notes],
    takenAccount: undefined,
  };
}

/** Where the question stands that no document asks. */
const MESSAGE = 'message';
const REFUSED = 'AWS refused it';

/** The question itself; where AWS does not say who called, or which role, those that the documents declare. */
function aboutCall(all: readonly Decided[], call: FailedCall): readonly Decided[] {
  const asked = all.filter(({ assumption }) =>
    assumption.declaredBy.some(({ place }) => place.source.path === MESSAGE),
  );
  return asked.length > 0 ? asked : all.filter(({ assumption }) => mayBe(assumption, call));
}

/** Which declared names the hidden parts of the message are taken for. */
function unmasked(call: FailedCall, inventory: Inventory): readonly string[] {
  const role = roleCalled(call, inventory)?.role;
  const caller = callerCalled(call, inventory)?.entity;
  const pairs = [
    [call.principal, caller?.declaration.arn],
    [call.role, role?.declaration.arn],
  ] as const;
  return pairs.flatMap(([written, arn]) =>
    written === undefined || arn === undefined || !isMasked(written) || show(arn) === written
      ? []
      : [`${written} has a hidden part: it is taken for ${show(arn)}, the only declared one that it can be.`],
  );
}

/** A name that no document has is told as AWS's, not as the configuration's. */
function aboutTheMessage(message: string): string {
  const said = message
    .replace(new RegExp(`^.*${REFUSED}, but `), 'By the documents ')
    .replace('By the documents no document', 'No document')
    .replace(/^the expectation names/, 'AWS names');
  return said.endsWith('?') ? said : `${said}.`;
}

function withoutMessage(one: Decided): Decided {
  const declaredBy = one.assumption.declaredBy.filter(({ place }) => place.source.path !== MESSAGE);
  return { ...one, assumption: { ...one.assumption, declaredBy } };
}

/** The call as a question; none where the message names neither a role nor who called. */
export function askedBy(call: FailedCall, pasted: string, inventory: Inventory, now: number): readonly Assumption[] {
  const role = roleCalled(call, inventory);
  const found = callerCalled(call, inventory);
  if (role === undefined || found === undefined) return [];
  const place = { source: new SourceFile(MESSAGE, pasted), start: 0, end: 0 };
  const session = SESSION_ACTIONS.find((action) => action.toLowerCase() === call.action.toLowerCase());
  return [
    {
      question: {
        action: assumeAction(call.action) ?? actionFor(found),
        caller: found.caller,
        role: role.target,
        given: contextOf(call),
        now: call.at ?? now,
        ...(session === undefined ? {} : { carries: [session] as readonly SessionAction[] }),
      },
      declaredBy: [{ kind: 'expectation', place, text: REFUSED }],
      principal: found.entity,
      role: role.role,
      expectation: undefined,
    },
  ];
}

function assumeAction(action: string): AssumeAction | undefined {
  const written = ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity', 'sts:AssumeRoleWithSAML'].find(
    (one) => one.toLowerCase() === action.toLowerCase(),
  );
  return written !== undefined && isAssumeAction(written) ? written : undefined;
}

/** What the message says of the context is sure; of the rest nothing is known. */
function contextOf({ context }: FailedCall): GivenContext {
  const entries = [...context];
  return {
    keys: new Map(entries.map(([key, values]) => [key.toLowerCase(), values])),
    names: new Map(entries.map(([key]) => [key.toLowerCase(), key])),
    unknown: new Set(),
    complete: false,
    observed: true,
  };
}
