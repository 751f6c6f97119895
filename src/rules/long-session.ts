import { isKnown, show } from '../symbolic/text.ts';
import type { Found, Rule, World } from './finding.ts';

export const longSession: Rule = {
  id: 'long-session',
  title: 'a role whose sessions may last longer than the configuration wants',
  severity: 'warning',
  optIn: true,
  check: long,
};

/** AWS's own default. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html */
const AN_HOUR = 3600;

function long({ inventory, conventions }: World): readonly Found[] {
  const most = Number(conventions?.['longest-session'] ?? AN_HOUR);
  return inventory.entities.flatMap(({ declaration }) => {
    const session = declaration.kind === 'role' ? declaration.longestSession : undefined;
    if (session === undefined || !isKnown(session.text) || !(Number(session.text) > most)) return [];
    return [
      {
        message: `a session of role/${show(declaration.name)} may last ${session.text} seconds, and ${most} are the most that is wanted`,
        place: session.place,
        identity: show(declaration.arn),
      },
    ];
  });
}
