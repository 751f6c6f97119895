import { namedInTrust } from '../iam/caller.ts';
import type { ConditionTest } from '../iam/condition/test.ts';
import { contextOf } from '../iam/context-keys.ts';
import type { Item } from '../iam/item.ts';
import { difference } from '../iam/near-miss.ts';
import type { Finding } from '../rules/apply.ts';
import { globMatches } from '../symbolic/pattern.ts';
import { isKnown, show } from '../symbolic/text.ts';
import { replaceRange } from './edit-text.ts';
import type { Edit, Fix } from './fix.ts';
import { addItem } from './list-item.ts';
import { replaceText } from './replace-text.ts';
import { inFile } from './text-style.ts';

type Proposal = Omit<Fix, 'verified'>;

/**
 * A condition that the call's own value does not meet: a wildcard where none counts, a value that is a slip, a value that is
 * not listed yet. A condition on what the call never has stays: without it the role would be open to more than this caller.
 */
export function mendCondition(finding: Finding): readonly Proposal[] {
  const { subject } = finding;
  const blocked = subject?.explanation().blockedBy;
  const miss = blocked?.miss;
  if (subject === undefined || miss?.element !== 'condition') return [];
  const test = miss.statement.conditions.find(
    (one) => one.place === miss.place || one.values.some(({ place }) => place === miss.place),
  );
  if (test === undefined || test.operator === undefined || test.operator.negated) return [];
  // What the caller chose in one call, an external id or an address, does not say what the role should ask for.
  const { given: had } = subject.assumption.question;
  if (had.observed === true && had.keys.has(test.keyLower)) return [];
  const value = contextOf(subject.assumption.question).lookup(test.keyLower);
  const given = value.kind === 'present' && value.values.length === 1 ? value.values[0] : undefined;
  if (given === undefined) return [];
  const wildcards = isKnown(given) ? withWildcards(test, given, finding) : undefined;
  return [wildcards, ...written(test, show(given), finding)].filter((one) => one !== undefined);
}

/** `StringEquals` takes `*` as a letter. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
function withWildcards(test: ConditionTest, given: string, { subject }: Finding): Proposal | undefined {
  const statement = subject?.explanation().blockedBy?.miss?.statement;
  const { operatorName, operator } = test;
  if (operator?.comparison !== 'StringEquals' || statement === undefined) return undefined;
  if (!test.values.some(({ text }) => isKnown(text) && globMatches(text, given))) return undefined;
  // Others under the same operator may have a wildcard, too, that nobody has looked at.
  const others = statement.conditions.filter((one) => one !== test && one.operatorName === operatorName);
  if (others.some(({ values }) => values.some(({ text }) => /[*?]/.test(show(text))))) return undefined;
  const edit = operatorEdit(test, statement.place, operatorName.replace('StringEquals', 'StringLike'));
  return edit === undefined
    ? undefined
    : { description: `compare with ${operatorName.replace('StringEquals', 'StringLike')}`, edits: [edit] };
}

/** The operator's name where it stands last before the key, or alone in its statement. */
function operatorEdit(
  { operatorName, keyPlace }: ConditionTest,
  within: ConditionTest['place'],
  name: string,
): Edit | undefined {
  const { file, start, end } = inFile(within);
  const names = [
    ...file.text.slice(start, end).matchAll(new RegExp(`\\b${operatorName.replace(/\W/g, '\\$&')}(?=\\W)`, 'g')),
  ];
  const key = inFile(keyPlace).start - start;
  const at = names.length === 1 ? names[0] : names.findLast(({ index }) => index < key);
  return at === undefined
    ? undefined
    : replaceRange(file, start + at.index, start + at.index + operatorName.length, name);
}

/** Replaced where it is a slip, or where the statement is this caller's alone; else listed beside what others have. */
function written(test: ConditionTest, given: string, finding: Finding): readonly (Proposal | undefined)[] {
  if (!['StringEquals', 'StringEqualsIgnoreCase', 'StringLike', 'ArnLike'].includes(test.operator?.comparison ?? ''))
    return [];
  // What a token claims is mended by itself.
  if (/[*?]/.test(given) || finding.subject?.assumption.question.caller.kind === 'web-identity') return [];
  const [only, ...more] = test.values;
  if (only === undefined) return [];
  const items = finding.subject?.explanation().blockedBy?.miss?.statement.principals?.items;
  const slip = test.values.find(({ text }) => isKnown(text) && difference(text, given) !== undefined);
  // Of a statement for anyone, or for a whole account, the condition says who: what it says is another one's.
  const alone =
    more.length === 0 && items?.length === 1 && isCaller(items[0], finding) && !/[*?]/.test(show(only.text));
  const wrong = slip ?? (alone ? only : undefined);
  const replaced = wrong === undefined ? undefined : replaceText(wrong.place, given);
  const added = addItem(test.values, given, finding);
  return [
    replaced === undefined ? undefined : { description: `write ${given}`, edits: [replaced] },
    added === undefined ? undefined : { description: `add ${given}`, edits: [added] },
  ];
}

function isCaller(item: Item | undefined, { subject }: Finding): boolean {
  return (
    item !== undefined &&
    subject !== undefined &&
    show(item.text) === show(namedInTrust(subject.assumption.question.caller))
  );
}
