import { ROLE_ACTIONS, STS_ACTIONS } from '../iam/actions.ts';
import type { PolicyUse } from '../iam/parse-policy.ts';
import { closest } from '../symbolic/distance.ts';
import { globMatches } from '../symbolic/pattern.ts';
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
          const meant = isKnown(item.text) ? meantAction(item.text, use) : undefined;
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

/** The action that a text means which IAM does not know; undefined for actions that exist, or that mean something else. */
function meantAction(written: string, use: PolicyUse): string | undefined {
  const lower = written.toLowerCase();
  if (lower === '*' || STS_ACTIONS.some((action) => globMatches(lower, action.toLowerCase()))) return undefined;
  const [service, name] = lower.includes(':')
    ? [lower.slice(0, lower.indexOf(':')), lower.slice(lower.indexOf(':') + 1)]
    : ['', lower];
  // Another service may well have an action with such a name; it is a slip where only STS has this one.
  const only = STS_ACTIONS.find((action) => action.toLowerCase() === `sts:${name}`);
  if (service !== 'sts' && only !== undefined && /^(assumerole|tagsession|setsourceidentity)/.test(name)) return only;
  if (service !== 'sts' && closest(service, ['sts'], 1) === undefined && !(use === 'trust' && /assume/.test(lower)))
    return undefined;
  if (name.includes('*') || name.includes('?')) return undefined;
  const meant = closest(written.trim(), STS_ACTIONS, 4);
  return meant !== undefined && (use === 'trust' || (ROLE_ACTIONS as readonly string[]).includes(meant))
    ? meant
    : undefined;
}
