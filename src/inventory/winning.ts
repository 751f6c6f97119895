import { keyOf } from '../symbolic/text.ts';
import type { Declarations, RoleDeclaration, Standing, UserDeclaration } from './declarations.ts';
import { grouped } from './grouped.ts';

const STANDINGS: readonly Standing[] = ['document', 'dump', 'listing'];

/** What the repository declares wins over what a dump says is deployed; what shows only a part is joined with the rest. */
export function winning(entities: Declarations['entities']): readonly (RoleDeclaration | UserDeclaration)[] {
  const principals = entities.filter((entity) => entity.kind !== 'group');
  const groups = grouped(principals, ({ arn }) => [keyOf(arn)]);
  return [...groups.values()].flatMap((same) => {
    const standing = STANDINGS.find((word) => same.some((one) => one.standing === word));
    const winners = same.filter((one) => one.standing === standing);
    const whole = winners.filter((one) => !one.partial);
    const parts = winners.filter((one) => one.partial);
    if (parts.length === 0) return whole;
    const [first, ...rest] = whole.length > 0 ? [...whole, ...parts] : parts;
    if (first === undefined) return [];
    const lesser = same.filter((one) => one.standing === 'dump' && one.standing !== standing);
    return [lesser.reduce(filled, rest.reduce(merge, first))];
  });
}

/** What a document leaves out, as it is deployed. */
function filled<T extends RoleDeclaration | UserDeclaration>(one: T, other: RoleDeclaration | UserDeclaration): T {
  if (!one.partial) return one;
  const policies =
    one.open.length === 0
      ? {}
      : { inline: [...one.inline, ...other.inline], managed: [...one.managed, ...other.managed], open: other.open };
  const tags = one.tags.values.size > 0 ? one.tags : other.tags;
  const joined = { ...one, ...policies, tags, boundary: one.boundary ?? other.boundary };
  return joined.kind === 'role' && other.kind === 'role' ? { ...joined, trust: joined.trust ?? other.trust } : joined;
}

function merge<T extends RoleDeclaration | UserDeclaration>(one: T, other: RoleDeclaration | UserDeclaration): T {
  const joined = {
    ...one,
    inline: [...one.inline, ...other.inline],
    managed: [...one.managed, ...other.managed],
    boundary: one.boundary ?? other.boundary,
    tags: { values: new Map([...other.tags.values, ...one.tags.values]), open: one.tags.open },
    // A part that lists policies settles what another part leaves open.
    open: one.inline.length > 0 || other.inline.length > 0 ? [] : one.partial ? [...one.open, ...other.open] : one.open,
  };
  return joined.kind === 'role' && other.kind === 'role' ? { ...joined, ...withTrust(joined, other) } : joined;
}

function withTrust(one: RoleDeclaration, other: RoleDeclaration): Partial<RoleDeclaration> {
  const longestSession = one.longestSession ?? other.longestSession;
  return { trust: one.trust ?? other.trust, ...(longestSession === undefined ? {} : { longestSession }) };
}
