const ACCOUNTS = ['111122223333', '444455556666', '777788889999'] as const;
const [HERE, THERE] = ACCOUNTS;
/** Some are a letter apart, or a case. */
const NAMES = [
  'deployer',
  'deploy-application',
  'deploy-aplication',
  'Deploy-Application',
  'reader-service',
  'reader-servise',
  'admin',
  'app-1',
  'app-2',
  'team',
  'build-pipeline',
  'builder-pipe',
];
const POLICIES = ['own', 'limit', 'extra', 'deployer'];
const GROUPS = ['ops', 'dev'];

type Json = Readonly<Record<string, unknown>>;

/** A repository and dumps of accounts that name each other at random, for the most part. */
export class Estate {
  #state: number;
  readonly #repository: Readonly<Record<string, string>>;
  readonly #base: Readonly<Record<string, string>> | undefined;
  readonly #dumps: readonly string[];

  constructor(seed: number) {
    this.#state = seed * 7919;
    this.#dumps = Array.from({ length: this.#is(0.5) ? 2 : 1 }, () =>
      JSON.stringify(this.#dump(this.#one(ACCOUNTS)), null, this.#is(0.5) ? 2 : 0),
    );
    this.#repository = this.#files();
    this.#base = this.#is(0.4) ? { 'here.json': this.#template() } : undefined;
  }

  repository(): Readonly<Record<string, string>> {
    return this.#repository;
  }

  base(): Readonly<Record<string, string>> | undefined {
    return this.#base;
  }

  dumps(): readonly string[] {
    return this.#dumps;
  }

