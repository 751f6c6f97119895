import { meantAction } from '../iam/actions.ts';
import { isKnown } from '../symbolic/text.ts';
import type { Found, Rule } from './finding.ts';

export const unknownAction: Rule = {
  id: 'unknown-action',
  title: 'a misspelt action in a policy that is about assuming roles',
  severity: 'error',
  check: ({ inventory }) =>
    inventory.policies.flatMap(({ policy, use, owner }) =>
      policy.statements.flatMap((statement) =>
        statement.actions.items.flatMap((item): readonly Found[] => {
          const meant = isKnown(item.text) ? meantAction(item.text, use === 'trust') : undefined;
          if (meant === undefined || !isKnown(item.text)) return [];
          const message = `there is no action ${item.text} (in the ${owner}): did you mean ${meant}?`;
          return [
            {
              message,
              place: item.place,
              hint: `did you mean ${meant}?`,
              replacement: meant,
              identity: `${owner} ${item.text}`,
            },
          ];
        }),
      ),
    ),
};
