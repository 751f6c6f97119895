import type { MapEntry, MapTree, Tree } from '../../../source/tree.ts';
import { member, scalarText } from '../../../source/tree.ts';
import { intrinsicCall } from '../intrinsic-call.ts';
import { type GeneratedRole, roleTree, tagList } from './roles.ts';
import { attribute, entriesOf, listOf, mapOf, withMembers, written } from './written.ts';

/** A serverless resource as it is written, with what `Globals` adds. */
export interface ServerlessResource {
  readonly id: MapEntry['key'];
  readonly tree: MapTree;
  readonly properties: Tree | undefined;
}

type Transform = (resource: ServerlessResource) => readonly MapEntry[];

/**
 * What the SAM transform makes of each sort of resource, as far as roles go: the resource of CloudFormation's own in its place,
 * and the roles that it generates, under the logical ids that other resources may refer to.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
 */
export const TRANSFORMS: Readonly<Record<string, { readonly section: string; readonly transform: Transform }>> = {
  'AWS::Serverless::Function': { section: 'Function', transform: functionResources },
  'AWS::Serverless::StateMachine': { section: 'StateMachine', transform: stateMachineResources },
  'AWS::Serverless::GraphQLApi': { section: 'GraphQLApi', transform: graphQlResources },
  'AWS::Serverless::CapacityProvider': { section: 'CapacityProvider', transform: capacityProviderResources },
  'AWS::Serverless::NetworkConnector': { section: 'NetworkConnector', transform: networkConnectorResources },
  'AWS::Serverless::MicroVMImage': { section: 'MicroVMImage', transform: microVmImageResources },
};

function functionResources(resource: ServerlessResource): readonly MapEntry[] {
  const { id, properties } = resource;
  const { place } = id;
  const given = (name: string): Tree | undefined => member(properties, name);
  const traced = ['Active', 'PassThrough'].includes(scalarText(given('Tracing')) ?? '');
  const own = handedRole(resource, 'Role', {
    trust: given('AssumeRolePolicyDocument') ?? 'lambda.amazonaws.com',
    policies: given('Policies'),
    managed: [
      given('VpcConfig') === undefined ? 'AWSLambdaBasicExecutionRole' : 'AWSLambdaVPCAccessExecutionRole',
      ...(traced ? ['AWSXRayDaemonWriteAccess'] : []),
    ],
    boundary: given('PermissionsBoundary'),
    path: given('RolePath'),
    tags: tagList(given('Tags'), 'lambda:createdBy', place),
  });
  return [
    replaced(resource, 'AWS::Lambda::Function', { Role: own.role }),
    ...own.made,
    ...eventResources(resource, (type) => (type === 'ScheduleV2' ? 'scheduler.amazonaws.com' : undefined)),
  ];
}

function stateMachineResources(resource: ServerlessResource): readonly MapEntry[] {
  const { id, properties } = resource;
  const own = handedRole(resource, 'Role', {
    trust: 'states.amazonaws.com',
    policies: member(properties, 'Policies'),
    boundary: member(properties, 'PermissionsBoundary'),
    path: member(properties, 'RolePath'),
    tags: tagList(member(properties, 'Tags'), 'stateMachine:createdBy', id.place),
  });
  const name = member(properties, 'Name');
  return [
    replaced(resource, 'AWS::StepFunctions::StateMachine', {
      RoleArn: own.role,
      ...(name === undefined ? {} : { StateMachineName: name }),
    }),
    ...own.made,
    ...eventResources(resource, (type) => STARTS_EXECUTIONS[type]),
  ];
}

/** Who starts a state machine's executions for an event, with a role that is made for it. */
const STARTS_EXECUTIONS: Readonly<Record<string, string>> = {
  Schedule: 'events.amazonaws.com',
  CloudWatchEvent: 'events.amazonaws.com',
  EventBridgeRule: 'events.amazonaws.com',
  ScheduleV2: 'scheduler.amazonaws.com',
  Api: 'apigateway.amazonaws.com',
};

