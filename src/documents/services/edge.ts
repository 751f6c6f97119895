import type { Intent } from '../../inventory/declarations.ts';
import { both } from '../../symbolic/guard.ts';
import { show, type Text } from '../../symbolic/text.ts';
import type { DeclaredResource } from '../declared-resource.ts';
import { rolesAt } from './roles-at.ts';

const EDGE = 'edgelambda.amazonaws.com';

const ASSOCIATIONS: Readonly<Record<string, readonly string[]>> = {
  'AWS::CloudFront::Distribution': [
    'DistributionConfig.DefaultCacheBehavior.LambdaFunctionAssociations[].LambdaFunctionARN',
    'DistributionConfig.CacheBehaviors[].LambdaFunctionAssociations[].LambdaFunctionARN',
  ],
  aws_cloudfront_distribution: [
    'default_cache_behavior.lambda_function_association.lambda_arn',
    'ordered_cache_behavior.lambda_function_association.lambda_arn',
  ],
};

/** Where a function names its role, and a version its function. */
const ROLES: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'Role',
  'AWS::Serverless::Function': 'Role',
  aws_lambda_function: 'role',
};
const FUNCTIONS: Readonly<Record<string, string>> = { 'AWS::Lambda::Version': 'FunctionName' };

export function isDistribution(type: string): boolean {
  return type in ASSOCIATIONS;
}

/**
 * The role of a function that a distribution runs is assumed by a second service, too: CloudFront refuses it otherwise.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions.html#lambda-edge-permissions-function-execution
 */
export function edgeIntents(distribution: DeclaredResource, resources: readonly DeclaredResource[]): readonly Intent[] {
  return (ASSOCIATIONS[distribution.type] ?? [])
    .flatMap((path) => rolesAt(distribution, path))
    .flatMap(({ text, place, guard = true }) =>
      rolesOf(text, resources).map(
        (role): Intent => ({
          kind: 'service',
          role: { text: role.text, place },
          caller: { kind: 'service', name: EDGE },
          deployment: distribution.deployment,
          guard: [distribution.guard, guard, role.guard ?? true].reduce(both),
          text: `hands the role of this function to ${EDGE}`,
        }),
      ),
    );
}

/** A function is named by what the document calls it: `${Fn.Arn}`, `${aws_lambda_function.fn.qualified_arn}`, `${FnVersion}`. */
function rolesOf(text: Text, resources: readonly DeclaredResource[]): ReturnType<typeof rolesAt> {
  const names = [...show(text).matchAll(/\$\{([^}]+)\}/g)].map(([, name = '']) => name);
  return resources
    .filter(({ id }) => names.some((name) => name === id || name.startsWith(`${id}.`)))
    .flatMap((resource) => {
      const functionName = FUNCTIONS[resource.type];
      if (functionName !== undefined)
        return rolesAt(resource, functionName).flatMap((one) => rolesOf(one.text, without(resources, resource)));
      return rolesAt(resource, ROLES[resource.type]);
    });
}

/** A version that names itself leads nowhere. */
function without(resources: readonly DeclaredResource[], one: DeclaredResource): readonly DeclaredResource[] {
  return resources.filter((resource) => resource !== one);
}
