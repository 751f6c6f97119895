import { Attachments, nameKey } from '../inventory/attachments.ts';
import type {
  Declarations,
  Membership,
  RoleDeclaration,
  Standing,
  UserDeclaration,
} from '../inventory/declarations.ts';
import { grouped } from '../inventory/grouped.ts';
import { TextIndex } from '../inventory/lookup.ts';
import { winning } from '../inventory/winning.ts';
import { isKnown, show } from '../symbolic/text.ts';
import type { Difference, Drift } from './drift.ts';
import { entityDifferences, type Held } from './entities.ts';
import { policyDifference } from './same-policy.ts';

type Principal = RoleDeclaration | UserDeclaration;

/**
 * How roles, users and managed policies that documents declare differ from what AWS shows of them. Only what surely differs is
 * told: a value that is not known may be the one that is deployed. What is deployed and declared nowhere is none of ours.
 */
export function driftOf(all: Declarations): Drift {
  const declaredOnes = principalsBy(all, (one) => one.standing === 'document');
  const deployedOnes = principalsBy(all, (one) => DEPLOYED.includes(one.standing) && declaredOnes.has(keyOfName(one)));
  const policies = policyDrift(all);
  if (deployedOnes.size === 0 && all.covers.length === 0) return policies;
  const outside = new Outside(all);
  const covered = new Set(all.covers);
  const differences: Difference[] = [];
  let compared = 0;
  for (const [key, [declared, ...more]] of declaredOnes) {
    // Under a condition, or in several documents: which one is to be deployed nobody can say.
    if (declared === undefined || more.length > 0 || (declared.guard ?? true) !== true) continue;
    const [deployed, ...others] = deployedOnes.get(key) ?? [];
    if (others.length > 0) continue;
    if (deployed !== undefined) {
      compared += 1;
      differences.push(...entityDifferences(outside.with(declared, false), outside.with(deployed, true)));
    } else if (isCovered(declared, covered) && !declared.partial) {
      compared += 1;
      differences.push(absent(declared.kind, show(declared.arn), declared.place));
    }
  }
  return { compared: compared + policies.compared, differences: [...differences, ...policies.differences] };
}

/** What another repository declares need not be deployed. */
const DEPLOYED: readonly Standing[] = ['dump', 'listing'];

/** By name within an account, in whichever case: IAM knows no two that differ in it alone. */
function principalsBy(
  { entities }: Declarations,
  counts: (one: Declarations['entities'][number]) => boolean,
): ReadonlyMap<string, readonly Principal[]> {
  const named = entities.filter((one) => isNumber(one.account) && isKnown(one.name) && counts(one));
  return grouped(winning(named), (one) => [keyOfName(one)]);
}

function keyOfName({ kind, account, name }: Declarations['entities'][number]): string {
  return `${kind}:${show(account)}:${show(name).toLowerCase()}`;
}

/** What other documents give an entity, on the side that is asked for. */
class Outside {
  readonly #attachments: Attachments;
  readonly #memberships = new TextIndex<Membership>();

  constructor(all: Declarations) {
    this.#attachments = new Attachments(all);
    for (const one of all.memberships) this.#memberships.add(nameKey(one.account, one.user.text), one);
  }

  with(entity: Principal, deployed: boolean): Held {
    const own = this.#attachments.of(entity).filter((one) => one.deployed === deployed);
    const inline: Held['inline'][number][] = entity.inline.map((policy) => ({ policy, sure: true }));
    const managed: Held['managed'][number][] = entity.managed.map((item) => ({ item, sure: true }));
    for (const { what, attached, guard } of own) {
      const sure = attached === true && guard === undefined;
      if (what.kind === 'policy') inline.push({ policy: what.policy, sure });
      else managed.push({ item: what.arn, sure });
    }
    const groups = (entity.kind === 'user' ? entity.groups : []).map((item) => ({ item, sure: true }));
    return { entity, inline, managed, groups: deployed ? groups : [...groups, ...this.#joined(entity)] };
  }

  #joined(entity: Principal): Held['groups'] {
    if (entity.kind !== 'user') return [];
    return this.#memberships
      .find(nameKey(entity.account, entity.name))
      .map(({ value: { user, group }, truth }) => ({ item: group, sure: truth === true && user.guard === undefined }));
  }
}

function isCovered({ kind, account, arn }: Principal, covered: ReadonlySet<string>): boolean {
  return covered.has(`${kind}:${show(account)}`) || (isKnown(arn) && covered.has(arn));
}

function absent(kind: Difference['kind'], arn: string, place: Difference['place']): Difference {
  return { kind, arn, part: 'existence', declared: [arn], deployed: [], place, shownAt: undefined };
}

function policyDrift({ managedPolicies, covers }: Declarations): Drift {
  const absentOnes = new Set(covers.filter((one) => one.includes(':policy/')));
  const differences: Difference[] = [];
  let compared = 0;
  const known = managedPolicies.flatMap(({ arn, policy, deployed }) =>
    isKnown(arn) && /^arn:[^:]*:iam::\d{12}:policy\//.test(arn) ? [{ arn, policy, deployed }] : [],
  );
  for (const [arn, same] of grouped(known, (one) => [one.arn])) {
    const [declared, ...more] = same.filter(({ deployed }) => deployed === undefined);
    const [deployed, ...others] = same.filter((one) => one.deployed === true);
    if (declared === undefined || more.length + others.length > 0) continue;
    // Under a condition it may not be there.
    if (!declared.policy.statements.every(({ guard }) => guard === true)) continue;
    const { place } = declared.policy;
    if (deployed === undefined) {
      if (!absentOnes.has(arn)) continue;
      compared += 1;
      differences.push(absent('policy', arn, place));
      continue;
    }
    compared += 1;
    const sides = policyDifference(declared.policy, deployed.policy);
    if (sides !== undefined)
      differences.push({ kind: 'policy', arn, part: 'document', ...sides, place, shownAt: deployed.policy.place });
  }
  return { compared, differences };
}

function isNumber(account: Principal['account']): boolean {
  return isKnown(account) && /^\d{12}$/.test(account);
}
