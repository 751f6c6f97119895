import { type Item, textItems } from '../../../iam/item.ts';
import { type PolicyUse, parsePolicy } from '../../../iam/parse-policy.ts';
import { guardedPolicy, namedPolicy, type Policy } from '../../../iam/policy.ts';
import type {
  Attachment,
  Declarations,
  GroupDeclaration,
  ManagedPolicyDeclaration,
  Membership,
  PolicyDocument,
  Problem,
  ProviderDeclaration,
  RoleDeclaration,
  UserDeclaration,
} from '../../../inventory/declarations.ts';
import type { Exclusive } from '../../../inventory/exclusives.ts';
import { parseJson } from '../../../source/json.ts';
import { locate, type Place, SourceFile } from '../../../source/source.ts';
import { both, type Guard } from '../../../symbolic/guard.ts';
import { isKnown, show, type Text, type Unknown } from '../../../symbolic/text.ts';
import { guardedItemsOf, type Member, memberOf, type Value } from '../../../symbolic/value.ts';
import { policyValue } from '../../policy-text.ts';
import type { TerraformResource } from '../resource.ts';
import { ATTACHING, type Attaching } from './attaching.ts';
import { attribute, boundaryOf, textOf } from './attributes.ts';
import { inEachName } from './each-name.ts';
import { describedBy, longestSession, uniqueIdOf } from './entity-attributes.ts';
import { exclusiveLists } from './exclusive-lists.ts';
import { arnOf, nameOf, pathOf, policyNameOf } from './names.ts';
import type { Provider, Providers } from './providers.ts';
import { terraformTags } from './tags.ts';

/** Reads the IAM resources of one root module into declarations. */
export class IamResources {
  readonly #providers: Providers;
  readonly #entities: (RoleDeclaration | UserDeclaration | GroupDeclaration)[] = [];
  readonly #managedPolicies: ManagedPolicyDeclaration[] = [];
  readonly #identityProviders: ProviderDeclaration[] = [];
  readonly #attachments: Attachment[] = [];
  readonly #exclusives: Exclusive[] = [];
  readonly #memberships: Membership[] = [];
  readonly #policies: PolicyDocument[] = [];
  readonly #problems: Problem[] = [];

  constructor(providers: Providers) {
    this.#providers = providers;
  }

  declarations(): Pick<
    Declarations,
    | 'entities'
    | 'managedPolicies'
    | 'providers'
    | 'attachments'
    | 'exclusives'
    | 'memberships'
    | 'policies'
    | 'problems'
  > {
    return {
      entities: this.#entities,
      managedPolicies: this.#managedPolicies,
      providers: this.#identityProviders,
      attachments: this.#attachments,
      exclusives: this.#exclusives,
      memberships: this.#memberships,
      policies: this.#policies,
      problems: this.#problems,
    };
  }

  read(resource: TerraformResource): void {
    if (resource.guard === false) return;
    const provider = this.#providers.of(resource.provider);
    if (resource.mode === 'data') this.#looked(resource, provider);
    else this.#managed(resource, provider);
  }

