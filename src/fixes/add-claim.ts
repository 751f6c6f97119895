import type { ConditionTest } from '../iam/condition/test.ts';
import type { NearMiss } from '../iam/near-miss.ts';
import type { Finding } from '../rules/apply.ts';
import { globMatches } from '../symbolic/pattern.ts';
import { isKnown, show } from '../symbolic/text.ts';
import type { Edit, Fix } from './fix.ts';
import { addItem } from './list-item.ts';
import { replaceText } from './replace-text.ts';

/** The subject or the audience of a token, where a trust policy asks for others: a misspelt one is mended, else one is added. */
export function addClaim({ statement, element }: NearMiss, finding: Finding): readonly Omit<Fix, 'verified'>[] {
  const { subject } = finding;
  if (subject?.assumption.question.caller.kind !== 'web-identity' || element !== 'condition') return [];
  const failing = statement.conditions.flatMap((test) => {
    const wanted = givenValue(test, finding);
    return wanted === undefined || holds(test, wanted) ? [] : [{ test, wanted }];
  });
  const mended = failing.flatMap(({ test, wanted }) => mend(test, wanted, finding) ?? []);
  // Two edits of one line cannot both be made.
  const lines = new Set(mended.map(({ edit }) => `${edit.path}:${edit.startLine}`));
  if (mended.length === 0 || mended.length !== failing.length || lines.size !== mended.length) return [];
  return [
    { description: mended.map(({ description }) => description).join(', and '), edits: mended.map((one) => one.edit) },
  ];
}

/** What the token has for a claim that a document may ask for: known, and one text. */
function givenValue({ keyLower, operator }: ConditionTest, { subject }: Finding): string | undefined {
  const comparison = operator?.comparison;
  if (!/:(sub|aud)$/.test(keyLower) || (comparison !== 'StringEquals' && comparison !== 'StringLike')) return undefined;
  if (operator?.negated === true) return undefined;
  const [value, ...more] = subject?.assumption.question.given.keys.get(keyLower) ?? [];
  return value === undefined || more.length > 0 || !isKnown(value) ? undefined : value;
}

function holds({ values, operator }: ConditionTest, wanted: string): boolean {
  return values.some(({ text }) =>
    operator?.comparison === 'StringLike' ? globMatches(show(text), wanted) : show(text) === wanted,
  );
}

function mend(
  { values }: ConditionTest,
  wanted: string,
  finding: Finding,
): { readonly edit: Edit; readonly description: string } | undefined {
  for (const { text, place } of values) {
    const right = isKnown(text) ? corrected(text, wanted) : undefined;
    const edit = right === undefined ? undefined : replaceText(place, right);
    if (edit !== undefined) return { edit, description: `write ${right}` };
  }
  const edit = addItem(values, wanted, finding);
  return edit === undefined ? undefined : { edit, description: `add ${wanted}` };
}

/** A text that could never be the claim of any token, as it was meant: in another case, without its start, its end or its middle. */
function corrected(written: string, wanted: string): string | undefined {
  const star = written.search(/[*?]/);
  const literal = star === -1 ? written : written.slice(0, star);
  const start = wanted.slice(0, literal.length);
  if (literal !== start && literal.toLowerCase() === start.toLowerCase() && (star !== -1 || start === wanted))
    return start + written.slice(literal.length);
  if (star !== -1) return undefined;
  const [sort, ...rest] = wanted.split(':');
  if (written === rest.join(':')) return wanted;
  if (sort === 'repo') return written === `repo:${rest[0]}` ? wanted : undefined;
  const account = /^system:serviceaccount:([^:]+)$/.exec(written)?.[1];
  return account !== undefined && wanted.endsWith(`:${account}`) ? wanted : undefined;
}