/** Events whose service takes a role: one is made where the event names none. */
function eventResources(
  { id, tree, properties }: ServerlessResource,
  serviceFor: (type: string) => string | undefined,
): readonly MapEntry[] {
  const events = member(properties, 'Events');
  return entriesOf(events).flatMap(({ key, value: event }) => {
    const type = scalarText(member(event, 'Type')) ?? '';
    const service = serviceFor(type);
    if (service === undefined) return [];
    const settings = member(event, 'Properties');
    const name = `${id.text}${key.text}`;
    const given = member(settings, 'RoleArn');
    const boundary =
      type === 'ScheduleV2' ? member(settings, 'PermissionsBoundary') : member(properties, 'PermissionsBoundary');
    const role = given ?? attribute(`${name}Role`, 'Arn', key.place);
    const condition = member(tree, 'Condition');
    const made = roleTree({ trust: service, boundary }, condition, key.place);
    const caller =
      service === 'scheduler.amazonaws.com'
        ? madeResource('AWS::Scheduler::Schedule', { Target: mapOf({ RoleArn: role }, key.place) }, key, condition)
        : service === 'events.amazonaws.com'
          ? madeResource(
              'AWS::Events::Rule',
              { Targets: listOf([mapOf({ RoleArn: role }, key.place)], key.place) },
              key,
              condition,
            )
          : undefined;
    return [
      ...(caller === undefined ? [] : [{ key: { ...key, text: name }, value: caller }]),
      ...(given === undefined ? [{ key: { ...key, text: `${name}Role` }, value: made }] : []),
    ];
  });
}

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-graphqlapi.html */
function graphQlResources(resource: ServerlessResource): readonly MapEntry[] {
  const { id, tree, properties } = resource;
  const condition = member(tree, 'Condition');
  const logging = member(properties, 'Logging');
  const made: MapEntry[] = [];
  const makeRole = (name: string, managed: readonly string[], at: MapEntry['key']): Tree => {
    const role = roleTree({ trust: 'appsync.amazonaws.com', managed }, condition, at.place);
    made.push({ key: { ...at, text: name }, value: role });
    return attribute(name, 'Arn', at.place);
  };
  const sources = entriesOf(member(properties, 'DataSources')).flatMap(({ value }) => entriesOf(value));
  for (const { key, value } of sources) {
    const name = `${id.text}${key.text}`;
    const role = member(value, 'ServiceRoleArn') ?? makeRole(`${name}Role`, [], key);
    const source = madeResource('AWS::AppSync::DataSource', { ServiceRoleArn: role }, key, condition);
    made.push({ key: { ...key, text: name }, value: source });
  }
  const off = scalarText(logging) === 'false';
  const logs =
    member(logging, 'CloudWatchLogsRoleArn') ??
    (off ? undefined : makeRole(`${id.text}CloudWatchRole`, ['AWSAppSyncPushToCloudWatchLogs'], id));
  const config = logs === undefined ? {} : { LogConfig: mapOf({ CloudWatchLogsRoleArn: logs }, id.place) };
  return [replaced(resource, 'AWS::AppSync::GraphQLApi', config), ...made];
}

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html */
function networkConnectorResources(resource: ServerlessResource): readonly MapEntry[] {
  const role = { trust: 'lambda.amazonaws.com', managed: ['AWSLambdaNetworkConnectorOperatorPolicy'] };
  const own = handedRole(resource, 'OperatorRole', role, 'OperatorRole');
  return [replaced(resource, 'AWS::Lambda::NetworkConnector', { OperatorRole: own.role }), ...own.made];
}

function microVmImageResources(resource: ServerlessResource): readonly MapEntry[] {
  const own = handedRole(resource, 'BuildRoleArn', { trust: 'lambda.amazonaws.com' }, 'BuildRole');
  return [replaced(resource, 'AWS::Lambda::MicrovmImage', { BuildRoleArn: own.role }), ...own.made];
}

function capacityProviderResources(resource: ServerlessResource): readonly MapEntry[] {
  const own = handedRole(
    resource,
    'OperatorRole',
    { trust: 'lambda.amazonaws.com', managed: ['AWSLambdaManagedEC2ResourceOperator'] },
    'OperatorRole',
  );
  const permissions = mapOf({ CapacityProviderOperatorRoleArn: own.role }, resource.id.place);
  return [replaced(resource, 'AWS::Lambda::CapacityProvider', { PermissionsConfig: permissions }), ...own.made];
}

/** The role that a resource hands on: its own, or the generated one; with `Fn::If` and `AWS::NoValue`, either. */
function handedRole(
  { id, tree, properties }: ServerlessResource,
  name: string,
  role: GeneratedRole,
  suffix = 'Role',
): { readonly role: Tree; readonly made: readonly MapEntry[] } {
  const given = member(properties, name);
  const generated = `${id.text}${suffix}`;
  const reference = attribute(generated, 'Arn', id.place);
  const filled = given === undefined ? undefined : withoutNoValue(given, reference);
  if (filled !== undefined && filled === given) return { role: given, made: [] };
  const value = roleTree(role, member(tree, 'Condition'), id.place);
  return { role: filled ?? reference, made: [{ key: { ...id, text: generated }, value }] };
}

function withoutNoValue(tree: Tree, instead: Tree): Tree {
  const call = intrinsicCall(tree);
  if (call?.name === 'Ref' && scalarText(call.argument) === 'AWS::NoValue') return instead;
  if (call?.name !== 'Fn::If' || call.argument.kind !== 'list') return tree;
  const [condition, ...branches] = call.argument.items;
  const filled = branches.map((branch) => withoutNoValue(branch, instead));
  if (condition === undefined || filled.every((branch, index) => branch === branches[index])) return tree;
  return mapOf({ 'Fn::If': listOf([condition, ...filled], tree.place) }, tree.place);
}

/** The serverless resource as the one of CloudFormation's own that stands under its logical id. */
function replaced(
  { id, tree, properties }: ServerlessResource,
  type: string,
  members: Readonly<Record<string, Tree>>,
): MapEntry {
  const own = withMembers(properties, members, id.place);
  return { key: id, value: withMembers(tree, { Type: written(type, id.place), Properties: own }, id.place) };
}

function madeResource(
  type: string,
  properties: Readonly<Record<string, Tree>>,
  { place }: MapEntry['key'],
  condition: Tree | undefined,
): Tree {
  return mapOf({ Type: written(type, place), Condition: condition, Properties: mapOf(properties, place) }, place);
}
