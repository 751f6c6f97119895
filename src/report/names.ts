import type { Decided } from '../assumptions/decided.ts';
import type { Entity } from '../inventory/inventory.ts';
import { ends, subjectOf } from '../rules/words.ts';
import { show } from '../symbolic/text.ts';

/** Both ends as tables and diagrams print them, each with its account: `role/deployer · tools`. */
export function namesOf(one: Decided): { readonly principal: string; readonly role: string } {
  const { principal, role, question } = one.assumption;
  const caller = subjectOf(one);
  const isSubject = caller !== ends(one).principal;
  const arn = 'arn' in question.caller && !isSubject ? show(question.caller.arn) : undefined;
  return {
    principal: arn === undefined ? caller : named(arn, principal),
    role: named(show(question.role.arn), role),
  };
}

function named(arn: string, entity: Entity | undefined): string {
  return nodeName(arn, entity?.declaration.deployment.accountName);
}

/** `role/deployer · 111122223333` of an ARN, or with the name that the configuration gives the account; other names as they are. */
export function nodeName(arn: string, accountName?: string): string {
  const [, account = '', resource = arn] = /^arn:[^:]*:(?:iam|sts)::(\$\{[^}]*\}|[^:]*):(.+)$/s.exec(arn) ?? [];
  const shown = accountName ?? (account.startsWith('${') ? '' : account);
  return shown === '' ? resource : `${resource} · ${shown}`;
}
