import type { Decided } from '../assumptions/decided.ts';
import { show } from '../symbolic/text.ts';
import type { Found, Rule } from './finding.ts';
import { Absences, didYouMean } from './not-found.ts';
import { ends } from './words.ts';

export const roleNotFound: Rule = {
  id: 'role-not-found',
  title: 'a grant or an expectation names a role that does not exist, with the one meant',
  severity: 'warning',
  check: ({ decided, inventory }) => {
    const absences = new Absences(inventory);
    return decided.flatMap((one) => missing(one, absences));
  },
};

function missing(one: Decided, absences: Absences): readonly Found[] {
  const { question, declaredBy, role } = one.assumption;
  if (role !== undefined) return [];
  return declaredBy.flatMap(({ kind, place, text }) => {
    const found = kind === 'trust' ? undefined : absences.why(question.role.arn, place.source.path);
    if (found === undefined) return [];
    const { question: meant, related } = didYouMean(found);
    return [
      {
        message: `${ends(one).principal} ${text.replace('this role', show(question.role.arn))}, but ${found.reason}${meant}`,
        place,
        hint: found.hint,
        subject: one,
        related,
        replacement:
          found.meant === undefined || kind === 'expectation' ? undefined : show(found.meant.declaration.arn),
      },
    ];
  });
}
