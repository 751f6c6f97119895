import { describe, expect, test } from 'vitest';
import { check, type Documents, json, lines, role, run, template, user } from './support/documents.ts';

const TOOLS = 'arn:aws:iam::111122223333:';
const OWN = ['--account', '111122223333', '--fail-on', 'never'];
const EC2 = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };

interface DumpRole {
  readonly path?: string;
  readonly trust?: unknown;
  readonly inline?: Readonly<Record<string, unknown>>;
  readonly attached?: readonly string[];
  readonly more?: object;
}

function dumpOf(roles: Readonly<Record<string, DumpRole>>, more: object = {}): string {
  return json({
    UserDetailList: [],
    GroupDetailList: [],
    RoleDetailList: Object.entries(roles).map(([name, { path = '/', trust, inline, attached, more: rest }]) => ({
      Path: path,
      RoleName: name,
      RoleId: 'AROAEXAMPLE',
      Arn: `${TOOLS}role${path}${name}`,
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: trust ?? [EC2] },
      RolePolicyList: Object.entries(inline ?? {}).map(([PolicyName, Statement]) => ({
        PolicyName,
        PolicyDocument: { Version: '2012-10-17', Statement },
      })),
      AttachedManagedPolicies: (attached ?? []).map((PolicyArn) => ({ PolicyArn })),
      Tags: [],
      ...rest,
    })),
    Policies: [],
    ...more,
  });
}

function driftOf(documents: Documents, dump: string, ...options: readonly string[]) {
  const { report } = check({ ...documents, 'dumps/a.json': dump }, '.', ...OWN, ...options);
  return report.drift;
}

const appWith = (more: Parameters<typeof role>[1]) => ({ 'a.yaml': template(role('App', { name: 'app', ...more })) });

