import { textItems } from '../../iam/item.ts';
import { type PolicyUse, parsePolicy } from '../../iam/parse-policy.ts';
import type { PolicyDocument } from '../../inventory/declarations.ts';
import type { OrganizationPolicy } from '../../inventory/organization.ts';
import { policyValue } from '../policy-text.ts';
import { property } from './references.ts';
import type { Scope } from './scope.ts';
import type { Resource } from './template.ts';

const USES: Readonly<Record<string, Extract<PolicyUse, 'scp' | 'rcp'>>> = {
  SERVICE_CONTROL_POLICY: 'scp',
  RESOURCE_CONTROL_POLICY: 'rcp',
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-policy.html */
export function organizationPolicy(
  scope: Scope,
  resource: Resource,
): { readonly attached: OrganizationPolicy; readonly document: PolicyDocument } | undefined {
  const use = USES[scope.literal(property(resource, 'Type')) ?? ''];
  const content = property(resource, 'Content');
  if (resource.type !== 'AWS::Organizations::Policy' || use === undefined || content === undefined) return undefined;
  const { found, assumes } = scope.noting(() => scope.resolve(content));
  if (found === undefined) return undefined;
  const owner = `${use.toUpperCase()} ${resource.id}`;
  const policy = { ...parsePolicy(policyValue(found), use, owner), assumes };
  const targets = property(resource, 'TargetIds');
  const items = targets === undefined ? [] : textItems(scope.resolve(targets));
  return {
    attached: { use, policy, targets: items, guard: scope.exists(resource) },
    document: { policy, use, owner },
  };
}
