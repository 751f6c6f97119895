import { principalOf } from '../assumptions/assumption.ts';
import type { Decided } from '../assumptions/decided.ts';
import type { Location, Place } from '../source/source.ts';
import { locate, placeKey } from '../source/source.ts';
import { show } from '../symbolic/text.ts';
import { type Found, fingerprintOf, type Related, type Rule, type Severity, type World } from './finding.ts';

/** A finding as reports get it. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly place: Place;
  readonly location: Location;
  readonly hint: string | undefined;
  readonly related: readonly Related[];
  readonly subject: Decided | undefined;
  readonly principal: string | undefined;
  readonly role: string | undefined;
  readonly action: string | undefined;
  readonly replacement: string | undefined;
  readonly fingerprint: string;
  /** What else it stands for: the same in other accounts, and more denials of one slip. */
  readonly alike: readonly Finding[];
}

export type Levels = ReadonlyMap<string, Severity | 'off'>;

/** Runs every rule that is on; what two rules say of one slip is told once. Sorted by place. */
export function applyRules(rules: readonly Rule[], world: World, levels: Levels): readonly Finding[] {
  const findings = rules.flatMap((rule) => {
    const severity = levels.get(rule.id) ?? (rule.optIn === true ? 'off' : rule.severity);
    return severity === 'off' ? [] : rule.check(world).map((found) => toFinding(rule, severity, found));
  });
  return distinct(withoutTold(foldInto(withoutLostTwice(findings), deniedIn(world.before)))).sort(byPlace);
}

function toFinding(rule: Rule, severity: Severity, found: Found): Finding {
  const { subject } = found;
  const principal = subject === undefined ? undefined : principalOf(subject.assumption);
  const role = subject === undefined ? undefined : show(subject.assumption.question.role.arn);
  const action =
    subject === undefined
      ? undefined
      : subject.decision.decision === 'denied'
        ? subject.explanation().action
        : subject.assumption.question.action;
  const parts = [
    principal ?? '',
    role ?? '',
    action ?? '',
    found.identity ?? '',
    subject === undefined && found.identity === undefined ? found.place.source.path : '',
  ];
  return {
    rule: rule.id,
    severity: atMost(found.weight, atMost(subject?.assumption.weight, severity)),
    message: found.message,
    place: found.place,
    location: locate(found.place),
    hint: found.hint,
    related: found.related ?? [],
    subject,
    principal,
    role,
    action,
    replacement: found.replacement,
    fingerprint: fingerprintOf(rule.id, parts),
    alike: [],
  };
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'notice'];

function atMost(weight: Severity | undefined, severity: Severity): Severity {
  return weight !== undefined && SEVERITIES.indexOf(weight) > SEVERITIES.indexOf(severity) ? weight : severity;
}

/** What another rule explains is not told as lost besides. */
function withoutLostTwice(findings: readonly Finding[]): readonly Finding[] {
  const told = new Set(findings.filter(({ rule }) => rule !== 'lost-assumption').map(({ subject }) => subject));
  return findings.filter(({ rule, subject }) => rule !== 'lost-assumption' || !told.has(subject));
}

/** These name the slip itself; a denial that it causes is told with it, not beside it. */
const SLIPS = new Set(['unknown-action', 'invalid-principal', 'invalid-policy']);

/** The denial that is told is one that the base did not have, where there is one. */
function foldInto(findings: readonly Finding[], before: ReadonlySet<string>): Finding[] {
  const slips = new Map(
    findings.filter(({ rule }) => SLIPS.has(rule)).map((finding) => [rangeKey(finding.place), finding]),
  );
  const kept: Finding[] = [];
  const folded = new Map<Finding, readonly Finding[]>();
  for (const finding of findings) {
    const slip = SLIPS.has(finding.rule) ? undefined : slipBehind(finding, slips);
    if (slip === undefined) kept.push(finding);
    else folded.set(slip, [...(folded.get(slip) ?? []), finding]);
  }
  return kept.map((finding) => {
    const denials = folded.get(finding) ?? [];
    const denial = denials.find((one) => !before.has(callOf(one))) ?? denials[0];
    if (denial === undefined) return finding;
    const { subject, principal, role, action } = denial;
    return {
      ...finding,
      subject,
      principal,
      role,
      action,
      related: [...finding.related, ...denial.related],
      message: `${finding.message} Because of it, ${denial.message}`,
      alike: denials,
    };
  });
}

function deniedIn(before: readonly Decided[] = []): ReadonlySet<string> {
  const denied = before.filter(({ decision }) => decision.decision === 'denied');
  return new Set(
    denied.map(({ assumption }) =>
      callOf({ principal: principalOf(assumption), role: show(assumption.question.role.arn) }),
    ),
  );
}

function callOf({ principal, role }: Pick<Finding, 'principal' | 'role'>): string {
  return `${principal ?? ''}\n${role ?? ''}`;
}

/** These warn of a text that an error may already tell of: a principal that is not there, or that is another account's. */
const DOUBTS = new Set(['role-not-found', 'principal-not-found', 'open-trust', 'confused-deputy', 'broad-grant']);

function withoutTold(findings: readonly Finding[]): readonly Finding[] {
  const errors = findings.filter(({ severity }) => severity === 'error');
  return findings.filter(
    ({ rule, place }) => !DOUBTS.has(rule) || !errors.some((error) => isWithin(place, error.place)),
  );
}

function slipBehind(finding: Finding, slips: ReadonlyMap<string, Finding>): Finding | undefined {
  if (finding.rule === 'expectation-failed') return undefined;
  const miss = finding.subject?.explanation().blockedBy?.miss;
  if (miss === undefined) return undefined;
  const own = slips.get(rangeKey(miss.place));
  if (own !== undefined) return own;
  if (miss.element === 'statement') return [...slips.values()].find(({ place }) => isWithin(place, miss.place));
  // The nearest miss may name the whole list in which the slip stands. A slip in the other list is not what keeps this caller out.
  const { actions, principals } = miss.statement;
  const items = miss.element === 'action' ? actions.items : miss.element === 'principal' ? principals?.items : [];
  return items?.map(({ place }) => slips.get(rangeKey(place))).find((slip) => slip !== undefined);
}

function isWithin(inner: Place, outer: Place): boolean {
  return inner.source === outer.source && inner.start >= outer.start && inner.end <= outer.end;
}

function rangeKey(place: Place): string {
  return `${placeKey(place)}:${place.end - place.start}`;
}

/** One template in several accounts says the same thing once. */
function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.rule}\n${rangeKey(finding.place)}\n${finding.message}`;
    const first = seen.get(key);
    seen.set(key, first === undefined ? finding : { ...first, alike: [...first.alike, finding] });
  }
  return [...seen.values()];
}

function byPlace(left: Finding, right: Finding): number {
  const [a, b] = [left.location, right.location];
  return (
    compare(a.path, b.path) ||
    a.startLine - b.startLine ||
    a.startColumn - b.startColumn ||
    compare(left.rule, right.rule) ||
    compare(left.message, right.message)
  );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
