import { ASSUME_ACTIONS } from '../iam/actions.ts';
import type { PrincipalItem, Statement } from '../iam/policy.ts';
import type { Entity } from '../inventory/inventory.ts';
import { show } from '../symbolic/text.ts';
import type { Found, Rule } from './finding.ts';
import { accountNamed, isFenced, isNarrowed, ownAccounts } from './narrowing.ts';

export const openTrust: Rule = {
  id: 'open-trust',
  title: 'anyone, or any principal of an account that is not declared, may assume the role',
  severity: 'warning',
  check: ({ inventory }) => {
    const own = ownAccounts(inventory);
    return inventory.entities.flatMap((entity) => open(entity, own));
  },
};

function open({ target, declaration }: Entity, own: ReadonlySet<string> | undefined): readonly Found[] {
  const statements = target?.trust?.statements ?? [];
  if (statements.some(isFenced) || target?.organization.rcps !== undefined) return [];
  const role = `role/${show(declaration.name)}`;
  return statements.filter(letsIn).flatMap((statement) =>
    (statement.principals?.items ?? []).flatMap((item) => {
      const whom = openTo(item, own);
      return whom === undefined
        ? []
        : [
            {
              message: `${whom} may assume ${role}: no condition narrows it`,
              place: item.place,
              identity: show(declaration.arn),
            },
          ];
    }),
  );
}

/** Who may assume roles by it, whatever the caller. */
function letsIn(statement: Statement): boolean {
  return (
    statement.effect === 'Allow' &&
    ASSUME_ACTIONS.some((action) => statement.actions.covers[action] === true) &&
    !isNarrowed(statement)
  );
}

function openTo(item: PrincipalItem, own: ReadonlySet<string> | undefined): string | undefined {
  if (item.type !== 'AWS') return undefined;
  if (item.text === '*') return 'anyone, in any AWS account,';
  const account = accountNamed(item);
  if (account === undefined || !account.whole || own === undefined || own.has(account.id)) return undefined;
  return `any principal of account ${account.id}, which is none of the declared accounts,`;
}
