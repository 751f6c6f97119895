import type { IAMClient, IAMClientConfig } from '@aws-sdk/client-iam';
import { partitionOf } from '../iam/arn.ts';
import type { Deadline } from './deadline.ts';
import type { Environment } from './environment.ts';
import { type Fault, faultOf } from './faults.ts';

type Sdk = typeof import('@aws-sdk/client-iam') & typeof import('@aws-sdk/client-sts');
type Settings = Pick<IAMClientConfig, 'maxAttempts' | 'retryMode' | 'requestHandler'>;

/** A region of each partition: IAM is global there, but requests are signed for one. https://docs.aws.amazon.com/general/latest/gr/iam-service.html */
const REGIONS: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-eusc': 'eusc-de-east-1',
  'aws-iso': 'us-iso-east-1',
  'aws-iso-b': 'us-isob-east-1',
  'aws-iso-e': 'eu-isoe-west-1',
  'aws-iso-f': 'us-isof-south-1',
};

export type Access =
  | { readonly kind: 'open'; readonly iam: IAMClient }
  /** Whose the job's credentials are, where they are another account's. */
  | { readonly kind: 'elsewhere'; readonly account: string }
  | { readonly kind: 'closed'; readonly why: string };

type Identity = { readonly account: string } | { readonly why: string };

/** The job's credentials, and the roles that it may assume with them to read IAM in other accounts. */
export class AccountCredentials {
  readonly #sdk: Sdk;
  readonly #settings: Settings;
  readonly #environment: Environment;
  readonly #deadline: Deadline;
  #own: Promise<Identity> | undefined;

  constructor(sdk: Sdk, environment: Environment, deadline: Deadline) {
    this.#deadline = deadline;
    this.#sdk = sdk;
    this.#environment = environment;
    const seconds = Number(environment.ASSUME_ROLE_CHECK_AWS_TIMEOUT ?? '10');
    const requestTimeout = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 10_000;
    this.#settings = {
      retryMode: environment.AWS_RETRY_MODE ?? 'standard',
      maxAttempts: Number(environment.AWS_MAX_ATTEMPTS ?? '') || 5,
      requestHandler: {
        connectionTimeout: Math.min(5000, requestTimeout),
        requestTimeout,
        throwOnRequestTimeout: true,
        httpsAgent: { maxSockets: 16 },
      },
    };
  }

  /** IAM of an account; never that of another one. */
  async of(account: string, partition: string, role: string | undefined): Promise<Access> {
    const region = this.#region(partition);
    if (region === undefined) return { kind: 'closed', why: `the partition ${partition} is not known` };
    if (role !== undefined) return this.#assumed(account, role, region);
    const own = await this.#asked(region);
    if ('why' in own) return { kind: 'closed', why: own.why };
    if (own.account !== account) return { kind: 'elsewhere', account: own.account };
    return { kind: 'open', iam: new this.#sdk.IAMClient({ ...this.#settings, region }) };
  }

  /** IAM of whichever account the job's credentials are of: for what is about none. */
  async own(partition: string): Promise<Access> {
    const region = this.#region(partition);
    if (region === undefined) return { kind: 'closed', why: `the partition ${partition} is not known` };
    const own = await this.#asked(region);
    if ('why' in own) return { kind: 'closed', why: own.why };
    return { kind: 'open', iam: new this.#sdk.IAMClient({ ...this.#settings, region }) };
  }

  #asked(region: string): Promise<Identity> {
    this.#own ??= this.#identity(region);
    return this.#own;
  }

  /** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: no permission is needed */
  async #identity(region: string): Promise<Identity> {
    const sts = new this.#sdk.STSClient({ ...this.#settings, region });
    try {
      const { Account } = await this.#deadline.within(() =>
        sts.send(new this.#sdk.GetCallerIdentityCommand({}), { abortSignal: this.#deadline.signal }),
      );
      return Account === undefined ? { why: 'AWS does not say whose the credentials are' } : { account: Account };
    } catch (error) {
      const fault = faultOf(error);
      if (fault.kind === 'no-credentials') return { why: `the job has no credentials that AWS takes (${fault.name})` };
      return { why: `sts:GetCallerIdentity was not answered${this.#named(fault)}` };
    } finally {
      sts.destroy();
    }
  }

  async #assumed(account: string, role: string, region: string): Promise<Access> {
    const sts = new this.#sdk.STSClient({ ...this.#settings, region });
    try {
      const { Credentials: given, AssumedRoleUser } = await this.#deadline.within(() =>
        sts.send(
          new this.#sdk.AssumeRoleCommand({
            RoleArn: role,
            RoleSessionName: 'assume-role-check',
            DurationSeconds: 900,
          }),
          { abortSignal: this.#deadline.signal },
        ),
      );
      const { AccessKeyId, SecretAccessKey, SessionToken } = given ?? {};
      if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined)
        return { kind: 'closed', why: `sts:AssumeRole on ${role} gave no credentials` };
      const whose = AssumedRoleUser?.Arn?.split(':')[4];
      if (whose !== account) return { kind: 'closed', why: `the lookup-role ${role} is not of account ${account}` };
      const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
      return { kind: 'open', iam: new this.#sdk.IAMClient({ ...this.#settings, region, credentials }) };
    } catch (error) {
      const fault = faultOf(error);
      return {
        kind: 'closed',
        why: `sts:AssumeRole on ${role} failed${this.#named(fault)}`,
      };
    } finally {
      sts.destroy();
    }
  }

  #named(fault: Fault): string {
    if (fault.kind === 'late') return `: ${this.#deadline.sentence}`;
    return 'name' in fault ? ` (${fault.name})` : '';
  }

  #region(partition: string): string | undefined {
    const set = this.#environment.AWS_REGION ?? this.#environment.AWS_DEFAULT_REGION;
    return set !== undefined && partitionOf(set) === partition ? set : REGIONS[partition];
  }
}
