import type { DeclaredBy } from '../assumptions/assumption.ts';
import type { Decided } from '../assumptions/decided.ts';
import type { ConditionTest } from '../iam/condition/test.ts';
import type { LayerReport } from '../iam/layer-report.ts';
import type { Weight } from '../inventory/declarations.ts';
import { type Place, placeKey } from '../source/source.ts';
import { globMatches } from '../symbolic/pattern.ts';
import { isKnown, keyOf, show } from '../symbolic/text.ts';
import { type Cause, causeOf } from './cause.ts';
import type { Found, Related, World } from './finding.ts';
import { declarations, ends, layerSentence, subjectOf } from './words.ts';

/** A few words on what was got wrong about subjects. */
type Advice = (subject: string, written: readonly string[]) => string | undefined;

/** What is told together: the tokens that one text keeps from one role. */
interface Group {
  readonly place: Place;
  readonly weight: Weight;
  readonly all: Decided[];
}

/**
 * The tokens that a role does not admit. A job that no token of its own can work with is one thing; one that works on some
 * events only may never mean the others, so those are noted.
 */
export function tokenDenials(
  cause: Cause,
  kind: DeclaredBy['kind'],
  { decided }: World,
  advice: Advice,
): readonly Found[] {
  const tokens = decided.filter(
    ({ assumption }) => assumption.expectation === undefined && assumption.declaredBy.some((one) => one.kind === kind),
  );
  const groups = new Map<string, Group>();
  for (const one of tokens) {
    if (one.decision.decision !== 'denied' || causeOf(one) !== cause) continue;
    const weight = weightOf(one, kind, tokens);
    if (weight === undefined) continue;
    const place = placeOf(one);
    const key = [place.source.path, place.start, place.end, keyOf(one.assumption.question.role.arn), weight].join(' ');
    const group = groups.get(key) ?? { place, weight, all: [] };
    groups.set(key, group);
    group.all.push(one);
  }
  return [...groups.values()].flatMap((group) => foundOf(group, advice));
}

function foundOf({ place, weight, all }: Group, advice: Advice): readonly Found[] {
  const [first] = all;
  if (first === undefined) return [];
  const { role } = ends(first);
  const { withheld } = first.assumption.question;
  const { blockedBy } = first.explanation();
  const [subject = '', ...others] = [...new Set(all.map(subjectOf))];
  const hint = withheld === undefined ? advice(subject, writtenIn(blockedBy)) : undefined;
  const nor = others.length === 0 ? '' : ` (nor ${others.slice(0, 3).join(', ')})`;
  const who = withheld?.caller ?? `${subject}${nor}`;
  const why = withheld?.reason ?? (blockedBy === undefined ? 'it is not trusted' : layerSentence(blockedBy));
  return [
    {
      message: `${who} cannot assume ${role}: ${why}${hint === undefined ? '' : ` (${hint})`}`,
      place,
      related: distinct([
        ...(withheld?.related === undefined ? [] : [withheld.related]),
        ...all.flatMap((one) => declarations(one, place)),
      ]),
      subject: first,
      replacement: withheld?.replacement,
      weight,
      identity: [subject, ...others].join(' '),
    },
  ];
}

function distinct(related: readonly Related[]): readonly Related[] {
  return [...new Map(related.map((one) => [`${placeKey(one.place)}:${one.message}`, one])).values()];
}

/** An error where a declaration has no token that works, a notice where it has another one; nothing where it may never come to it. */
function weightOf(one: Decided, kind: DeclaredBy['kind'], tokens: readonly Decided[]): Weight | undefined {
  const own = one.assumption.declaredBy.filter((declared) => declared.kind === kind);
  const hopeless = own.some(({ place }) =>
    tokens
      .filter((other) => isSameRole(one, other) && other.assumption.declaredBy.some((by) => isSame(by.place, place)))
      .every(({ decision }) => decision.decision === 'denied'),
  );
  if (hopeless) return 'error';
  return own.some(({ perhaps }) => perhaps !== true) ? 'notice' : undefined;
}

function isSameRole(one: Decided, other: Decided): boolean {
  return keyOf(one.assumption.question.role.arn) === keyOf(other.assumption.question.role.arn);
}

function isSame(one: Place, other: Place): boolean {
  return one.source.path === other.source.path && one.start === other.start;
}

function placeOf(one: Decided): Place {
  const { question, declaredBy, role } = one.assumption;
  if (question.withheld !== undefined) return question.withheld.place;
  const { blockedBy } = one.explanation();
  const alike = testIn(blockedBy)?.values.find(({ text }) => isKnown(text) && isCaseSlip(text, subjectOf(one)));
  const place = alike?.place ?? blockedBy?.place ?? role?.declaration.place ?? declaredBy[0]?.place;
  if (place === undefined) throw new Error(`no place for a token on ${show(question.role.arn)}`);
  return place;
}

/** The condition that is not met. */
function testIn(layer: LayerReport | undefined): ConditionTest | undefined {
  return layer?.statement?.conditions.find(
    (test) => test.place === layer.place || test.values.some(({ place }) => place === layer.place),
  );
}

function writtenIn(layer: LayerReport | undefined): readonly string[] {
  const test = testIn(layer);
  return test?.keyLower.endsWith(':sub') === true ? test.values.map(({ text }) => show(text)) : [];
}

/** Whether only upper and lower case keep a pattern from matching. */
export function isCaseSlip(written: string, subject: string): boolean {
  return !globMatches(written, subject) && globMatches(written.toLowerCase(), subject.toLowerCase());
}
