import type { Deployment, Intent } from '../../../inventory/declarations.ts';
import { grouped } from '../../../inventory/grouped.ts';
import { concat, isKnown, show, type Text, unknownText } from '../../../symbolic/text.ts';
import { writtenIn } from '../../declared-resource.ts';
import type { TerraformResource } from '../resource.ts';
import { attributeText, textOf } from './attributes.ts';

/** The phases in which a run assumes the role of a variable. */
const PHASES: Readonly<Record<string, readonly string[]>> = {
  TFC_AWS_RUN_ROLE_ARN: ['plan', 'apply'],
  TFC_AWS_PLAN_ROLE_ARN: ['plan'],
  TFC_AWS_APPLY_ROLE_ARN: ['apply'],
};
const AUDIENCE = 'TFC_AWS_WORKLOAD_IDENTITY_AUDIENCE';

/**
 * The roles that runs of HCP Terraform assume with a token of their own, where the variables of a workspace name them.
 * https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration
 */
export function hcpRunIntents(resources: readonly TerraformResource[], deployment: Deployment): readonly Intent[] {
  const variables = grouped(
    resources.filter(({ type, mode }) => type === 'tfe_variable' && mode === 'managed'),
    (one) => [show(attributeText(one, 'key') ?? '')],
  );
  const audiences = new Map((variables.get(AUDIENCE) ?? []).map((one) => [holderOf(one), attributeText(one, 'value')]));
  const named: Named = new Map(
    resources
      .filter(({ type, mode }) => /^tfe_(workspace|project)$/.test(type) && mode === 'managed')
      .map((one) => [`\${${one.address}.id}`, one]),
  );
  return Object.entries(PHASES).flatMap(([key, phases]) =>
    (variables.get(key) ?? []).flatMap((variable): readonly Intent[] => {
      const value = variable.body.members.find(({ name }) => name === 'value');
      const role = textOf(value === undefined ? undefined : writtenIn(variable.body.place, value));
      if (role === undefined) return [];
      const holder = holderOf(variable);
      // What other variables set beside it is not known.
      const audience = audiences.has(holder) ? (audiences.get(holder) ?? '') : 'aws.workload.identity';
      const subject = subjectOf(holder, named);
      return phases.map((phase) => ({
        kind: 'workflow',
        role,
        caller: {
          kind: 'token',
          issuer: 'app.terraform.io',
          forms: [
            new Map<string, Text>([
              ['sub', concat(subject, ':run_phase:', phase)],
              ['aud', audience],
            ]),
          ],
        },
        deployment,
        guard: variable.guard,
        text: `the ${phase} of a run assumes it with its token (${key})`,
        weight: 'warning',
      }));
    }),
  );
}

/** Whose variable it is: a workspace's, or a set's. */
function holderOf(variable: TerraformResource): string {
  return show(attributeText(variable, 'workspace_id') ?? attributeText(variable, 'variable_set_id') ?? '');
}

/** Workspaces and projects, by the text that names each: `${tfe_workspace.prod.id}`. */
type Named = ReadonlyMap<string, TerraformResource>;

/** `organization:octo-org:project:main:workspace:prod`, as far as the documents tell. */
function subjectOf(holder: string, named: Named): Text {
  const workspace = named.get(holder);
  const project = named.get(show(attributeOf(workspace, 'project_id') ?? ''));
  const part = (sort: string, from: TerraformResource | undefined, name: string): Text => {
    const text = attributeOf(from, name);
    // A name is one step of the subject.
    if (text !== undefined && (!isKnown(text) || !text.includes(':'))) return text;
    const missing = `the ${sort} whose runs take the variables of ${holder === '' ? 'a workspace' : holder}`;
    return unknownText({ id: `hcp:${sort}:${holder}`, kind: 'open', shown: `\${${sort}}`, missing, undeclared: true });
  };
  return concat(
    'organization:',
    part('organization', workspace, 'organization'),
    ':project:',
    part('project', project, 'name'),
    ':workspace:',
    part('workspace', workspace, 'name'),
  );
}

function attributeOf(resource: TerraformResource | undefined, name: string): Text | undefined {
  return resource === undefined ? undefined : attributeText(resource, name);
}