  /** Mulberry32. */
  #number(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  #is(chance: number): boolean {
    return this.#number() < chance;
  }

  #one<T>(all: readonly T[]): T {
    const one = all[Math.floor(this.#number() * all.length)];
    if (one === undefined) throw new Error('nothing to choose from');
    return one;
  }

  #few<T>(most: number, one: () => T): readonly T[] {
    return Array.from({ length: Math.floor(this.#number() * (most + 1)) }, one);
  }

  #arn(account: string, kind: string): string {
    return `arn:aws:iam::${account}:${kind}/${this.#is(0.15) ? 'team/' : ''}${this.#one(NAMES)}`;
  }

  #role(): string {
    return this.#arn(this.#one(ACCOUNTS), 'role');
  }

  #policyArn(): string {
    return `arn:aws:iam::${this.#one(ACCOUNTS)}:policy/${this.#one(POLICIES)}`;
  }

  #grants(): Json {
    const sort = this.#number();
    const broad = sort < 0.1 ? '*' : `arn:aws:iam::${this.#one(ACCOUNTS)}:role/deploy-*`;
    const Resource = sort < 0.2 ? broad : sort < 0.4 ? [this.#role(), this.#role()] : this.#role();
    const Effect = this.#is(0.9) ? 'Allow' : 'Deny';
    return { Version: '2012-10-17', Statement: [{ Effect, Action: 'sts:AssumeRole', Resource }] };
  }

  #principal(): Json {
    const sort = this.#number();
    const account = this.#one(ACCOUNTS);
    if (sort < 0.1) return { Service: 'lambda.amazonaws.com' };
    if (sort < 0.2) return { AWS: `arn:aws:iam::${account}:root` };
    if (sort < 0.3) return { AWS: `arn:aws:sts::${account}:assumed-role/${this.#one(NAMES)}/session` };
    return { AWS: sort < 0.5 ? this.#arn(account, 'user') : [this.#role(), this.#role()] };
  }

  #trust(): Json {
    const Statement = [{ Effect: 'Allow', Principal: this.#principal(), Action: 'sts:AssumeRole' }];
    return { Version: '2012-10-17', Statement };
  }

  /** As the API gives it, and as tools write it. */
  #document(): unknown {
    const document = this.#grants();
    const sort = this.#number();
    if (sort < 0.2) return encodeURIComponent(JSON.stringify(document));
    return sort < 0.3 ? JSON.stringify(document) : document;
  }

  #entity(account: string, kind: 'Role' | 'User' | 'Group', arn = this.#arn(account, kind.toLowerCase())): Json {
    const attached = this.#is(0.8) ? this.#policyArn() : 'arn:aws:iam::aws:policy/AdministratorAccess';
    return {
      Arn: arn,
      [`${kind}Name`]: arn.split('/').at(-1),
      Path: arn.includes('/team/') ? '/team/' : '/',
      [`${kind}PolicyList`]: this.#is(0.6) ? [{ PolicyName: 'own', PolicyDocument: this.#document() }] : [],
      AttachedManagedPolicies: this.#is(0.4) ? [{ PolicyName: 'attached', PolicyArn: attached }] : [],
      ...(this.#is(0.15) ? { PermissionsBoundary: { PermissionsBoundaryArn: this.#policyArn() } } : {}),
    };
  }

  #dump(account: string): Json {
    return {
      UserDetailList: this.#few(3, () => ({
        ...this.#entity(account, 'User'),
        GroupList: this.#is(0.4) ? [this.#one(GROUPS)] : [],
      })),
      GroupDetailList: this.#is(0.5)
        ? GROUPS.map((name) => this.#entity(account, 'Group', `arn:aws:iam::${account}:group/${name}`))
        : [],
      RoleDetailList: this.#few(5, () => ({
        ...this.#entity(account, 'Role'),
        AssumeRolePolicyDocument: this.#trust(),
      })),
      Policies: POLICIES.filter(() => this.#is(0.5)).map((name) => ({
        PolicyName: name,
        Arn: `arn:aws:iam::${account}:policy/${name}`,
        PolicyVersionList: [{ IsDefaultVersion: true, VersionId: 'v1', Document: this.#document() }],
      })),
      ...(this.#is(0.4) ? { IsTruncated: true } : {}),
    };
  }

  #template(): string {
    const roles = [0, 1, 2].filter(() => this.#is(0.7)).map((index) => [`Role${index}`, this.#declaredRole()]);
    const more = {
      ...(this.#is(0.3) ? { Policy: this.#declaredPolicy() } : {}),
      ...(this.#is(0.3) ? { Function: this.#function() } : {}),
    };
    return JSON.stringify({
      Parameters: { Unknown: { Type: 'String' } },
      Resources: { ...Object.fromEntries(roles), ...more },
    });
  }

  #declaredRole(): Json {
    return {
      Type: 'AWS::IAM::Role',
      Properties: {
        ...(this.#is(0.9) ? { RoleName: this.#one(NAMES) } : {}),
        ...(this.#is(0.2) ? { Path: '/team/' } : {}),
        AssumeRolePolicyDocument: this.#trust(),
        ManagedPolicyArns: this.#is(0.4) ? [this.#policyArn()] : [],
        Policies: this.#is(0.6) ? [{ PolicyName: 'own', PolicyDocument: this.#grants() }] : [],
      },
    };
  }

  #declaredPolicy(): Json {
    return {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: {
        ManagedPolicyName: this.#one(POLICIES),
        PolicyDocument: this.#grants(),
        Roles: this.#few(1, () => this.#one(NAMES)),
        Users: this.#few(1, () => this.#one(NAMES)),
        Groups: this.#few(1, () => this.#one(GROUPS)),
      },
    };
  }

  #function(): Json {
    const Variables = { TARGET_ROLE_ARN: this.#role() };
    const Role = this.#is(0.7) ? this.#role() : { Ref: 'Unknown' };
    return { Type: 'AWS::Lambda::Function', Properties: { Role, Environment: { Variables } } };
  }

  #files(): Readonly<Record<string, string>> {
    const limited = this.#is(0.2);
    const accounts = {
      here: { id: HERE, paths: ['here.json'], ...(limited ? { scps: ['scp.json'] } : {}) },
      there: { id: THERE, paths: ['there.json'] },
    };
    const expect = this.#few(1, () => ({ principal: this.#role(), role: this.#role() }));
    const deny = { Effect: 'Deny', Action: 'sts:AssumeRole', Resource: this.#role() };
    const scp = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }, deny] };
    return {
      'here.json': this.#template(),
      ...(this.#is(0.4) ? { 'there.json': this.#template() } : {}),
      ...(limited ? { 'scp.json': JSON.stringify(scp) } : {}),
      '.github/assume-role-check.yml': JSON.stringify({ accounts, expect }),
    };
  }
}
