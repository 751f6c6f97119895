import { principalText } from '../iam/caller.ts';
import type { Finding } from '../rules/apply.ts';
import { show } from '../symbolic/text.ts';
import type { Fix } from './fix.ts';
import { addItem } from './list-item.ts';

/**
 * A Deny is somebody's will, and no edit takes it away. One that lists what it spares (NotPrincipal, NotResource, NotAction) gets
 * one entry more.
 */
export function exceptFromDeny({ subject, ...finding }: Finding): Omit<Fix, 'verified'> | undefined {
  const { blockedBy, action } = subject?.explanation() ?? {};
  const { statement } = blockedBy ?? {};
  if (subject === undefined || action === undefined || blockedBy?.verdict !== 'explicit-deny') return undefined;
  if (statement === undefined) return undefined;
  const { caller, role } = subject.assumption.question;
  const { principals, resources, actions } = statement;
  const lists = [
    { list: principals, wanted: show(principalText(caller)) },
    { list: resources, wanted: show(role.arn) },
    { list: actions, wanted: action },
  ];
  const spared = lists.find(({ list }) => list?.negated === true);
  if (spared?.list === undefined) return undefined;
  const edit = addItem(spared.list.items, spared.wanted, { subject, ...finding });
  return edit === undefined ? undefined : { description: `spare ${spared.wanted} in the Deny`, edits: [edit] };
}
