import type { Withheld } from '../iam/question.ts';
import type { Intent } from '../inventory/declarations.ts';
import type { Entity } from '../inventory/inventory.ts';
import { textAt } from '../source/source.ts';
import { isKnown, show } from '../symbolic/text.ts';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const LEAST = 900;
const MOST = 43200;
/** Of a session that a role's session opens. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining */
const MOST_CHAINED = 3600;

/** Why AWS refuses a call for the length of the session that it asks for. */
export function refusedDuration({ duration }: Intent, role: Entity | undefined): Withheld | undefined {
  if (duration === undefined) return undefined;
  const { seconds, asked, caller, chained, place } = duration;
  const refused = (longest: number, reason: string, answer: string, related?: Withheld['related']): Withheld => ({
    caller,
    reason: `${asked} is ${seconds}, and ${reason}`,
    place,
    ...(/^\d+$/.test(textAt(place)) ? { replacement: String(longest) } : {}),
    answer: `ValidationError: ${answer}`,
    ...(related === undefined ? {} : { related }),
  });
  if (seconds < LEAST || seconds > MOST) {
    const [least, bound] = seconds < LEAST ? (['greater', LEAST] as const) : (['less', MOST] as const);
    return refused(
      bound,
      `a session lasts ${LEAST} to ${MOST} seconds`,
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${least} than or equal to ${bound}`,
    );
  }
  if (chained && seconds > MOST_CHAINED)
    return refused(
      MOST_CHAINED,
      `a session that is opened from a role’s session lasts ${MOST_CHAINED} at most`,
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  const longest = role?.declaration.kind === 'role' ? role.declaration.longestSession : undefined;
  if (longest === undefined || !isKnown(longest.text) || !/^\d+$/.test(longest.text) || seconds <= Number(longest.text))
    return undefined;
  const at = { place: longest.place, message: `its sessions last ${show(longest.text)} seconds at most` };
  return refused(
    Number(longest.text),
    `a session of the role lasts ${longest.text} seconds at most (MaxSessionDuration)`,
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    at,
  );
}
