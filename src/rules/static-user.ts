import { show } from '../symbolic/text.ts';
import type { Rule } from './finding.ts';

export const staticUser: Rule = {
  id: 'static-user',
  title: 'an IAM user, whose keys do not expire, where a role would do',
  severity: 'warning',
  optIn: true,
  check: ({ inventory }) =>
    inventory.entities.flatMap(({ declaration: { kind, name, place, arn, standing } }) =>
      kind !== 'user' || standing !== 'document'
        ? []
        : [
            {
              message: `user/${show(name)} works with keys that do not expire: a role that people or workloads assume gives them short-lived ones`,
              place,
              identity: show(arn),
            },
          ],
    ),
};
