import type { Decided } from '../assumptions/decided.ts';
import { ASSUME_ACTIONS } from '../iam/actions.ts';
import type { PrincipalItem, Statement } from '../iam/policy.ts';
import type { Entity } from '../inventory/inventory.ts';
import { equal } from '../symbolic/pattern.ts';
import { isKnown, show } from '../symbolic/text.ts';
import type { Found, Rule, World } from './finding.ts';
import { accountNamed, ownAccounts } from './narrowing.ts';

export const unusedTrust: Rule = {
  id: 'unused-trust',
  title: 'a trust policy lets an account of ours in, of which no declared principal may use the role',
  severity: 'notice',
  optIn: true,
  check: unused,
};

function unused({ inventory, decided }: World): readonly Found[] {
  const own = ownAccounts(inventory);
  if (own === undefined) return [];
  return inventory.entities.flatMap((entity) =>
    (entity.target?.trust?.statements ?? [])
      .filter(letsIn)
      .flatMap((statement) => statement.principals?.items ?? [])
      .filter((item) => isUnused(item, entity, own, decided))
      .map((item) => ({
        message: `no declared principal of account ${accountNamed(item)?.id} may assume role/${show(entity.declaration.name)}: nobody that the documents show needs this`,
        place: item.place,
        identity: `${show(entity.declaration.arn)} ${show(item.text)}`,
      })),
  );
}

function letsIn({ effect, actions, open, rejected }: Statement): boolean {
  return (
    effect === 'Allow' &&
    open.length === 0 &&
    rejected === undefined &&
    ASSUME_ACTIONS.some((action) => actions.covers[action] === true)
  );
}

/** Nobody of the account is granted it; a role or user that is named itself is told of by other rules. */
function isUnused(
  item: PrincipalItem,
  { target }: Entity,
  own: ReadonlySet<string>,
  decided: readonly Decided[],
): boolean {
  const account = item.type === 'AWS' && isKnown(item.text) ? accountNamed(item) : undefined;
  if (account === undefined || !account.whole || !own.has(account.id)) return false;
  return !decided.some(
    ({ decision, assumption: { question } }) =>
      decision.decision !== 'denied' &&
      target !== undefined &&
      equal(question.role.arn, target.arn) !== false &&
      'account' in question.caller &&
      equal(question.caller.account, account.id) !== false,
  );
}
