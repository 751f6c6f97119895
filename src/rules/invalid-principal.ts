import { parseArn } from '../iam/arn.ts';
import { principalFault } from '../iam/principal-faults.ts';
import type { PolicyDocument } from '../inventory/declarations.ts';
import { grouped } from '../inventory/grouped.ts';
import type { Entity } from '../inventory/inventory.ts';
import { isKnown } from '../symbolic/text.ts';
import type { Found, Rule } from './finding.ts';

export const invalidPrincipal: Rule = {
  id: 'invalid-principal',
  title: 'a principal that AWS rejects or that can never match',
  severity: 'error',
  check: ({ inventory: { policies, entities } }) => {
    const trusting = grouped(entities, ({ target }) => (target?.trust === undefined ? [] : [target.trust]));
    return policies
      .filter(({ use }) => use === 'trust')
      .flatMap((document) => faults(document, trusting.get(document.policy)?.[0]));
  },
};

function faults({ policy, owner }: PolicyDocument, role: Entity | undefined): readonly Found[] {
  const partition = role === undefined ? undefined : parseArn(role.declaration.arn)?.partition;
  // Only a configured account settles the role's own partition.
  const known =
    role?.declaration.deployment.accountName !== undefined && partition !== undefined && isKnown(partition)
      ? partition
      : undefined;
  return policy.statements.flatMap((statement) =>
    (statement.principals?.items ?? []).flatMap((item) => {
      const fault = principalFault(item, known);
      if (fault === undefined) return [];
      const meant = fault.meant === undefined ? '' : `: did you mean ${fault.meant}?`;
      const text = isKnown(item.text) ? item.text : '';
      return [
        {
          message: `the ${owner} has an invalid principal: ${fault.message}${meant}`,
          place: item.place,
          hint: meant === '' ? undefined : meant.slice(2),
          replacement: fault.meant,
          identity: `${owner} ${text}`,
          // An empty default says that a value is given, not that there is none.
          ...(text === '' && policy.assumes?.some(({ value }) => value === '') ? { weight: 'warning' as const } : {}),
        },
      ];
    }),
  );
}
