import type { Holder, IamCalls, Inline } from './calls.ts';
import type { Deadline } from './deadline.ts';
import { type Fault, faultOf } from './faults.ts';
import type { Wanted } from './wanted.ts';

/** What one account answered, in the shape of get-account-authorization-details, and what it did not. */
interface Answers {
  readonly UserDetailList: unknown[];
  readonly GroupDetailList: unknown[];
  readonly RoleDetailList: unknown[];
  readonly Policies: unknown[];
  /** ARNs of what IAM says is not there. */
  readonly Absent: string[];
  readonly OpenIDConnectProviderList: unknown[];
  readonly SAMLProviderList: unknown[];
  /** Kinds of which all was listed: `oidc-provider:111122223333`. */
  readonly Listed: string[];
}

/** Told once each, however many entities wait for it. */
export type Missed = (permission: string, fault: Exclude<Fault, { readonly kind: 'absent' }>, of: Wanted) => void;

/** Asks one account for what is wanted of it. Everything is asked once. */
export class AccountQuestions {
  readonly answers: Answers = {
    UserDetailList: [],
    GroupDetailList: [],
    RoleDetailList: [],
    Policies: [],
    Absent: [],
    OpenIDConnectProviderList: [],
    SAMLProviderList: [],
    Listed: [],
  };
  readonly #calls: IamCalls;
  readonly #account: string;
  readonly #missed: Missed;
  readonly #deadline: Deadline;
  readonly #providers = new Set<string>();
  readonly #asked = new Map<string, Promise<unknown>>();

  constructor(calls: IamCalls, account: string, missed: Missed, deadline: Deadline) {
    this.#deadline = deadline;
    this.#calls = calls;
    this.#account = account;
    this.#missed = missed;
  }

  async ask(wanted: Wanted): Promise<void> {
    switch (wanted.kind) {
      case 'role':
        return this.#role(wanted);
      case 'user':
        return this.#user(wanted);
      case 'policy':
        return this.#policy(wanted.name, wanted, this.answers.Absent);
      case 'oidc-provider':
        return this.#oidcProvider(wanted);
      case 'saml-provider':
        return this.#samlProvider(wanted);
    }
  }

  async #role(wanted: Wanted): Promise<void> {
    const role = await this.#answer('iam:GetRole', wanted, () => this.#calls.role(wanted.name), this.answers.Absent);
    if (role === undefined || !this.#isOurs(role.Arn)) return;
    const held = wanted.policies ? await this.#held('Role', wanted.name, wanted) : NOT_ASKED;
    const boundary = role.PermissionsBoundary?.PermissionsBoundaryArn;
    if (boundary !== undefined && wanted.policies) await this.#policy(boundary, wanted);
    this.answers.RoleDetailList.push({
      Path: role.Path,
      RoleName: role.RoleName,
      RoleId: role.RoleId,
      Arn: role.Arn,
      AssumeRolePolicyDocument: role.AssumeRolePolicyDocument,
      RolePolicyList: held.inline,
      AttachedManagedPolicies: held.attached,
      PermissionsBoundary: role.PermissionsBoundary,
      MaxSessionDuration: role.MaxSessionDuration,
      Tags: role.Tags ?? [],
      NotShown: held.notShown,
    });
  }

  async #user(wanted: Wanted): Promise<void> {
    const user = await this.#answer('iam:GetUser', wanted, () => this.#calls.user(wanted.name), this.answers.Absent);
    if (user === undefined || !this.#isOurs(user.Arn)) return;
    const held = await this.#held('User', wanted.name, wanted);
    const groups = await this.#answer('iam:ListGroupsForUser', wanted, () => this.#calls.groupsOf(wanted.name));
    await Promise.all(
      (groups ?? []).map(({ GroupName, Arn }) =>
        GroupName === undefined
          ? undefined
          : this.#once(`group ${GroupName}`, () => this.#group(GroupName, Arn, wanted)),
      ),
    );
    const boundary = user.PermissionsBoundary?.PermissionsBoundaryArn;
    if (boundary !== undefined) await this.#policy(boundary, wanted);
    this.answers.UserDetailList.push({
      Path: user.Path,
      UserName: user.UserName,
      UserId: user.UserId,
      Arn: user.Arn,
      UserPolicyList: held.inline,
      GroupList: (groups ?? []).map(({ GroupName }) => GroupName),
      AttachedManagedPolicies: held.attached,
      PermissionsBoundary: user.PermissionsBoundary,
      Tags: user.Tags ?? [],
      NotShown: [...held.notShown, ...(groups === undefined ? ['iam:ListGroupsForUser'] : [])],
    });
  }

