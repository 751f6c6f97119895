import { parseArn } from '../iam/arn.ts';
import type { ResourceItem, Statement } from '../iam/policy.ts';
import { isKnown, show } from '../symbolic/text.ts';
import type { Found, Rule, World } from './finding.ts';

export const broadGrant: Rule = {
  id: 'broad-grant',
  title: 'sts:AssumeRole allowed on every role, or on every role of an account',
  severity: 'warning',
  check: broad,
};

/** Of policies that somebody has: a boundary, and a policy that nobody attaches, grant nothing. */
function broad({ inventory }: World): readonly Found[] {
  const written = new Set(inventory.policies.filter(({ use }) => use === 'identity').map(({ policy }) => policy.place));
  return inventory.entities.flatMap(({ caller, declaration }) =>
    caller.identity.policies
      .filter(({ policy, attached }) => attached === true && written.has(policy.place))
      .flatMap(({ policy }) => policy.statements.filter(grantsAssuming))
      .flatMap((statement) =>
        (statement.resources?.items ?? []).flatMap((item) => {
          const which = everyRole(item);
          const who = `${declaration.kind}/${show(declaration.name)}`;
          return which === undefined
            ? []
            : [
                {
                  message: `${who} may assume ${which} that trusts it or its account: name the roles that it needs`,
                  place: item.place,
                  identity: show(declaration.arn),
                },
              ];
        }),
      ),
  );
}

/** Where it says so itself: who allows every action there is means an administrator. */
function grantsAssuming({ effect, actions, resources, conditions, open, rejected }: Statement): boolean {
  const named = actions.items.some(({ text }) => isKnown(text) && /^sts:/i.test(text));
  const narrowed = conditions.some(({ keyLower }) => /^(aws:resource|iam:resourcetag\/|sts:)/.test(keyLower));
  return (
    effect === 'Allow' &&
    !actions.negated &&
    actions.covers['sts:AssumeRole'] === true &&
    named &&
    resources?.negated === false &&
    !narrowed &&
    open.length === 0 &&
    rejected === undefined
  );
}

function everyRole({ text, everything }: ResourceItem): string | undefined {
  if (everything) return 'every role';
  const arn = parseArn(text);
  if (arn === undefined || !isKnown(arn.resource) || !/^(\*|role\/?\*+)$/.test(arn.resource)) return undefined;
  return arn.account === '*' ? 'every role' : `every role of account ${show(arn.account)}`;
}
