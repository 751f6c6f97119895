import type { Place } from '../source/source.ts';
import { variantsOf } from '../symbolic/expand.ts';
import { both, type Guard } from '../symbolic/guard.ts';
import { isKnown, type Unknown, unknownsIn } from '../symbolic/text.ts';
import { not, or, type Truth } from '../symbolic/truth.ts';
import { branchesOf, guardedItemsOf, type Member, memberOf, type Value } from '../symbolic/value.ts';
import { actionMatches, ROLE_ACTIONS, type RoleAction } from './actions.ts';
import { textItems } from './item.ts';
import { parseConditions } from './parse-conditions.ts';
import { parsePrincipals } from './parse-principals.ts';
import { parseResources } from './parse-resources.ts';
import type { ActionElement, Policy, Statement } from './policy.ts';

export type PolicyUse = 'trust' | 'identity' | 'boundary' | 'session' | 'scp' | 'rcp';

/** Reads a policy document for one use. It never fails: what cannot be known stays open, what AWS rejects says so. */
export function parsePolicy(value: Value, use: PolicyUse, name: string): Policy {
  const statements: Statement[] = [];
  const open: Unknown[] = [];
  let variables = false;
  for (const { guard, value: document } of branchesOf(value)) {
    if (document.kind === 'unknown') open.push(document.unknown);
    const version = memberOf(document, 'Version');
    variables = version?.kind === 'text' && version.text === '2012-10-17';
    // The language's version decides what a policy variable is, and whether AWS takes the policy at all.
    if (version?.kind === 'unknown') open.push(version.unknown);
    if (version?.kind === 'text') open.push(...unknownsIn(version.text));
    for (const { value: item, guard: when } of guardedItemsOf(statementsIn(document))) {
      if (item.kind === 'unknown') open.push(item.unknown);
      else if (item.kind === 'text') open.push(...unknownsIn(item.text));
      else statements.push(...parseVariants(item, both(guard, when), use, variables));
    }
  }
  return { name, variables, statements, open, place: value.place, document: value };
}

function statementsIn(document: Value): Value | undefined {
  return document.kind === 'map' ? document.members.find((member) => member.name === 'Statement')?.value : undefined;
}

/** One statement for each way through the choices inside it; lists of resources and principals keep theirs. */
function parseVariants(item: Value, guard: Guard, use: PolicyUse, variables: boolean): readonly Statement[] {
  const whole = (path: readonly string[]): boolean => path[0] !== 'Resource' && path[0] !== 'Principal';
  return variantsOf(item, whole).flatMap(({ guard: when, value }) =>
    value.kind === 'map' ? parseStatement(value.members, value.place, use, variables, both(guard, when)) : [],
  );
}

function parseStatement(
  members: readonly Member[],
  place: Place,
  use: PolicyUse,
  variables: boolean,
  guard: Guard,
): readonly Statement[] {
  const get = (name: string): Member | undefined => members.find((member) => member.name === name);
  const actions = parseActions(get('Action'), get('NotAction'), place);
  const resources = parseResources(get('Resource'), get('NotResource'), variables);
  const principals = parsePrincipals(get('Principal'), get('NotPrincipal'));
  const condition = parseConditions(get('Condition')?.value, variables);
  const effect = get('Effect')?.value;
  const sid = get('Sid')?.value;
  const base = {
    sid: sid?.kind === 'text' && isKnown(sid.text) ? sid.text : undefined,
    actions,
    resources: use === 'trust' ? undefined : resources,
    principals: use === 'trust' || use === 'rcp' ? principals : undefined,
    conditions: condition.tests,
    guard,
    rejected: rejection(use, get, condition.unknownOperator),
    place,
  };
  const unknownEffect =
    effect?.kind === 'unknown' ? effect.unknown : effect?.kind === 'text' ? unknownsIn(effect.text)[0] : undefined;
  if (unknownEffect !== undefined) {
    const open = [...condition.open, unknownEffect];
    return [
      { ...base, effect: 'Allow', open },
      { ...base, effect: 'Deny', open },
    ];
  }
  if (effect?.kind !== 'text' || (effect.text !== 'Allow' && effect.text !== 'Deny')) {
    const written = effect?.kind === 'text' ? ` ${JSON.stringify(effect.text)}` : '';
    return [
      { ...base, effect: 'Allow', open: condition.open, rejected: `the Effect${written} is neither Allow nor Deny` },
    ];
  }
  return [{ ...base, effect: effect.text, open: condition.open }];
}

/** What IAM refuses to save: such a statement never takes effect. */
function rejection(
  use: PolicyUse,
  get: (name: string) => Member | undefined,
  unknownOperator: string | undefined,
): string | undefined {
  if (unknownOperator !== undefined) return `IAM knows no condition operator ${unknownOperator}`;
  if (get('Action') === undefined && get('NotAction') === undefined) return 'the statement has no Action';
  if (use === 'trust') {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    if (get('NotPrincipal') !== undefined) return 'NotPrincipal is not supported in a trust policy';
    if (get('Principal') === undefined) return 'the statement has no Principal';
    const resource = get('Resource') ?? get('NotResource');
    if (resource !== undefined) return `a trust policy has no ${resource.name}: the role itself is the resource`;
  } else if (use !== 'rcp') {
    if (get('Principal') !== undefined || get('NotPrincipal') !== undefined)
      return 'only a resource policy names a Principal';
    if (get('Resource') === undefined && get('NotResource') === undefined) return 'the statement has no Resource';
  }
  return undefined;
}

function parseActions(action: Member | undefined, notAction: Member | undefined, statement: Place): ActionElement {
  const member = action ?? notAction;
  const negated = action === undefined && notAction !== undefined;
  const items = textItems(member?.value);
  const covers = Object.fromEntries(
    ROLE_ACTIONS.map((name) => {
      let any: Truth = false;
      for (const item of items) any = or(any, actionMatches(item.text, name));
      return [name, member === undefined ? false : negated ? not(any) : any];
    }),
  ) as Record<RoleAction, Truth>;
  return { negated, items, place: member?.value.place ?? statement, covers };
}