describe('what is deployed as it is declared is no drift', () => {
  test.each<[string, Parameters<typeof role>[1], DumpRole]>([
    ['the same', {}, {}],
    [
      'a list and a text, another order, Sids, an account and its root',
      {
        trust:
          '- {Sid: One, Effect: Allow, Principal: {AWS: ["111122223333", "arn:aws:iam::444455556666:root"]}, Action: ["sts:AssumeRole", "sts:TagSession"]}',
      },
      {
        trust: {
          Effect: 'Allow',
          Principal: { AWS: ['444455556666', `${TOOLS}root`] },
          Action: ['sts:TagSession', 'STS:assumerole'],
        },
      },
    ],
    [
      'a condition in another order and case, a number as a text',
      {
        trust:
          '- {Effect: Allow, Principal: {AWS: "*"}, Action: sts:AssumeRole, Condition: {NumericLessThan: {"aws:MultiFactorAuthAge": 60}, Bool: {"aws:MultiFactorAuthPresent": true}, StringEquals: {"sts:ExternalId": [b, a]}}}',
      },
      {
        trust: [
          {
            Effect: 'Allow',
            Principal: '*',
            Action: 'sts:AssumeRole',
            Condition: {
              StringEquals: { 'STS:ExternalID': ['a', 'b'] },
              Bool: { 'aws:multifactorauthpresent': 'true' },
              NumericLessThan: { 'aws:MultiFactorAuthAge': '60' },
            },
          },
        ],
      },
    ],
    [
      'policies and a boundary',
      {
        grants: '- {Effect: Allow, Action: "s3:Get*", Resource: "*"}',
        more: lines(`
          PermissionsBoundary: !Sub "arn:\${AWS::Partition}:iam::\${AWS::AccountId}:policy/limit"
          ManagedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess", !Sub "arn:aws:iam::\${AWS::AccountId}:policy/own"]
        `),
      },
      {
        inline: { own: { Effect: 'Allow', Action: ['s3:Get*'], Resource: ['*'] } },
        attached: [`${TOOLS}policy/own`, 'arn:aws:iam::aws:policy/ReadOnlyAccess'],
        more: { PermissionsBoundary: { PermissionsBoundaryArn: `${TOOLS}policy/limit` } },
      },
    ],
  ])('%s', (_, declared, deployed) => {
    expect(driftOf(appWith(declared), dumpOf({ app: deployed }))).toEqual([]);
  });

  test('a value that nobody knows may be the one that is deployed', () => {
    const documents = {
      'a.yaml': template(
        role('App', {
          name: 'app',
          trust: '- {Effect: Allow, Principal: {AWS: !Ref Caller}, Action: sts:AssumeRole}',
          grants: '- {Effect: Allow, Action: !Ref Actions, Resource: !Sub "arn:aws:s3:::${Bucket}/*"}',
          more: 'ManagedPolicyArns: !Ref Policies\nPermissionsBoundary: !Ref Limit\nMaxSessionDuration: !Ref Seconds',
        }),
        'Bucket: {Type: "AWS::S3::Bucket"}\n',
      ).replace(
        'Resources:',
        'Parameters:\n  Caller: {Type: String}\n  Actions: {Type: CommaDelimitedList}\n  Policies: {Type: CommaDelimitedList}\n  Limit: {Type: String}\n  Seconds: {Type: Number}\nResources:',
      ),
    };
    const deployed: DumpRole = {
      trust: { Effect: 'Allow', Principal: { AWS: `${TOOLS}root` }, Action: 'sts:AssumeRole' },
      inline: { own: { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::any-1/*' } },
      attached: [`${TOOLS}policy/one`, `${TOOLS}policy/two`],
      more: {
        PermissionsBoundary: { PermissionsBoundaryArn: `${TOOLS}policy/limit` },
        MaxSessionDuration: 7200,
      },
    };
    expect(driftOf(documents, dumpOf({ app: deployed }))).toEqual([]);
  });

  test('where nothing says which of two is deployed, nothing is told', () => {
    const documents = {
      'a.yaml': template(
        role('App', { name: 'app' }).replace('Type: AWS::IAM::Role', 'Type: AWS::IAM::Role\n  Condition: IsProd'),
      ).replace(
        'Resources:',
        'Parameters: {Env: {Type: String}}\nConditions: {IsProd: !Equals [!Ref Env, prod]}\nResources:',
      ),
    };
    expect(driftOf(documents, dumpOf({ app: { trust: [{ ...EC2, Effect: 'Deny' }] } }))).toEqual([]);
  });
});

describe('what differs for sure is told, and decides nothing', () => {
  const other = { Effect: 'Allow', Principal: { AWS: `${TOOLS}role/other` }, Action: 'sts:AssumeRole' };

  test.each<[string, Parameters<typeof role>[1], DumpRole, object]>([
    [
      'a statement of the trust policy',
      {},
      { trust: [EC2, other] },
      { part: 'trust-policy', declared: [], deployed: [JSON.stringify(other)] },
    ],
    [
      'an inline policy’s text',
      { grants: '- {Effect: Allow, Action: "s3:*", Resource: "*"}' },
      { inline: { own: { Effect: 'Allow', Action: 's3:Get*', Resource: '*' } } },
      {
        part: 'inline-policy',
        name: 'own',
        declared: ['{"Effect":"Allow","Action":"s3:*","Resource":"*"}'],
        deployed: ['{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}'],
      },
    ],
    [
      'an inline policy that was made by hand',
      {},
      { inline: { hand: { Effect: 'Allow', Action: '*', Resource: '*' } } },
      {
        part: 'inline-policy',
        name: 'hand',
        declared: [],
        deployed: ['{"Effect":"Allow","Action":"*","Resource":"*"}'],
      },
    ],
    [
      'attached policies',
      { more: 'ManagedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]' },
      { attached: ['arn:aws:iam::aws:policy/AdministratorAccess'] },
      {
        part: 'attached-policies',
        declared: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
        deployed: ['arn:aws:iam::aws:policy/AdministratorAccess'],
      },
    ],
    [
      'a boundary that is gone',
      { more: `PermissionsBoundary: "${TOOLS}policy/limit"` },
      {},
      { part: 'permissions-boundary', declared: [`${TOOLS}policy/limit`], deployed: [] },
    ],
    ['the path', { more: 'Path: /team/' }, { path: '/' }, { part: 'path', declared: ['/team/'], deployed: ['/'] }],
    [
      'the longest session',
      {},
      { more: { MaxSessionDuration: 43200 } },
      { part: 'max-session-duration', declared: ['3600'], deployed: ['43200'] },
    ],
    [
      'a tag’s value',
      { more: 'Tags: [{Key: team, Value: core}]' },
      {
        more: {
          Tags: [
            { Key: 'team', Value: 'web' },
            { Key: 'other', Value: 'x' },
          ],
        },
      },
      { part: 'tag', name: 'team', declared: ['core'], deployed: ['web'] },
    ],
  ])('%s', (_, declared, deployed, difference) => {
    const drift = driftOf(appWith(declared), dumpOf({ app: deployed }));
    expect(drift).toMatchObject([{ kind: 'role', location: { path: 'a.yaml' }, ...difference }]);
    const alone = check(appWith(declared), ...OWN).report;
    const { report } = check({ ...appWith(declared), 'dumps/a.json': dumpOf({ app: deployed }) }, ...OWN);
    expect([report.assumptions, report.findings]).toEqual([alone.assumptions, alone.findings]);
    expect(alone.drift).toEqual([]);
  });

  test('a role that a whole dump lacks is not deployed; that of half a dump may be', () => {
    const drift = driftOf(appWith({}), dumpOf({ unrelated: {} }));
    expect(drift).toMatchObject([{ part: 'existence', arn: `${TOOLS}role/app`, deployed: [] }]);
    expect(driftOf(appWith({}), dumpOf({ unrelated: {} }, { IsTruncated: true }))).toEqual([]);
  });

  test('what a listing or get-role does not show is not compared', () => {
    const declared = appWith({ grants: '- {Effect: Allow, Action: "s3:*", Resource: "*"}' });
    const one = { RoleName: 'app', RoleId: 'AROAEXAMPLE', Arn: `${TOOLS}role/app`, Path: '/' };
    const Statement = [{ ...EC2, Principal: { Service: 'lambda.amazonaws.com' } }];
    const shown = { ...one, AssumeRolePolicyDocument: { Version: '2012-10-17', Statement }, MaxSessionDuration: 3600 };
    for (const output of [{ Role: shown }, { Roles: [shown] }])
      expect(driftOf(declared, json(output))).toMatchObject([{ part: 'trust-policy' }]);
  });

  test('a managed policy’s default version', () => {
    const documents = {
      'a.yaml': template(
        lines(`
          Deploy:
            Type: AWS::IAM::ManagedPolicy
            Properties:
              ManagedPolicyName: deploy
              PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:*", Resource: "*"}]}
        `),
      ),
    };
    const version = (VersionId: string, Action: string, IsDefaultVersion: boolean) => ({
      VersionId,
      IsDefaultVersion,
      Document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] },
    });
    const policies = (action: string) => ({
      Policies: [
        {
          Arn: `${TOOLS}policy/deploy`,
          DefaultVersionId: 'v2',
          PolicyVersionList: [version('v1', 's3:Old', false), version('v2', action, true)],
        },
      ],
    });
    expect(driftOf(documents, dumpOf({}, policies('s3:*')))).toEqual([]);
    expect(driftOf(documents, dumpOf({}, policies('s3:Get*')))).toMatchObject([
      { kind: 'policy', part: 'document', arn: `${TOOLS}policy/deploy` },
    ]);
  });

  test('a user’s groups, also those that other resources put it into', () => {
    const documents = {
      'a.yaml': template(
        user('Anna', { name: 'anna', more: 'Groups: [readers]' }),
        'Join: {Type: "AWS::IAM::UserToGroupAddition", Properties: {GroupName: writers, Users: [anna]}}\n',
      ),
    };
    const users = (...GroupList: readonly string[]) =>
      json({
        RoleDetailList: [],
        UserDetailList: [{ UserName: 'anna', Path: '/', Arn: `${TOOLS}user/anna`, GroupList, UserPolicyList: [] }],
      });
    expect(driftOf(documents, users('writers', 'readers'))).toEqual([]);
    expect(driftOf(documents, users('readers', 'admins'))).toMatchObject([
      { kind: 'user', part: 'groups', declared: ['writers'], deployed: ['admins'] },
    ]);
  });

  test('people are told in every format but SARIF', () => {
    const files = { ...appWith({}), 'dumps/a.json': dumpOf({ app: { trust: [EC2, other] } }) };
    const sentence = 'the trust policy of role/app in account 111122223333 is deployed otherwise than declared';
    for (const format of ['text', 'html', 'github'])
      expect(run(files, ['.', '--format', format, ...OWN]).output).toContain(sentence);
    expect(run(files, ['.', '--format', 'markdown', ...OWN]).output).toContain('drift: 1 difference');
    expect(run(files, ['.', '--format', 'sarif', ...OWN]).output).not.toContain('otherwise');
    expect(run(files, ['.', '--account', '111122223333']).status).toBe(0);
  });
});

describe('what is declared wins over what is deployed', () => {
  const target = `${TOOLS}role/target`;
  const grants = (Resource: string) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource });
  const trusting = role('Target', {
    name: 'target',
    trust: `- {Effect: Allow, Principal: {AWS: "${TOOLS}root"}, Action: sts:AssumeRole}`,
  });
  const expectation = {
    '.github/assume-role-check.yml': lines(`
      accounts: {tools: {id: "111122223333", paths: ["**"]}}
      expect: [{principal: "${TOOLS}role/deployed", role: "${target}"}]
    `),
  };
  const decision = (declared: string, dump: string) => {
    const files = { 'a.yaml': template(trusting, declared), 'dumps/a.json': dump, ...expectation };
    return check(files, '--fail-on', 'never').report.assumptions.find(({ principal }) =>
      principal.endsWith('role/deployed'),
    )?.decision;
  };

  test('an inline policy of the same name, on a role that only the dump shows', () => {
    const inline = (name: string) =>
      lines(`
        Inline:
          Type: AWS::IAM::RolePolicy
          Properties:
            RoleName: deployed
            PolicyName: ${name}
            PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:*", Resource: "*"}]}
      `);
    const dump = dumpOf({ deployed: { inline: { assume: grants(target) } } });
    expect(decision(inline('other'), dump)).toBe('allowed');
    expect(decision(inline('assume'), dump)).toBe('denied');
  });

  test('a managed policy and a group, each of which both show', () => {
    const managed = lines(`
      Assume:
        Type: AWS::IAM::ManagedPolicy
        Properties:
          ManagedPolicyName: assume
          PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:*", Resource: "*"}]}
    `);
    const Document = { Version: '2012-10-17', Statement: [grants(target)] };
    const versions = [{ VersionId: 'v1', IsDefaultVersion: true, Document }];
    const dump = dumpOf(
      { deployed: { attached: [`${TOOLS}policy/assume`] } },
      { Policies: [{ Arn: `${TOOLS}policy/assume`, DefaultVersionId: 'v1', PolicyVersionList: versions }] },
    );
    expect(decision('', dump)).toBe('allowed');
    expect(decision(managed, dump)).toBe('denied');
  });
});
