import type { Place } from '../../../source/source.ts';
import { member, scalarText, type Tree } from '../../../source/tree.ts';
import { intrinsicCall } from '../intrinsic-call.ts';
import { listOf, mapOf, noValue, written } from './written.ts';

/** A role that the transform makes for a resource. */
export interface GeneratedRole {
  /** The service that assumes it, or a trust policy that the resource gives itself. */
  readonly trust: string | Tree;
  /** The resource's `Policies`. */
  readonly policies?: Tree | undefined;
  /** Managed policies by name that the transform attaches besides. */
  readonly managed?: readonly string[];
  readonly boundary?: Tree | undefined;
  readonly path?: Tree | undefined;
  readonly tags?: Tree | undefined;
}

/** The role as a template would write it, all of it standing at the resource that it is made for. */
export function roleTree(role: GeneratedRole, condition: Tree | undefined, place: Place): Tree {
  const policies = listed(role.policies);
  const properties = {
    AssumeRolePolicyDocument: typeof role.trust === 'string' ? trustOf(role.trust, place) : role.trust,
    ManagedPolicyArns: listOf(
      [
        ...(role.managed ?? []).map((name) => written(name, place)),
        ...policies.map((one) => sorted(one, 'managed')).filter((one) => one !== undefined),
      ],
      place,
    ),
    Policies: listOf(
      policies.map((one) => sorted(one, 'inline')).filter((one) => one !== undefined),
      place,
    ),
    PermissionsBoundary: role.boundary,
    Path: role.path,
    Tags: role.tags,
  };
  return mapOf(
    { Type: written('AWS::IAM::Role', place), Condition: condition, Properties: mapOf(properties, place) },
    place,
  );
}

function trustOf(service: string, place: Place): Tree {
  const statement = mapOf(
    {
      Effect: written('Allow', place),
      Principal: mapOf({ Service: listOf([written(service, place)], place) }, place),
      Action: listOf([written('sts:AssumeRole', place)], place),
    },
    place,
  );
  return mapOf({ Version: written('2012-10-17', place), Statement: listOf([statement], place) }, place);
}

function listed(policies: Tree | undefined): readonly Tree[] {
  if (policies === undefined || (policies.kind === 'scalar' && policies.type === 'null')) return [];
  return policies.kind === 'list' && policies.tag === undefined ? policies.items : [policies];
}

/**
 * One of `Policies` as an entry of the role's `Policies` or of its `ManagedPolicyArns`; undefined where it is of the other sort.
 * A policy template (`{DynamoDBReadPolicy: {…}}`) grants nothing that is about assuming roles.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-template-list.html
 */
function sorted(policy: Tree, wanted: 'managed' | 'inline'): Tree | undefined {
  const { place } = policy;
  const call = intrinsicCall(policy);
  if (call?.name === 'Fn::If' && call.argument.kind === 'list') {
    const [name, whenTrue, whenFalse] = call.argument.items;
    if (name === undefined || whenTrue === undefined || whenFalse === undefined) return undefined;
    const branches = [whenTrue, whenFalse].map((branch) => sorted(branch, wanted));
    if (branches.every((branch) => branch === undefined)) return undefined;
    return mapOf({ 'Fn::If': listOf([name, ...branches.map((branch) => branch ?? noValue(place))], place) }, place);
  }
  if (call !== undefined || policy.kind === 'scalar') {
    const absent = call?.name === 'Ref' && scalarText(call.argument) === 'AWS::NoValue';
    return wanted === 'managed' && !absent ? policy : undefined;
  }
  if (wanted === 'managed' || member(policy, 'Statement') === undefined) return undefined;
  return mapOf({ PolicyName: written('Policies', place), PolicyDocument: policy }, place);
}

/** Tags as a map are a list in CloudFormation, with the transform's own mark. */
export function tagList(tags: Tree | undefined, mark: string, place: Place): Tree {
  const own = tags?.kind === 'map' && intrinsicCall(tags) === undefined ? tags.entries : [];
  const all = [{ key: written(mark, place), value: written('SAM', place) as Tree }, ...own];
  return listOf(
    all.map(({ key, value }) => mapOf({ Key: key, Value: value }, place)),
    place,
  );
}
