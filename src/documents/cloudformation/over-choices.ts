import type { Place } from '../../source/source.ts';
import type { SettledValue, Value } from '../../symbolic/value.ts';
import { settled } from '../../symbolic/value.ts';

/** A text that hangs on more choices than this is left unknown. */
const MOST_CHOICES = 4;

/**
 * What a function gives for arguments of which some are choices: its result under each of them, so that
 * `!Sub arn:aws:iam::${Account}:root` is two ARNs where `Account` is one of two.
 */
export function overChoices(
  values: readonly (Value | undefined)[],
  place: Place,
  result: (values: readonly (SettledValue | undefined)[]) => Value | undefined,
  depth = 0,
): Value | undefined {
  const index = depth < MOST_CHOICES ? values.findIndex((value) => value?.kind === 'choice') : -1;
  const choice = values[index];
  if (choice?.kind !== 'choice') return result(values.map((value) => settled(value)));
  const under = (branch: Value | undefined): Value | undefined =>
    overChoices(
      values.map((value, at) => (at === index ? branch : value)),
      place,
      result,
      depth + 1,
    );
  return { ...choice, whenTrue: under(choice.whenTrue), whenFalse: under(choice.whenFalse), place };
}
