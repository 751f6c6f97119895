import type { Decided } from '../assumptions/decided.ts';
import { parseArn } from '../iam/arn.ts';
import { type Caller, namedInTrust } from '../iam/caller.ts';
import type { Requirement } from '../iam/requirements.ts';
import { grouped } from '../inventory/grouped.ts';
import { globMatches } from '../symbolic/pattern.ts';
import { show, type Text } from '../symbolic/text.ts';

/** Who can assume whom. */
export interface AccessGraph {
  readonly nodes: readonly AccessNode[];
  readonly edges: readonly AccessEdge[];
  /** Ways of more than one step, by the nodes' ids: each step after the first is a chained session of one hour at most. */
  readonly chains: readonly (readonly string[])[];
}

export interface AccessNode {
  readonly id: string;
  readonly kind: Caller['kind'];
  /** As trust policies name it: an ARN, or a service's name. */
  readonly name: string;
  readonly account: string | undefined;
}

export interface AccessEdge {
  readonly from: string;
  readonly to: string;
  readonly action: string;
  readonly decision: 'allowed' | 'conditional' | 'unknown';
  readonly requires: readonly Requirement[];
  /** A role's session assumes it: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining */
  readonly chained: boolean;
}

export interface GraphFilter {
  readonly role: string | undefined;
  readonly principal: string | undefined;
  readonly account: string | undefined;
}

/** More are no picture any longer. */
const MOST_CHAINS = 1000;

/** What the declared assumptions allow, may allow, or leave open; what is denied is no way. */
export function accessGraph(decided: readonly Decided[], filter: GraphFilter): AccessGraph {
  const nodes = new Map<string, AccessNode>();
  const edges = new Map<string, AccessEdge>();
  const node = (kind: Caller['kind'], text: Text): string => {
    const name = show(text);
    const known = nodes.get(name);
    if (known !== undefined) return known.id;
    const id = `n${nodes.size}`;
    const account = parseArn(text)?.account;
    nodes.set(name, { id, kind, name, account: account === undefined ? undefined : show(account) });
    return id;
  };
  for (const { assumption, decision } of decided) {
    if (decision.decision === 'denied') continue;
    const { caller, role, action } = assumption.question;
    const from = node(caller.kind, namedInTrust(caller));
    const to = node('role', role.arn);
    const edge = {
      from,
      to,
      action,
      decision: decision.decision,
      requires: decision.requires,
      chained: caller.kind === 'role',
    };
    edges.set(`${from} ${to} ${action}`, strongest(edges.get(`${from} ${to} ${action}`), edge));
  }
  const kept = filtered([...nodes.values()], [...edges.values()], filter);
  const used = new Set(kept.flatMap(({ from, to }) => [from, to]));
  return { nodes: [...nodes.values()].filter(({ id }) => used.has(id)), edges: kept, chains: chainsOf(kept) };
}

const ORDER: readonly AccessEdge['decision'][] = ['allowed', 'conditional', 'unknown'];

/** A service or a workflow may have several ways to one role. */
function strongest(one: AccessEdge | undefined, other: AccessEdge): AccessEdge {
  return one !== undefined && ORDER.indexOf(one.decision) <= ORDER.indexOf(other.decision) ? one : other;
}

/** The ways that lead to the role, that start at the principal, and that touch the account. */
function filtered(
  nodes: readonly AccessNode[],
  edges: readonly AccessEdge[],
  { role, principal, account }: GraphFilter,
): readonly AccessEdge[] {
  const meant = (text: string): ReadonlySet<string> =>
    new Set(nodes.filter(({ name }) => isNamed(name, text)).map(({ id }) => id));
  let kept = edges;
  if (role !== undefined)
    kept = reaching(
      kept,
      meant(role),
      ({ to }) => to,
      ({ from }) => from,
    );
  if (principal !== undefined)
    kept = reaching(
      kept,
      meant(principal),
      ({ from }) => from,
      ({ to }) => to,
    );
  if (account === undefined) return kept;
  const inside = new Set(nodes.filter((one) => one.account === account).map(({ id }) => id));
  return kept.filter(({ from, to }) => inside.has(from) || inside.has(to));
}

/** An ARN, a pattern of one, or a name alone. */
export function isNamed(name: string, text: string): boolean {
  return name === text || globMatches(text, name) || name.endsWith(`/${text}`) || name.endsWith(`/\${${text}}`);
}

function reaching(
  edges: readonly AccessEdge[],
  start: ReadonlySet<string>,
  near: (edge: AccessEdge) => string,
  far: (edge: AccessEdge) => string,
): readonly AccessEdge[] {
  const reached = new Set(start);
  const kept = new Set<AccessEdge>();
  for (let found = true; found; ) {
    found = false;
    for (const edge of edges) {
      if (kept.has(edge) || !reached.has(near(edge))) continue;
      kept.add(edge);
      reached.add(far(edge));
      found = true;
    }
  }
  return edges.filter((edge) => kept.has(edge));
}

/** The longest ways of two steps or more, each node once. */
function chainsOf(edges: readonly AccessEdge[]): readonly (readonly string[])[] {
  const steps = edges.filter(({ from, to }) => from !== to);
  const next = grouped(steps, ({ from }) => [from]);
  const targets = new Set(steps.map(({ to }) => to));
  const chains: string[][] = [];
  const walk = (path: readonly string[]): void => {
    if (chains.length >= MOST_CHAINS) return;
    const on = [...new Set(next.get(path.at(-1) ?? '')?.map(({ to }) => to))].filter((id) => !path.includes(id));
    if (on.length === 0 && path.length > 2) chains.push([...path]);
    for (const id of on) walk([...path, id]);
  };
  const reached = new Set<string>();
  const from = (id: string): void => {
    walk([id]);
    const open = [id];
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      if (reached.has(one)) continue;
      reached.add(one);
      open.push(...(next.get(one) ?? []).map(({ to }) => to));
    }
  };
  for (const id of next.keys()) if (!targets.has(id)) from(id);
  // Roles that assume each other have no first one: each of a circle that nothing else leads to is one.
  const circles = [...next.keys()].filter((id) => !reached.has(id));
  for (const id of circles) from(id);
  return chains;
}
