import type { Intent } from '../../inventory/declarations.ts';
import { both } from '../../symbolic/guard.ts';
import { show, unknownText } from '../../symbolic/text.ts';
import type { DeclaredResource } from '../declared-resource.ts';
import { rolesAt } from './roles-at.ts';

const BUILDS: Readonly<Record<string, { readonly role: string; readonly commands: string; readonly source: string }>> =
  {
    'AWS::CodeBuild::Project': { role: 'ServiceRole', commands: 'Source.BuildSpec', source: 'Source.Type' },
    aws_codebuild_project: { role: 'service_role', commands: 'source.buildspec', source: 'source.type' },
  };

/**
 * A build runs what its buildspec says, with its own role. Where that is `cdk deploy`, it assumes the roles of a bootstrap, which
 * stand elsewhere: `deployedBy` joins them.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec-ref-name-storage
 */
export function buildIntents(resource: DeclaredResource): readonly Intent[] {
  const build = BUILDS[resource.type];
  if (build === undefined) return [];
  const [written] = rolesAt(resource, build.commands);
  const [source] = rolesAt(resource, build.source);
  if (written === undefined && source?.text === 'NO_SOURCE') return [];
  const place = written?.place ?? resource.place;
  return rolesAt(resource, build.role).map((caller) => ({
    kind: 'service',
    role: { text: bootstrapRole(resource), place },
    caller: { kind: 'principal', arn: caller.text },
    deployment: resource.deployment,
    guard: both(resource.guard, caller.guard ?? true),
    text: `is assumed by the build ${resource.id}, which runs cdk deploy`,
    // The CDK may go on with the credentials that it has: https://github.com/aws/aws-cdk/issues/30236
    weight: 'warning',
    runs: written === undefined ? 'buildspec.yml' : show(written.text),
  }));
}

function bootstrapRole({ id, place }: DeclaredResource): Intent['role']['text'] {
  return unknownText({
    id: `bootstrap:${place.source.path}:${id}`,
    kind: 'open',
    shown: '${bootstrap role}',
    missing: `which roles cdk deploy assumes in the build ${id}: what cdk synth makes (cdk.out) is not among the documents`,
    undeclared: true,
  });
}