  #managed(resource: TerraformResource, provider: Provider): void {
    const { deployment } = provider;
    for (const one of inEachName(resource))
      this.#exclusives.push(...exclusiveLists(one, deployment.account, nameOf(one)));
    switch (resource.type) {
      case 'aws_iam_role':
      case 'awscc_iam_role': {
        const document =
          attribute(resource, 'assume_role_policy') ?? attribute(resource, 'assume_role_policy_document');
        const trust = this.#document(document, 'trust', `trust policy of ${resource.address}`);
        const more = { trust, longestSession: longestSession(resource), ...describedBy(resource) };
        this.#entities.push(
          ...this.#named(resource, provider).map((one) => ({ kind: 'role' as const, ...one, ...more })),
        );
        return;
      }
      case 'aws_iam_user':
      case 'awscc_iam_user': {
        const groups = textItems(attribute(resource, 'groups'));
        this.#entities.push(
          ...this.#named(resource, provider).map((one) => ({ kind: 'user' as const, ...one, groups })),
        );
        return;
      }
      case 'aws_iam_group':
      case 'awscc_iam_group':
        this.#entities.push(...this.#named(resource, provider).map((one) => ({ kind: 'group' as const, ...one })));
        return;
      case 'aws_iam_openid_connect_provider':
      case 'awscc_iam_oidc_provider':
      case 'aws_iam_saml_provider':
      case 'awscc_iam_saml_provider':
        this.#identityProvider(resource, provider);
        return;
      case 'aws_iam_policy':
      case 'awscc_iam_managed_policy':
        this.#managedPolicy(resource, provider);
        return;
      case 'aws_iam_group_membership':
        for (const user of named(resource, 'users'))
          for (const group of named(resource, 'group'))
            this.#memberships.push({ account: deployment.account, user, group });
        return;
      case 'aws_iam_user_group_membership':
        for (const user of named(resource, 'user'))
          for (const group of named(resource, 'groups'))
            this.#memberships.push({ account: deployment.account, user, group });
        return;
      default:
        for (const attaching of ATTACHING[resource.type] ?? []) this.#attach(resource, attaching, provider);
    }
  }

  /** What a data source has read of somebody else's role or policy. */
  #looked(resource: TerraformResource, provider: Provider): void {
    if (/^aws_iam_(openid_connect|saml)_provider$/.test(resource.type)) this.#identityProvider(resource, provider);
    const document = attribute(resource, resource.type === 'aws_iam_role' ? 'assume_role_policy' : 'policy');
    if (document === undefined) return;
    if (resource.type === 'aws_iam_role') {
      const trust = this.#document(document, 'trust', `trust policy of ${resource.address}`);
      const missing = `the identity policies of ${resource.address}, which only its own documents declare`;
      const open: Unknown = {
        id: `identity:${resource.address}`,
        kind: 'open',
        shown: missing,
        missing,
        undeclared: true,
      };
      this.#entities.push({
        kind: 'role',
        ...this.#entity(resource, provider),
        trust,
        standing: 'dump',
        partial: true,
        open: [open],
      });
    } else if (resource.type === 'aws_iam_policy') this.#managedPolicy(resource, provider);
  }

  #identityProvider(resource: TerraformResource, { deployment }: Provider): void {
    const arn = arnOf(resource, deployment);
    const listed = attribute(resource, 'client_id_list');
    if (arn === undefined) return;
    this.#identityProviders.push({
      arn,
      clientIds: listed === undefined ? undefined : textItems(listed),
      standing: resource.mode === 'data' ? 'dump' : 'document',
      ...(resource.guard === true ? {} : { guard: resource.guard }),
      place: resource.place,
    });
  }

  /** Once for each name that it may have. */
  #named(resource: TerraformResource, provider: Provider): readonly Omit<RoleDeclaration, 'kind' | 'trust'>[] {
    const entity = this.#entity(resource, provider);
    const names = inEachName(resource);
    if (names.length === 1) return [entity];
    return names.map((one) => ({
      ...entity,
      guard: one.guard,
      arn: arnOf(one, provider.deployment) ?? entity.arn,
      name: nameOf(one),
    }));
  }

  #entity(resource: TerraformResource, provider: Provider): Omit<RoleDeclaration, 'kind' | 'trust'> {
    const { deployment } = provider;
    const { inline, open } = this.#inline(resource);
    return {
      deployment,
      standing: 'document',
      ...(resource.guard === true ? {} : { guard: resource.guard }),
      partial: false,
      id: resource.address,
      arn: arnOf(resource, deployment) ?? resource.address,
      account: deployment.account,
      name: nameOf(resource),
      path: pathOf(resource),
      inline,
      managed: textItems(attribute(resource, 'managed_policy_arns')),
      boundary: boundaryOf(resource),
      tags: terraformTags(resource, provider),
      uniqueId: uniqueIdOf(resource),
      open,
      place: resource.place,
    };
  }

  /** `inline_policy` blocks of a role; `policies` where the resource is CloudFormation's own. */
  #inline(resource: TerraformResource): { readonly inline: readonly Policy[]; readonly open: readonly Unknown[] } {
    const inline: Policy[] = [];
    const open: Unknown[] = [];
    const list = resource.type === 'aws_iam_role' ? 'inline_policy' : 'policies';
    const blocks = attribute(resource, list);
    for (const { value: block, guard } of guardedItemsOf(blocks)) {
      if (block.kind === 'unknown') open.push(block.unknown);
      const name = textOf(memberOf(block, 'name') ?? memberOf(block, 'policy_name'));
      const document = memberNamed(block, 'policy') ?? memberNamed(block, 'policy_document');
      const label = `inline policy ${name === undefined ? 'without a name' : show(name.text)} of ${resource.address}`;
      const policy = this.#document(document, 'identity', label);
      const found = resource.applied?.(list) === 'found' ? ({ found: true } as const) : {};
      if (policy !== undefined) inline.push({ ...guardedPolicy(namedPolicy(policy, name?.text), guard), ...found });
    }
    return { inline, open };
  }

  #document(value: Value | undefined, use: PolicyUse, owner: string): Policy | undefined {
    if (value === undefined || (value.kind === 'text' && value.text === '')) return undefined;
    const document = policyValue(value);
    const broken =
      document.kind === 'unknown' && value.kind === 'text' ? brokenJson(value.text, value.place) : undefined;
    if (broken !== undefined)
      this.#problems.push({ level: 'error', message: `the ${owner} is ${broken}`, place: value.place });
    const policy = parsePolicy(document, use, owner);
    this.#policies.push({ policy, use, owner });
    return policy;
  }

  #managedPolicy(resource: TerraformResource, provider: Provider): void {
    const document = attribute(resource, 'policy') ?? attribute(resource, 'policy_document');
    const policy = this.#document(document, 'identity', `managed policy ${resource.address}`);
    const arn = arnOf(resource, provider.deployment);
    if (policy === undefined) return;
    const guarded = guardedPolicy(policy, resource.guard);
    const shown = resource.mode === 'data' ? { deployed: true as const } : {};
    if (arn !== undefined) this.#managedPolicies.push({ arn, policy: guarded, ...shown });
    for (const to of ['role', 'user', 'group'] as const)
      for (const name of resource.type === 'awscc_iam_managed_policy' ? named(resource, `${to}s`) : [])
        this.#push(to, name, provider, { kind: 'policy', policy: arn === undefined ? guarded : { ...guarded, arn } });
  }

  #attach(resource: TerraformResource, { to, names, document, arns }: Attaching, provider: Provider): void {
    const written = document === undefined ? undefined : attribute(resource, document);
    const read = this.#document(written, 'identity', `policy ${resource.address}`);
    const policy = read && namedPolicy(read, policyNameOf(resource));
    if (written?.kind === 'text' && written.text === '')
      this.#problems.push({
        level: 'warning',
        message: `${resource.address} has an empty policy: of a text that is no policy a plan keeps nothing`,
        place: resource.place,
      });
    const managed = arns === undefined ? [] : textItems(attribute(resource, arns));
    for (const name of named(resource, names)) {
      if (policy !== undefined)
        this.#push(to, name, provider, { kind: 'policy', policy: guardedPolicy(policy, resource.guard) });
      for (const arn of managed)
        this.#push(to, name, provider, { kind: 'managed', arn: guardedItem(arn, resource.guard) });
    }
  }

  #push(to: Attachment['to'], name: Item, provider: Provider, what: Attachment['what']): void {
    this.#attachments.push({ to, account: provider.deployment.account, name, what });
  }
}

/** What keeps a known text from being JSON, which the provider refuses before AWS sees it. */
function brokenJson(text: Text, place: Place): string | undefined {
  if (!isKnown(text)) return undefined;
  const [problem] = parseJson(new SourceFile(place.source.path, text)).problems;
  return problem && `${problem.message}, in line ${locate(problem.place).startLine} of its text`;
}

/** The names that an attribute gives, under the resource's own choices. */
function named(resource: TerraformResource, name: string): readonly Item[] {
  return textItems(attribute(resource, name)).map((item) => guardedItem(item, resource.guard));
}

function guardedItem(item: Item, guard: Guard): Item {
  return guard === true ? item : { ...item, guard: both(guard, item.guard ?? true) };
}

function memberNamed(value: Value, name: string): Member['value'] | undefined {
  return value.kind === 'map' ? value.members.find((member) => member.name === name)?.value : undefined;
}
