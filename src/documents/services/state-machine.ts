import type { Item } from '../../iam/item.ts';
import type { Intent } from '../../inventory/declarations.ts';
import { both } from '../../symbolic/guard.ts';
import { isKnown, show } from '../../symbolic/text.ts';
import { branchesOf, type Value } from '../../symbolic/value.ts';
import type { DeclaredResource } from '../declared-resource.ts';
import { policyValue } from '../policy-text.ts';
import { rolesAt } from './roles-at.ts';

const MACHINES: Readonly<Record<string, { readonly role: string; readonly definitions: readonly string[] }>> = {
  'AWS::StepFunctions::StateMachine': { role: 'RoleArn', definitions: ['Definition', 'DefinitionString'] },
  'AWS::Serverless::StateMachine': { role: 'Role', definitions: ['Definition'] },
  aws_sfn_state_machine: { role: 'role_arn', definitions: ['definition'] },
};

/**
 * The roles that a state machine's tasks run with: its own role assumes each.
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html
 */
export function stateIntents(resource: DeclaredResource): readonly Intent[] {
  const machine = MACHINES[resource.type];
  if (machine === undefined) return [];
  const roles = machine.definitions
    .map((name) => resource.property(name))
    .flatMap((value) => (value === undefined ? [] : credentialsIn(value)))
    .map((role) => substituted(role, resource));
  return rolesAt(resource, machine.role).flatMap((caller) =>
    roles.map(
      (role): Intent => ({
        kind: 'service',
        role,
        caller: { kind: 'principal', arn: caller.text },
        deployment: resource.deployment,
        guard: both(resource.guard, caller.guard ?? true),
        text: 'runs a task with this role',
      }),
    ),
  );
}

/** `Credentials: {RoleArn: …}` of any state; one that the state's input gives (`RoleArn.$`, `{% … %}`) is known at run time only. */
function credentialsIn(value: Value): readonly Item[] {
  return branchesOf(value).flatMap(({ value: branch, guard }): readonly Item[] => {
    if (branch.kind === 'text') {
      const definition = policyValue(branch);
      return definition.kind === 'map' ? credentialsIn(definition) : [];
    }
    if (branch.kind === 'list') return branch.items.flatMap((item) => credentialsIn(item));
    if (branch.kind !== 'map') return [];
    return branch.members.flatMap((member) => {
      if (member.name !== 'Credentials' || member.value.kind !== 'map')
        return member.value.kind === 'text' ? [] : credentialsIn(member.value);
      return member.value.members.flatMap(({ name, value: role }) =>
        name === 'RoleArn' && role.kind === 'text' && !isExpression(role.text)
          ? [{ text: role.text, place: role.place, guard }]
          : [],
      );
    });
  });
}

function isExpression(text: Item['text']): boolean {
  return isKnown(text) && /^\s*\{%/.test(text);
}

/** `${Name}` in a definition stands for what DefinitionSubstitutions says. */
function substituted(role: Item, resource: DeclaredResource): Item {
  const name = /^\$\{(\w+)\}$/.exec(show(role.text))?.[1];
  const [value] = name === undefined ? [] : rolesAt(resource, `DefinitionSubstitutions.${name}`);
  return value === undefined ? role : { ...role, text: value.text };
}
