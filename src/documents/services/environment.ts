import type { Intent } from '../../inventory/declarations.ts';
import { both } from '../../symbolic/guard.ts';
import type { GuardedValue } from '../../symbolic/value.ts';
import { type DeclaredResource, valuesAt } from '../declared-resource.ts';
import { roleIn, rolesAt } from './roles-at.ts';

interface Environment {
  /** The role whose credentials the code has. */
  readonly role: string;
  /** A map of variables, or a list of maps with a name and a value. */
  readonly variables: string;
}

const ENVIRONMENTS: Readonly<Record<string, Environment>> = {
  'AWS::Lambda::Function': { role: 'Role', variables: 'Environment.Variables' },
  'AWS::ECS::TaskDefinition': { role: 'TaskRoleArn', variables: 'ContainerDefinitions[].Environment[]' },
  'AWS::CodeBuild::Project': { role: 'ServiceRole', variables: 'Environment.EnvironmentVariables[]' },
  'AWS::Batch::JobDefinition': {
    role: 'ContainerProperties.JobRoleArn',
    variables: 'ContainerProperties.Environment[]',
  },
  aws_lambda_function: { role: 'role', variables: 'environment.variables' },
  aws_ecs_task_definition: { role: 'task_role_arn', variables: 'container_definitions.environment[]' },
  aws_codebuild_project: { role: 'service_role', variables: 'environment.environment_variable[]' },
  aws_batch_job_definition: {
    role: 'container_properties.jobRoleArn',
    variables: 'container_properties.environment[]',
  },
};

/** `AWS_ROLE_ARN`, `TARGET_ROLE_ARN`: code that is given a role's ARN means to assume it, or to pass it on. */
const NAMES_ROLE = /(^|_)ROLE_?ARN$/i;

/** The roles that the code of a resource is told by its environment; it assumes them with the resource's own role. */
export function environmentIntents(resource: DeclaredResource): readonly Intent[] {
  const environment = ENVIRONMENTS[resource.type];
  if (environment === undefined) return [];
  const named = valuesAt(resource, environment.variables).flatMap(variablesIn);
  if (named.length === 0) return [];
  return rolesAt(resource, environment.role).flatMap((caller) =>
    named.flatMap(({ name, value }) =>
      roleIn(value).map(
        (role): Intent => ({
          kind: 'service',
          role,
          caller: { kind: 'principal', arn: caller.text },
          deployment: resource.deployment,
          guard: both(resource.guard, caller.guard ?? true),
          text: `is told of this role by ${name}`,
          weight: 'notice',
          perhapsPassed: true,
        }),
      ),
    ),
  );
}

interface Variable {
  readonly name: string;
  readonly value: GuardedValue;
}

function variablesIn({ value, guard }: GuardedValue): readonly Variable[] {
  if (value.kind !== 'map') return [];
  const text = (name: string) => value.members.find((member) => member.name.toLowerCase() === name)?.value;
  const [name, own] = [text('name'), text('value')];
  const all =
    name?.kind === 'text' && own !== undefined
      ? [{ name: name.text, value: own }]
      : value.members.map((member) => ({ name: member.name, value: member.value }));
  return all.flatMap((one) =>
    typeof one.name === 'string' && NAMES_ROLE.test(one.name) && one.value.kind === 'text'
      ? [{ name: one.name, value: { guard, value: one.value } }]
      : [],
  );
}
