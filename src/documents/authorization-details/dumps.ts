import { parseArn } from '../../iam/arn.ts';
import { type Declarations, type Deployment, NOTHING_DECLARED, together } from '../../inventory/declarations.ts';
import type { Beside } from '../../inventory/inventory.ts';
import type { Reason } from '../../inventory/reason.ts';
import type { Text } from '../../symbolic/text.ts';
import { itemsOf } from '../../symbolic/value.ts';
import { type Asked, SETS } from './asked.ts';
import { Coverage } from './coverage.ts';
import type { Dump } from './dump.ts';
import { DECLARED, EntityReader, EVERYTHING } from './entities.ts';
import { selectionOf } from './selection.ts';

export interface DumpsRead {
  readonly dumps: readonly { readonly path: string; readonly says: Declarations }[];
  readonly covers: readonly string[];
  readonly beside: Beside;
}

/** The last selection from some dumps: a fix that is tried asks mostly the same as what stood there before. */
const SELECTED = new WeakMap<
  readonly Dump[],
  { readonly key: string; readonly selected: ReturnType<typeof selectionOf> }
>();

/** Of dumps what is asked of them. What they cover counts together with `others`. */
export function readDumps(
  dumps: readonly Dump[],
  asked: Asked,
  others: Coverage,
  deploymentOf: (account: Text) => Deployment,
): DumpsRead {
  const coverage = new Coverage();
  coverage.include(others);
  for (const dump of dumps) coverage.include(dump.coverage);
  const selected = selectedFrom(dumps, coverage, asked);
  const attached = coverage.attached();
  const read = dumps.map((dump, at) => {
    const { path, problem } = dump;
    const says = declarationsOf(dump, selected[at] ?? new Map(), attached, deploymentOf);
    return { path, says: problem === undefined ? says : { ...NOTHING_DECLARED, problems: [problem] } };
  });
  return { dumps: read, covers: coverage.covered(), beside: besideOf(dumps, selected, coverage) };
}

function selectedFrom(dumps: readonly Dump[], coverage: Coverage, asked: Asked): ReturnType<typeof selectionOf> {
  const key = JSON.stringify([asked.anyCalled, asked.everything, ...SETS.map((name) => [...asked[name]].sort())]);
  const known = SELECTED.get(dumps);
  if (known?.key === key) return known.selected;
  const selected = selectionOf(dumps, coverage, asked);
  SELECTED.set(dumps, { key, selected });
  return selected;
}

/** Policies come first, and of each dump the rest in its order, as where all of it is read. */
function declarationsOf(
  dump: Dump,
  selected: ReadonlyMap<number, Reason>,
  attached: ReadonlySet<string>,
  deploymentOf: (account: Text) => Deployment,
): Declarations {
  const all = [...selected].sort(([left], [right]) => left - right);
  const lists = ['Policies', 'GroupDetailList', 'UserDetailList', 'RoleDetailList'] as const;
  const providers = new EntityReader(deploymentOf, EVERYTHING);
  for (const list of dump.providers()) for (const item of itemsOf(list)) providers.provider(item);
  return together([
    providers.declarations(),
    ...lists.flatMap((list) =>
      all
        .filter(([index]) => dump.list(index) === list)
        .map(([index, reason]) => {
          const { value, problems } = dump.read(index);
          const reader = new EntityReader(deploymentOf, {
            ...(dump.isDeclared(index) ? DECLARED : EVERYTHING),
            reason,
          });
          if (value !== undefined) readItem(reader, list, value);
          const read = reader.declarations();
          const managedPolicies = attached.has(dump.arn(index))
            ? read.managedPolicies.map((one) => ({ ...one, attached: true as const }))
            : read.managedPolicies;
          return { ...read, managedPolicies, problems };
        }),
    ),
  ]);
}

function readItem(
  reader: EntityReader,
  list: NonNullable<ReturnType<Dump['list']>>,
  value: Parameters<EntityReader['role']>[0],
): void {
  switch (list) {
    case 'Policies':
      reader.managedPolicy(value);
      break;
    case 'GroupDetailList':
      reader.group(value);
      break;
    case 'UserDetailList':
      reader.user(value);
      break;
    case 'RoleDetailList':
      reader.role(value);
  }
}

/** How many roles and users the dumps have. */
const COUNTED = new WeakMap<readonly Dump[], ReturnType<typeof counted>>();

/** Who is there besides, and is not read. */
function besideOf(
  dumps: readonly Dump[],
  selected: readonly ReadonlyMap<number, Reason>[],
  coverage: Coverage,
): Beside {
  const all = COUNTED.get(dumps) ?? counted(dumps, (dump) => Array.from({ length: dump.size }, (_, index) => index));
  COUNTED.set(dumps, all);
  const read = counted(dumps, (_, at) => [...(selected[at]?.keys() ?? [])]);
  const [users, roles] = [all.users - read.users, all.roles - read.roles];
  return { accounts: new Set(coverage.accounts()), principals: users + roles, roles };
}

/** What several dumps show is one. */
function counted(
  dumps: readonly Dump[],
  entries: (dump: Dump, at: number) => readonly number[],
): { readonly users: number; readonly roles: number } {
  const [users, roles] = [new Set<string>(), new Set<string>()];
  for (const [at, dump] of dumps.entries())
    for (const index of entries(dump, at)) {
      const list = dump.list(index);
      const set = list === 'UserDetailList' ? users : list === 'RoleDetailList' ? roles : undefined;
      if (set !== undefined && parseArn(dump.arn(index)) !== undefined) set.add(dump.arn(index));
    }
  return { users: users.size, roles: roles.size };
}
