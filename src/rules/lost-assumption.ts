import { askedAgain } from '../assumptions/asked-again.ts';
import { principalOf } from '../assumptions/assumption.ts';
import type { Decided } from '../assumptions/decided.ts';
import { show } from '../symbolic/text.ts';
import type { Found, Rule } from './finding.ts';
import { ends, hintOf, layerSentence } from './words.ts';

export const lostAssumption: Rule = {
  id: 'lost-assumption',
  title: 'with `--base`: an assumption that the base allowed and the change no longer does',
  severity: 'warning',
  check: ({ before = [], decided, inventory }) => {
    const now = new Map(decided.map((one) => [keyOf(one), one]));
    return before
      .filter((one) => isOpen(one) && one.assumption.expectation === undefined)
      .flatMap((one) => now.get(keyOf(one)) ?? askedAgain(one, inventory) ?? [])
      .filter(({ decision }) => decision.decision === 'denied')
      .map(lost);
  },
};

/** Told where the change took it away: at the text that now decides. */
function lost(one: Decided): Found {
  const { principal, role } = ends(one);
  const { assumption } = one;
  const layer = one.explanation().blockedBy;
  const end = layer?.layer === 'identity' || layer?.layer === 'boundary' ? assumption.principal : assumption.role;
  const place = layer?.place ?? end?.declaration.place ?? assumption.role?.declaration.place;
  if (place === undefined) throw new Error(`no place for ${keyOf(one)}`);
  const why = layer === undefined ? '' : `: ${layerSentence(layer)}`;
  return {
    message: `${principal} can no longer assume ${role}${why}`,
    place,
    hint: layer === undefined ? undefined : hintOf(layer),
    subject: one,
  };
}

function isOpen({ decision }: Decided): boolean {
  return decision.decision === 'allowed' || decision.decision === 'conditional';
}

function keyOf({ assumption: { question }, assumption }: Decided): string {
  return [principalOf(assumption), show(question.role.arn), question.action].join('\n');
}
