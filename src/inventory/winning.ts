import { keyOf } from '../symbolic/text.ts';
import type { Declarations, RoleDeclaration, Standing, UserDeclaration } from './declarations.ts';
import { grouped } from './grouped.ts';
import { contentOf } from './same-content.ts';

const STANDINGS: readonly Standing[] = ['document', 'inventory', 'dump', 'listing'];

/** What the repository declares wins over what a dump says is deployed; what shows only a part is joined with the rest. */
export function winning(entities: Declarations['entities']): readonly (RoleDeclaration | UserDeclaration)[] {
  const principals = withoutReplaced(entities.filter((entity) => entity.kind !== 'group'));
  const groups = grouped(principals, ({ arn }) => [keyOf(arn)]);
  return [...groups.values()].flatMap((same) => {
    const standing = STANDINGS.find((word) => same.some((one) => one.standing === word));
    const winners = same.filter((one) => one.standing === standing);
    const whole = winners.filter((one) => !one.partial);
    const parts = winners.filter((one) => one.partial);
    // Two that say the same are one.
    if (parts.length === 0)
      return standing === 'document' || whole.length < 2
        ? whole
        : [...new Map(whole.map((one) => [contentOf(one), one])).values()];
    const [first, ...rest] = whole.length > 0 ? [...whole, ...parts] : parts;
    if (first === undefined) return [];
    const lesser = same
      .filter((one) => one.standing !== 'listing' && one.standing !== standing)
      .sort((a, b) => STANDINGS.indexOf(a.standing) - STANDINGS.indexOf(b.standing));
    return [lesser.reduce(filled, rest.reduce(merge, first))];
  });
}

/**
 * An account has one role of a name, whatever its path and however its letters are cased: what is deployed under the name of one
 * that is declared is about to be that one. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
function withoutReplaced<T extends Declarations['entities'][number]>(entities: readonly T[]): readonly T[] {
  const declared = entities.filter(
    ({ standing, guard, partial }) => standing === 'document' && !partial && (guard ?? true) === true,
  );
  const arns = new Map(declared.map((one) => [keyOfName(one), keyOf(one.arn)]));
  return entities.filter((one) => {
    const arn = one.standing === 'document' ? undefined : arns.get(keyOfName(one));
    return arn === undefined || arn === keyOf(one.arn);
  });
}

function keyOfName({ kind, account, name }: Declarations['entities'][number]): string {
  return `${kind}:${keyOf(account)}:${keyOf(name).toLowerCase()}`;
}

/** Of things under one key those that documents declare, where they do: what is deployed is about to be theirs. */
export function declaredFirst<T>(
  all: readonly T[],
  keyOfOne: (one: T) => string,
  isDeployed: (one: T) => boolean,
): readonly T[] {
  const declared = new Set(all.filter((one) => !isDeployed(one)).map(keyOfOne));
  return all.filter((one) => !isDeployed(one) || !declared.has(keyOfOne(one)));
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
