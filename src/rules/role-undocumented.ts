import { show } from '../symbolic/text.ts';
import type { Rule } from './finding.ts';

export const roleUndocumented: Rule = {
  id: 'role-undocumented',
  title: 'a role without a description',
  severity: 'notice',
  optIn: true,
  check: ({ inventory }) =>
    inventory.entities.flatMap(({ declaration }) =>
      declaration.kind !== 'role' ||
      declaration.standing !== 'document' ||
      declaration.partial ||
      declaration.description !== undefined
        ? []
        : [
            {
              message: `role/${show(declaration.name)} does not say what it is for: give it a description`,
              place: declaration.place,
              identity: show(declaration.arn),
            },
          ],
    ),
};
