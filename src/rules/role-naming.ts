import { globMatches } from '../symbolic/pattern.ts';
import { isKnown, show } from '../symbolic/text.ts';
import type { Found, Rule, World } from './finding.ts';

export const roleNaming: Rule = {
  id: 'role-naming',
  title: 'a role whose name fits none of the patterns in the configuration',
  severity: 'warning',
  optIn: true,
  check: misnamed,
};

/** A name that AWS generates, or that no document settles, is left alone. */
function misnamed({ inventory, conventions }: World): readonly Found[] {
  const patterns = conventions?.['role-names'] ?? [];
  if (patterns.length === 0) return [];
  return inventory.entities.flatMap(({ declaration: { kind, name, place, arn, standing } }) =>
    kind !== 'role' ||
    standing !== 'document' ||
    !isKnown(name) ||
    patterns.some((pattern) => globMatches(pattern, name))
      ? []
      : [
          {
            message: `role/${name} is named by none of the patterns ${patterns.join(', ')} (conventions.role-names)`,
            place,
            identity: show(arn),
          },
        ],
  );
}
