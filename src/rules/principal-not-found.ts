import type { Decided } from '../assumptions/decided.ts';
import { principalText } from '../iam/caller.ts';
import { show } from '../symbolic/text.ts';
import type { Found, Rule, World } from './finding.ts';
import { Absences, didYouMean } from './not-found.ts';
import { ends } from './words.ts';

export const principalNotFound: Rule = {
  id: 'principal-not-found',
  title: 'a trust policy or an expectation names a user or a role that does not exist, with the one meant',
  severity: 'warning',
  check: ({ decided, inventory }) => {
    const absences = new Absences(inventory);
    return [...decided.flatMap((one) => missing(one, absences)), ...lost(inventory)];
  },
};

/** Principals that a plan destroys or makes anew while a trust policy names them. */
function lost({ policies }: World['inventory']): readonly Found[] {
  return policies.flatMap(({ policy, owner }) =>
    policy.statements.flatMap(({ principals, effect }) =>
      (principals?.items ?? []).flatMap((item): readonly Found[] => {
        if (item.lost === undefined || effect === 'Deny') return [];
        const named = show(item.text);
        return [
          {
            message: `the ${owner} names ${named}, but ${item.lost.reason}`,
            place: item.place,
            identity: `${owner} ${named}`,
          },
        ];
      }),
    ),
  );
}

function missing(one: Decided, absences: Absences): readonly Found[] {
  const { question, declaredBy, principal } = one.assumption;
  const { caller } = question;
  const { withheld } = question;
  if (withheld?.lacks === 'provider' && declaredBy.every(({ kind }) => kind === 'trust'))
    return declaredBy.map(({ place }) => ({
      message: `the trust policy of ${ends(one).role} names ${show(principalText(caller))}, but ${withheld.reason}`,
      place,
      subject: one,
    }));
  if (principal !== undefined || (caller.kind !== 'role' && caller.kind !== 'user')) return [];
  return declaredBy.flatMap(({ kind, place }) => {
    const counts = kind === 'trust' || kind === 'expectation';
    const found = counts ? absences.why(caller.arn, place.source.path) : undefined;
    if (found === undefined) return [];
    const named = show(principalText(caller));
    const who = kind === 'trust' ? `the trust policy of ${ends(one).role} names` : 'the expectation names';
    const { question: meant, related } = didYouMean(found);
    return [
      {
        message: `${who} ${named}, but ${found.reason}${meant}`,
        place,
        hint: found.hint,
        subject: one,
        related,
        replacement:
          found.meant === undefined || kind === 'expectation' || caller.session !== undefined
            ? undefined
            : show(found.meant.declaration.arn),
      },
    ];
  });
}