  async #group(name: string, arn: string | undefined, wanted: Wanted): Promise<void> {
    const held = await this.#held('Group', name, wanted);
    this.answers.GroupDetailList.push({
      GroupName: name,
      Arn: arn,
      GroupPolicyList: held.inline,
      AttachedManagedPolicies: held.attached,
      NotShown: held.notShown,
    });
  }

  /** The policies of a role, a user or a group, and the calls that did not show all of them. */
  async #held(holder: Holder, name: string, wanted: Wanted): Promise<Held> {
    const notShown = new Set<string>();
    const [list, get, attached] = [
      `iam:List${holder}Policies`,
      `iam:Get${holder}Policy`,
      `iam:ListAttached${holder}Policies`,
    ];
    const names = await this.#answer(list, wanted, () => this.#calls.inlineNames(holder, name));
    if (names === undefined) notShown.add(list);
    const inline: Inline[] = [];
    for (const one of names ?? []) {
      const policy = await this.#answer(get, wanted, () => this.#calls.inline(holder, name, one));
      if (policy === undefined) notShown.add(get);
      else inline.push(policy);
    }
    const arns = await this.#answer(attached, wanted, () => this.#calls.attached(holder, name));
    if (arns === undefined) notShown.add(attached);
    await Promise.all((arns ?? []).map((arn) => this.#policy(arn, wanted)));
    return { inline, attached: (arns ?? []).map((PolicyArn) => ({ PolicyArn })), notShown: [...notShown] };
  }

  /** One that is not told stays unknown: nothing declares it. */
  #policy(arn: string, wanted: Wanted, absent?: string[]): Promise<void> {
    return this.#once(`policy ${arn}`, async () => {
      const policy = await this.#answer('iam:GetPolicy', wanted, () => this.#calls.policy(arn), absent);
      const version = policy?.DefaultVersionId;
      if (policy?.Arn !== arn || version === undefined) return;
      const document = await this.#answer('iam:GetPolicyVersion', wanted, () =>
        this.#calls.policyVersion(arn, version),
      );
      if (document === undefined) return;
      const shown = { VersionId: version, IsDefaultVersion: true, Document: document };
      this.answers.Policies.push({ Arn: arn, DefaultVersionId: version, PolicyVersionList: [shown] });
    });
  }

  /** Only a list shows that there is none. */
  async #oidcProvider(wanted: Wanted): Promise<void> {
    const list = () => this.#calls.oidcProviders();
    if (!(await this.#mayBeListed('iam:ListOpenIDConnectProviders', wanted, list))) return;
    const audiences = await this.#answer('iam:GetOpenIDConnectProvider', wanted, () =>
      this.#calls.audiences(wanted.arn),
    );
    this.answers.OpenIDConnectProviderList.push({ Arn: wanted.arn, ClientIDList: audiences });
  }

  async #samlProvider(wanted: Wanted): Promise<void> {
    const list = () => this.#calls.samlProviders();
    if (!(await this.#mayBeListed('iam:ListSAMLProviders', wanted, list))) return;
    // A list says all that matters: that it is there.
    const found =
      this.#providers.has(wanted.arn) ||
      (await this.#answer('iam:GetSAMLProvider', wanted, () => this.#calls.samlProvider(wanted.arn))) !== undefined;
    if (found) this.answers.SAMLProviderList.push({ Arn: wanted.arn });
  }

  async #mayBeListed(permission: string, wanted: Wanted, list: () => Promise<readonly string[]>): Promise<boolean> {
    await this.#once(permission, async () => {
      const arns = await this.#answer(permission, wanted, list);
      if (arns === undefined) return;
      this.answers.Listed.push(`${wanted.kind}:${this.#account}`);
      for (const arn of arns) this.#providers.add(arn);
    });
    return !this.answers.Listed.includes(`${wanted.kind}:${this.#account}`) || this.#providers.has(wanted.arn);
  }

  /** Undefined where it was not told; where IAM says that it is not there, its ARN is noted. */
  async #answer<T>(
    permission: string,
    wanted: Wanted,
    ask: () => Promise<T>,
    absent?: string[],
  ): Promise<T | undefined> {
    try {
      return await this.#deadline.within(ask);
    } catch (error) {
      const fault = faultOf(error);
      if (fault.kind === 'absent') absent?.push(wanted.arn);
      else this.#missed(permission, fault, wanted);
      return undefined;
    }
  }

  #once(key: string, ask: () => Promise<void>): Promise<unknown> & Promise<void> {
    const known = this.#asked.get(key) ?? ask();
    this.#asked.set(key, known);
    return known as Promise<void>;
  }

  /** An answer names its ARN: one of another account is not used. */
  #isOurs(arn: string | undefined): boolean {
    return arn?.split(':')[4] === this.#account;
  }
}

interface Held {
  readonly inline: readonly Inline[];
  readonly attached: readonly { readonly PolicyArn: string }[];
  readonly notShown: readonly string[];
}

/** The role is only to be assumed: its own policies do not matter. */
const NOT_ASKED: Held = { inline: [], attached: [], notShown: ['its policies are not asked for'] };
