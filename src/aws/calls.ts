import type { Group, IAMClient, Policy, Role, User } from '@aws-sdk/client-iam';

type Sdk = typeof import('@aws-sdk/client-iam');

/** Those that policies are attached to. */
export type Holder = 'Role' | 'User' | 'Group';

export interface Inline {
  readonly PolicyName: string;
  readonly PolicyDocument: string;
}

/** The read-only calls that are made, each to its last page. What is needed to make them stands in docs/live-accounts.md. */
export class IamCalls {
  readonly #sdk: Sdk;
  readonly #iam: IAMClient;

  readonly #options: { readonly abortSignal: AbortSignal };

  constructor(sdk: Sdk, iam: IAMClient, abortSignal: AbortSignal) {
    this.#sdk = sdk;
    this.#iam = iam;
    this.#options = { abortSignal };
  }

  async role(RoleName: string): Promise<Role> {
    return given((await this.#iam.send(new this.#sdk.GetRoleCommand({ RoleName }), this.#options)).Role);
  }

  async user(UserName: string): Promise<User> {
    return given((await this.#iam.send(new this.#sdk.GetUserCommand({ UserName }), this.#options)).User);
  }

  groupsOf(UserName: string): Promise<readonly Group[]> {
    return everyPage(async (Marker) => {
      const page = await this.#iam.send(new this.#sdk.ListGroupsForUserCommand({ UserName, Marker }), this.#options);
      return { items: page.Groups, marker: page.Marker };
    });
  }

  inlineNames(holder: Holder, name: string): Promise<readonly string[]> {
    return everyPage(async (Marker) => {
      const page = await this.#listInline(holder, name, Marker);
      return { items: page.PolicyNames, marker: page.Marker };
    });
  }

  async inline(holder: Holder, name: string, PolicyName: string): Promise<Inline> {
    const { PolicyDocument } = await this.#getInline(holder, name, PolicyName);
    return { PolicyName, PolicyDocument: given(PolicyDocument) };
  }

  async attached(holder: Holder, name: string): Promise<readonly string[]> {
    const all = await everyPage(async (Marker) => {
      const page = await this.#listAttached(holder, name, Marker);
      return { items: page.AttachedPolicies, marker: page.Marker };
    });
    return all.map(({ PolicyArn }) => given(PolicyArn));
  }

  async policy(PolicyArn: string): Promise<Policy> {
    return given((await this.#iam.send(new this.#sdk.GetPolicyCommand({ PolicyArn }), this.#options)).Policy);
  }

  async policyVersion(PolicyArn: string, VersionId: string): Promise<string> {
    const answer = await this.#iam.send(new this.#sdk.GetPolicyVersionCommand({ PolicyArn, VersionId }), this.#options);
    return given(answer.PolicyVersion?.Document);
  }

  async oidcProviders(): Promise<readonly string[]> {
    const answer = await this.#iam.send(new this.#sdk.ListOpenIDConnectProvidersCommand({}), this.#options);
    return given(answer.OpenIDConnectProviderList).map(({ Arn }) => given(Arn));
  }

  async samlProviders(): Promise<readonly string[]> {
    const answer = await this.#iam.send(new this.#sdk.ListSAMLProvidersCommand({}), this.#options);
    return given(answer.SAMLProviderList).map(({ Arn }) => given(Arn));
  }

  /** The audiences whose tokens it takes. */
  async audiences(OpenIDConnectProviderArn: string): Promise<readonly string[]> {
    const command = new this.#sdk.GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn });
    const { Url, ClientIDList } = await this.#iam.send(command, this.#options);
    // A provider may have none, but none is without its address.
    return given(Url) === '' ? [] : (ClientIDList ?? []);
  }

  async samlProvider(SAMLProviderArn: string): Promise<string> {
    const command = new this.#sdk.GetSAMLProviderCommand({ SAMLProviderArn });
    given((await this.#iam.send(command, this.#options)).SAMLMetadataDocument);
    return SAMLProviderArn;
  }

  #listInline(holder: Holder, name: string, Marker: string | undefined) {
    switch (holder) {
      case 'Role':
        return this.#iam.send(new this.#sdk.ListRolePoliciesCommand({ RoleName: name, Marker }), this.#options);
      case 'User':
        return this.#iam.send(new this.#sdk.ListUserPoliciesCommand({ UserName: name, Marker }), this.#options);
      case 'Group':
        return this.#iam.send(new this.#sdk.ListGroupPoliciesCommand({ GroupName: name, Marker }), this.#options);
    }
  }

  #getInline(holder: Holder, name: string, PolicyName: string) {
    switch (holder) {
      case 'Role':
        return this.#iam.send(new this.#sdk.GetRolePolicyCommand({ RoleName: name, PolicyName }), this.#options);
      case 'User':
        return this.#iam.send(new this.#sdk.GetUserPolicyCommand({ UserName: name, PolicyName }), this.#options);
      case 'Group':
        return this.#iam.send(new this.#sdk.GetGroupPolicyCommand({ GroupName: name, PolicyName }), this.#options);
    }
  }

  #listAttached(holder: Holder, name: string, Marker: string | undefined) {
    switch (holder) {
      case 'Role':
        return this.#iam.send(new this.#sdk.ListAttachedRolePoliciesCommand({ RoleName: name, Marker }), this.#options);
      case 'User':
        return this.#iam.send(new this.#sdk.ListAttachedUserPoliciesCommand({ UserName: name, Marker }), this.#options);
      case 'Group':
        return this.#iam.send(
          new this.#sdk.ListAttachedGroupPoliciesCommand({ GroupName: name, Marker }),
          this.#options,
        );
    }
  }
}

/** An answer without its only content is none. */
class EmptyAnswer extends Error {
  override readonly name = 'EmptyAnswer';
}

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new EmptyAnswer();
  return value;
}

interface Page<T> {
  /** Absent where an answer is not what it should be. */
  readonly items: readonly T[] | undefined;
  readonly marker: string | undefined;
}

/** More pages than any quota allows: an endpoint that never ends is not believed. */
const MOST_PAGES = 1000;

async function everyPage<T>(ask: (marker: string | undefined) => Promise<Page<T>>): Promise<readonly T[]> {
  const all: T[] = [];
  let marker: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { items, marker: next } = await ask(marker);
    all.push(...given(items));
    if (next === undefined || next === '') return all;
    marker = next;
  }
  throw new EmptyAnswer();
}
