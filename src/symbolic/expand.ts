import { both, type Guard } from './guard.ts';
import { branchesOf, type GuardedValue, type Member, type SettledValue, settled, type Value } from './value.ts';

/** Beyond this many variants a value's choices are left unknown. */
const MOST_VARIANTS = 32;

/** A value without choices in its maps (and, where asked, in its lists), once for each way through them. */
export function variantsOf(value: Value, lists: (path: readonly string[]) => boolean): readonly GuardedValue[] {
  if (isPlain(value)) return [{ guard: true, value }];
  const variants = expand(value, [], lists);
  return variants.length <= MOST_VARIANTS ? variants : [{ guard: true, value: settled(value) }];
}

/** Whether it holds no choice anywhere. */
function isPlain(value: Value): value is SettledValue {
  if (value.kind === 'map') return value.members.every((member) => isPlain(member.value));
  return value.kind === 'list' ? value.items.every(isPlain) : value.kind !== 'choice';
}

function expand(
  value: Value,
  path: readonly string[],
  lists: (path: readonly string[]) => boolean,
): readonly GuardedValue[] {
  return branchesOf(value).flatMap(({ guard, value: branch }): readonly GuardedValue[] => {
    if (branch.kind === 'map') {
      const ways = branch.members.map((member) =>
        memberWays(member, expand(member.value, [...path, member.name], lists)),
      );
      return product(ways, guard).map(({ parts, when }) => ({
        guard: when,
        value: { ...branch, members: parts.flat() },
      }));
    }
    if (branch.kind === 'list' && lists(path)) {
      const ways = branch.items.map((item) => withAbsence(item, expand(item, path, lists)));
      return product(ways, guard).map(({ parts, when }) => ({
        guard: when,
        value: { ...branch, items: parts.flat() },
      }));
    }
    return [{ guard, value: branch }];
  });
}

interface Way<T> {
  readonly guard: Guard;
  readonly part: readonly T[];
}

function memberWays(member: Member, branches: readonly GuardedValue[]): readonly Way<Member>[] {
  return withAbsence(member.value, branches).map(({ guard, part }) => ({
    guard,
    part: part.map((value) => ({ ...member, value })),
  }));
}

/** The branch that is AWS::NoValue leaves nothing. */
function withAbsence(value: Value, branches: readonly GuardedValue[]): readonly Way<GuardedValue['value']>[] {
  const ways: Way<GuardedValue['value']>[] = branches.map(({ guard, value: part }) => ({ guard, part: [part] }));
  if (value.kind !== 'choice') return ways;
  const absent = absenceOf(value);
  return absent === false ? ways : [...ways, { guard: absent, part: [] }];
}

function absenceOf(value: Value | undefined, guard: Guard = true): Guard {
  if (value === undefined) return guard;
  if (value.kind !== 'choice') return false;
  const left = absenceOf(value.whenTrue, both(guard, value.guard));
  const right = absenceOf(
    value.whenFalse,
    both(guard, typeof value.guard === 'boolean' ? !value.guard : { kind: 'not', guard: value.guard }),
  );
  if (left === false) return right;
  return right === false ? left : { kind: 'or', left, right };
}

function product<T>(
  ways: readonly (readonly Way<T>[])[],
  guard: Guard,
): readonly { readonly parts: readonly (readonly T[])[]; readonly when: Guard }[] {
  let all: { readonly parts: readonly (readonly T[])[]; readonly when: Guard }[] = [{ parts: [], when: guard }];
  for (const choices of ways) {
    all = all.flatMap(({ parts, when }) =>
      choices.map((way) => ({ parts: [...parts, way.part], when: both(when, way.guard) })),
    );
    if (all.length > MOST_VARIANTS) return all;
  }
  return all;
}
