import type { Member, Value } from '../../../symbolic/value.ts';
import type { ProviderBlock } from '../aws/providers.ts';
import { referencesOf } from './configuration.ts';
import { isList, type Json, mapIn } from './json.ts';
import { knownValue } from './known-value.ts';
import type { JsonPath, PlanPlaces } from './places.ts';
import type { Plan, PlannedInstance } from './plan.ts';

/** The provider of an instance: `aws`, `aws.prod`, or `module.x:aws` where a module configures its own. */
export function providerOf({ configuration }: Plan, instance: PlannedInstance): string {
  const key = configuration.block(instance).provider_config_key;
  if (typeof key !== 'string') return 'aws';
  // Before Terraform 1.1 a module that configures no provider of its own names one all the same.
  return configuration.configures(key) ? key : key.replace(/^.*:/, '');
}

/** The `provider` blocks as far as a plan tells: constants, and what a variable alone gives. */
export function providerBlocks(plan: Plan, places: PlanPlaces): readonly ProviderBlock[] {
  return plan.configuration.providers.map(([name, expressions]) => {
    const at = ['configuration', 'provider_config', name, 'expressions'];
    const members = membersOf(expressions, at, plan, places);
    return { name, body: { kind: 'map', members, place: places.at(at) } };
  });
}

function membersOf(block: Json | undefined, at: JsonPath, plan: Plan, places: PlanPlaces): readonly Member[] {
  return Object.entries(mapIn(block)).flatMap(([name, expression]) => {
    const value = expressionValue(expression, [...at, name], name, plan, places);
    return value === undefined ? [] : [{ name, key: name, namePlace: value.place, value }];
  });
}

function expressionValue(
  expression: Json | undefined,
  at: JsonPath,
  name: string,
  plan: Plan,
  places: PlanPlaces,
): Value | undefined {
  const place = places.at(at);
  if (isList(expression)) {
    const items = expression.map((block, index): Value => {
      const here = [...at, index];
      return { kind: 'map', members: membersOf(block, here, plan, places), place: places.at(here) };
    });
    return { kind: 'list', items, place };
  }
  const { constant_value: constant } = mapIn(expression);
  const known = constant ?? fromVariable(expression, name, plan);
  if (known !== undefined) return knownValue(known, [...at, 'constant_value'], places);
  const references = referencesOf(expression);
  const shown = references.length === 0 ? at.join('.') : references.join(', ');
  const missing = `what the provider's ${name} is: it is made from ${shown}`;
  const unknown = { id: `${places.file.path}:${at.join('.')}`, kind: 'open' as const, shown: `\${${shown}}`, missing };
  return { kind: 'unknown', unknown, place };
}

/** A variable that is an ARN or an account id by itself: text around it would make neither. */
function fromVariable(expression: Json | undefined, name: string, plan: Plan): Json | undefined {
  const [only, ...more] = referencesOf(expression);
  const variable = /^var\.([\w-]+)$/.exec(only ?? '')?.[1];
  const value = variable === undefined || more.length > 0 ? undefined : plan.variables.get(variable);
  if (name === 'role_arn' && typeof value === 'string' && /^arn:[\w-]+:iam::\d{12}:role\//.test(value)) return value;
  if (name === 'allowed_account_ids' && typeof value === 'string' && /^\d{12}$/.test(value)) return [value];
  return name === 'region' && typeof value === 'string' && /^[a-z]+(-[a-z]+)+-\d$/.test(value) ? value : undefined;
}
