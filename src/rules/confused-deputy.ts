import { ASSUME_ACTIONS } from '../iam/actions.ts';
import type { PrincipalItem, Statement } from '../iam/policy.ts';
import { SOURCE_SENDERS } from '../iam/services.ts';
import type { Entity } from '../inventory/inventory.ts';
import { isKnown, show } from '../symbolic/text.ts';
import type { Found, Rule } from './finding.ts';
import { accountNamed, asksFor, isNarrowed, ownAccounts } from './narrowing.ts';

export const confusedDeputy: Rule = {
  id: 'confused-deputy',
  title:
    'a third party without sts:ExternalId, or a service without aws:SourceArn or aws:SourceAccount where it supplies them',
  severity: 'warning',
  check: ({ inventory }) => {
    const own = ownAccounts(inventory);
    return inventory.entities.flatMap((entity) => deputies(entity, own));
  },
};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html */
function deputies({ target, declaration }: Entity, own: ReadonlySet<string> | undefined): readonly Found[] {
  return (target?.trust?.statements ?? []).flatMap((statement) => {
    const { effect, actions, open, rejected, principals } = statement;
    const allows = effect === 'Allow' && ASSUME_ACTIONS.some((action) => actions.covers[action] === true);
    if (!allows || open.length > 0 || rejected !== undefined) return [];
    return (principals?.items ?? []).flatMap((item) => {
      const message = thirdParty(item, statement, own) ?? service(item, statement);
      return message === undefined
        ? []
        : [
            {
              message: `role/${show(declaration.name)} ${message}`,
              place: item.place,
              identity: show(declaration.arn),
            },
          ];
    });
  });
}

const THEIRS = [
  'sts:externalid',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:sourceip',
  'aws:sourcevpce',
  'aws:sourcevpc',
];

/** A whole account without any condition is an open trust, and told so. */
function thirdParty(
  item: PrincipalItem,
  statement: Statement,
  own: ReadonlySet<string> | undefined,
): string | undefined {
  const account = item.type === 'AWS' && own !== undefined ? accountNamed(item) : undefined;
  if (account === undefined || own?.has(account.id) !== false || asksFor(statement, ...THEIRS)) return undefined;
  if (account.whole && !isNarrowed(statement)) return undefined;
  return `trusts account ${account.id}, which is none of the declared accounts, without sts:ExternalId: whoever knows the role’s ARN can have that party assume it`;
}

const SOURCES = ['aws:sourcearn', 'aws:sourceaccount', 'aws:sourceorgid', 'aws:sourceorgpaths'];

function service({ type, text }: PrincipalItem, statement: Statement): string | undefined {
  if (type !== 'Service' || !isKnown(text) || !SOURCE_SENDERS.has(text) || asksFor(statement, ...SOURCES))
    return undefined;
  return `trusts ${text} whichever account it works for: a condition on aws:SourceAccount or aws:SourceArn keeps it to your own resources`;
}
