import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { CONFIGURATION, check, type Documents, json, type Location, lines, place } from '../../support/documents.ts';

type Properties = Readonly<Record<string, unknown>>;
type Resources = Readonly<Record<string, unknown>>;

const resource = (type: string, properties: Properties = {}) => ({ Type: `AWS::${type}`, Properties: properties });
const allow = (Action: unknown, more: Properties = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, ...more }],
});
const trusted = (Principal: unknown, action: unknown = 'sts:AssumeRole', more: Properties = {}) => ({
  AssumeRolePolicyDocument: allow(action, { Principal, ...more }),
});
const role = (RoleName: string, trust: Properties, more: Properties = {}) =>
  resource('IAM::Role', { RoleName, ...trust, ...more });
const att = (id: string, name = 'Arn') => ({ 'Fn::GetAtt': [id, name] });
const ref = (id: string) => ({ Ref: id });

/** Anybody of the account may assume it who is granted to. */
const ROOT = { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' } };
const TARGET = role('target', trusted(ROOT));
const grant = (action: string) => allow(action, { Resource: att('Target') });
const named = (PolicyName: string, action: string) => ({ PolicyName, PolicyDocument: grant(action) });

interface Case {
  readonly name: string;
  /** `ACTION` stands for what is granted or trusted: with the right one it is allowed. */
  readonly resources: (action: string) => Resources;
  readonly right: string;
  readonly wrong: string;
  /** What the caller is, where the wrong one leaves nothing that declares the assumption. */
  readonly caller?: 'role' | 'user';
  /** `principal -> role`, by their last names. */
  readonly asked: string;
  readonly rule: string;
  /** What the finding is at, where the wrong one stands: a text that occurs once in both syntaxes. */
  readonly at: string;
  readonly atInJson?: string;
}

const NOBODY = trusted({ Service: 'ec2.amazonaws.com' });
const attached: readonly (readonly [string, (action: string) => Resources, string?])[] = [
  ['an inline policy of a role', (action) => ({ Caller: role('caller', NOBODY, { Policies: [named('p', action)] }) })],
  [
    'a policy that names the role',
    (action) => ({
      Caller: role('caller', NOBODY),
      P: resource('IAM::Policy', { ...named('p', action), Roles: [ref('Caller')] }),
    }),
  ],
  [
    'a managed policy that names the role by its name',
    (action) => ({
      Caller: role('caller', NOBODY),
      P: resource('IAM::ManagedPolicy', { PolicyDocument: grant(action), Roles: ['caller'] }),
    }),
  ],
  [
    'a managed policy that the role names',
    (action) => ({
      Caller: role('caller', NOBODY, { ManagedPolicyArns: [ref('P')] }),
      P: resource('IAM::ManagedPolicy', { PolicyDocument: grant(action), Path: '/app/' }),
    }),
  ],
  [
    'a managed policy that the role names by its ARN',
    (action) => ({
      Caller: role('caller', NOBODY, {
        ManagedPolicyArns: [{ 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:policy/app/reach' }],
      }),
      P: resource('IAM::ManagedPolicy', { ManagedPolicyName: 'reach', PolicyDocument: grant(action), Path: '/app/' }),
    }),
  ],
  [
    'a role policy of its own',
    (action) => ({
      Caller: role('caller', NOBODY),
      P: resource('IAM::RolePolicy', { ...named('p', action), RoleName: ref('Caller') }),
    }),
  ],
  [
    'an inline policy of a user',
    (action) => ({ Caller: resource('IAM::User', { UserName: 'caller', Policies: [named('p', action)] }) }),
  ],
  [
    'a user policy of its own',
    (action) => ({
      Caller: resource('IAM::User', { UserName: 'caller' }),
      P: resource('IAM::UserPolicy', { ...named('p', action), UserName: ref('Caller') }),
    }),
  ],
  [
    'a policy that names the user',
    (action) => ({
      Caller: resource('IAM::User', { UserName: 'caller' }),
      P: resource('IAM::Policy', { ...named('p', action), Users: ['caller'] }),
    }),
  ],
  [
    'an inline policy of a group that the user names',
    (action) => ({
      Caller: resource('IAM::User', { UserName: 'caller', Groups: [ref('G')] }),
      G: resource('IAM::Group', { Policies: [named('p', action)] }),
    }),
  ],
  [
    'a policy that names a group with the user in it',
    (action) => ({
      Caller: resource('IAM::User', { UserName: 'caller' }),
      G: resource('IAM::Group', { GroupName: 'admins' }),
      In: resource('IAM::UserToGroupAddition', { GroupName: 'admins', Users: [ref('Caller')] }),
      P: resource('IAM::GroupPolicy', { ...named('p', action), GroupName: ref('G') }),
    }),
  ],
  [
    'a managed policy of the user’s group',
    (action) => ({
      Caller: resource('IAM::User', { UserName: 'caller', Groups: ['admins'] }),
      G: resource('IAM::Group', { GroupName: 'admins', ManagedPolicyArns: [ref('P')] }),
      P: resource('IAM::ManagedPolicy', { PolicyDocument: grant(action) }),
    }),
  ],
  [
    'a policy as a JSON text',
    (action) => ({
      Caller: role('caller', NOBODY),
      P: resource('IAM::Policy', {
        PolicyName: 'p',
        Roles: [ref('Caller')],
        PolicyDocument: {
          'Fn::Sub': `{"Statement": [{"Effect": "Allow", "Action": "${action}", "Resource": "\${Target.Arn}"}]}`,
        },
      }),
    }),
  ],
  [
    'a policy that Fn::ToJsonString writes',
    (action) => ({
      Caller: role('caller', NOBODY),
      P: resource('IAM::Policy', {
        PolicyName: 'p',
        Roles: [ref('Caller')],
        PolicyDocument: { 'Fn::ToJsonString': grant(action) },
      }),
    }),
  ],
];

const granted: readonly Case[] = attached.map(([name, resources]) => ({
  name,
  resources: (action) => ({ ...resources(action), Target: TARGET }),
  caller: 'UserName' in (JSON.parse(JSON.stringify(resources('x'))).Caller.Properties ?? {}) ? 'user' : 'role',
  right: 'sts:AssumeRole',
  wrong: 'sts:AsumeRole',
  asked: 'caller -> target',
  rule: 'unknown-action',
  at: 'sts:AsumeRole',
}));

const handed = (resources: Resources) => (action: string) => ({
  ...resources,
  R: role('handed', trusted({ Service: action })),
});
const services: readonly Case[] = [
  {
    name: 'an instance with an instance profile',
    resources: handed({
      I: resource('EC2::Instance', { IamInstanceProfile: ref('P') }),
      P: resource('IAM::InstanceProfile', { Roles: [ref('R')] }),
    }),
    right: 'ec2.amazonaws.com',
  },
  {
    name: 'a launch template with an instance profile by its ARN',
    resources: handed({
      L: resource('EC2::LaunchTemplate', { LaunchTemplateData: { IamInstanceProfile: { Arn: att('P') } } }),
      P: resource('IAM::InstanceProfile', { InstanceProfileName: 'profile', Roles: ['handed'] }),
    }),
    right: 'ec2.amazonaws.com',
  },
  {
    name: 'a function',
    resources: handed({ F: resource('Lambda::Function', { Role: att('R') }) }),
    right: 'lambda.amazonaws.com',
  },
].map((one) => ({
  ...one,
  wrong: 'ecs-tasks.amazonaws.com',
  asked: `${one.right} -> handed`,
  rule: 'service-not-trusted',
  at: 'ecs-tasks.amazonaws.com',
}));

const tagging =
  (service: string, resources: Resources, ...also: string[]): Case['resources'] =>
  (action) => ({
    ...resources,
    R: role('handed', trusted({ Service: service }, ['sts:AssumeRole', action, ...also])),
  });
const sessions: readonly Case[] = [
  {
    name: 'a profile of IAM Roles Anywhere',
    resources: tagging(
      'rolesanywhere.amazonaws.com',
      { P: resource('RolesAnywhere::Profile', { Name: 'p', RoleArns: [att('R')] }) },
      'sts:SetSourceIdentity',
    ),
    asked: 'rolesanywhere.amazonaws.com -> handed',
  },
  {
    name: 'a pod identity association',
    resources: tagging('pods.eks.amazonaws.com', {
      A: resource('EKS::PodIdentityAssociation', {
        ClusterName: 'c',
        Namespace: 'default',
        ServiceAccount: 'app',
        RoleArn: att('R'),
      }),
    }),
    asked: 'pods.eks.amazonaws.com -> handed',
  },
].map((one) => ({
  ...one,
  right: 'sts:TagSession',
  wrong: 'sts:SetContext',
  rule: 'missing-tag-session',
  // The list of actions that leaves it out.
  at: '- sts:AssumeRole',
  atInJson: '"Action": «[»',
}));

const providers: readonly Case[] = [
  {
    name: 'an OpenID Connect provider, by its attribute',
    resources: (action: string) => ({
      Provider: resource('IAM::OIDCProvider', { Url: 'https://oidc.example.com/tenant', ClientIdList: ['app'] }),
      R: role(
        'handed',
        trusted({ Federated: att('Provider') }, action, {
          Condition: { StringEquals: { 'oidc.example.com/tenant:aud': 'app', 'oidc.example.com/tenant:sub': 'me' } },
        }),
      ),
    }),
    right: 'sts:AssumeRoleWithWebIdentity',
    asked: 'tenant -> handed',
  },
  {
    name: 'a SAML provider, by its reference',
    resources: (action: string) => ({
      Provider: resource('IAM::SAMLProvider', { Name: 'okta', SamlMetadataDocument: '<x/>' }),
      R: role(
        'handed',
        trusted({ Federated: ref('Provider') }, action, {
          Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
        }),
      ),
    }),
    right: 'sts:AssumeRoleWithSAML',
    asked: 'okta -> handed',
  },
].map((one) => ({
  ...one,
  wrong: 'sts:AssumeRole',
  rule: 'wrong-assume-action',
  at: 'Action: «sts:AssumeRole»',
  atInJson: '"Action": "«sts:AssumeRole»"',
}));

const limits: readonly Case[] = [
  {
    name: 'a boundary that the template makes',
    resources: (action) => ({
      Caller: role('caller', NOBODY, { Policies: [named('p', 'sts:AssumeRole')], PermissionsBoundary: ref('B') }),
      B: resource('IAM::ManagedPolicy', { PolicyDocument: allow(action, { Resource: '*' }) }),
      Target: TARGET,
    }),
    right: 'sts:*',
    wrong: 's3:GetObject',
    asked: 'caller -> target',
    rule: 'blocked-by-boundary',
    at: 'PermissionsBoundary: «Ref»',
    atInJson: '"PermissionsBoundary": «{»',
  },
  {
    name: 'a tag of the caller that the role asks for',
    resources: (team) => ({
      Caller: role('caller', NOBODY, {
        Policies: [named('p', 'sts:AssumeRole')],
        Tags: [{ Key: 'team', Value: team }],
      }),
      Target: role(
        'target',
        trusted(ROOT, 'sts:AssumeRole', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'web' } } }),
      ),
    }),
    right: 'web',
    wrong: 'data',
    asked: 'caller -> target',
    rule: 'missing-trust',
    at: 'web',
  },
  {
    name: 'ForEach over resources',
    resources: (action) => ({
      'Fn::ForEach::Roles': ['Team', ['web', 'other'], { 'Role&{Team}': role('of-${Team}', trusted(ROOT, action)) }],
      Caller: role('caller', NOBODY, {
        Policies: [
          {
            PolicyName: 'p',
            PolicyDocument: allow('sts:AssumeRole', {
              Resource: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:role/of-web' },
            }),
          },
        ],
      }),
    }),
    right: 'sts:*',
    wrong: 'sts:AsumeRole',
    asked: 'caller -> of-web',
    rule: 'unknown-action',
    at: 'sts:AsumeRole',
  },
  {
    name: 'an SCP that the template attaches to its own account',
    resources: (action) => ({
      Caller: role('caller', NOBODY, { Policies: [named('p', 'sts:AssumeRole')] }),
      Target: TARGET,
      Guard: resource('Organizations::Policy', {
        Name: 'guard',
        Type: 'SERVICE_CONTROL_POLICY',
        TargetIds: ['111122223333'],
        Content: { Version: '2012-10-17', Statement: { Effect: 'Deny', Action: action, Resource: '*' } },
      }),
    }),
    right: 's3:GetObject',
    wrong: 'sts:AssumeRole',
    asked: 'caller -> target',
    rule: 'explicit-deny',
    at: 'Effect: Deny',
    atInJson: '"Statement": «{»',
  },
  {
    name: 'a permission set, within its boundary',
    resources: (boundary) => ({
      Admins: resource('SSO::PermissionSet', {
        Name: 'Admins',
        InstanceArn: 'arn:aws:sso:::instance/ssoins-1111222233334444',
        InlinePolicy: grant('sts:AssumeRole'),
        PermissionsBoundary: { ManagedPolicyArn: `arn:aws:iam::aws:policy/${boundary}` },
      }),
      Assigned: resource('SSO::Assignment', {
        PermissionSetArn: att('Admins', 'PermissionSetArn'),
        TargetId: '111122223333',
        TargetType: 'AWS_ACCOUNT',
      }),
      Target: TARGET,
    }),
    right: 'AdministratorAccess',
    wrong: 'ReadOnlyAccess',
    asked: 'AWSReservedSSO_Admins_… -> target',
    rule: 'blocked-by-boundary',
    at: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
  },
];

describe('what carries IAM is read alike in YAML and JSON', () => {
  for (const one of [...granted, ...services, ...sessions, ...providers, ...limits])
    for (const syntax of ['YAML', 'JSON'] as const)
      test(`${one.name}, in ${syntax}`, () => {
        const right = decided(written(one.resources(one.right), syntax), one.caller);
        expect(right.findings).toEqual([]);
        expect(right.decisions.get(one.asked)).toMatch(/^(allowed|conditional)$/);
        const documents = written(one.resources(one.wrong), syntax);
        const wrong = decided(documents, one.caller);
        expect(wrong.decisions.get(one.asked)).toBe('denied');
        const [path = ''] = Object.keys(documents);
        const marker = syntax === 'JSON' ? (one.atInJson ?? one.at) : one.at;
        expect(wrong.findings).toContainEqual([one.rule, startOf(place(documents, path, marker))]);
      });
});

function decided(documents: Documents, caller: Case['caller']) {
  const expected = lines(`
    expect:
      - {principal: "arn:aws:iam::111122223333:${caller}/caller", role: "arn:aws:iam::111122223333:role/target", decision: allowed}
  `);
  const configured = caller === undefined ? documents : { ...documents, [CONFIGURATION]: expected };
  const { report } = check(configured, '--account', '111122223333');
  expect(report.diagnostics).toEqual([]);
  const last = (arn: string) => arn.split('/').at(-1) ?? arn;
  const decisions = report.assumptions.map(({ principal, role: to, decision }): readonly [string, string] => [
    `${last(principal)} -> ${last(to)}`,
    decision,
  ]);
  const errors = report.findings.filter(({ severity }) => severity === 'error');
  return { decisions: new Map(decisions), findings: errors.map(({ rule, location }) => [rule, startOf(location)]) };
}

function startOf({ path, startLine, startColumn }: Location) {
  return `${path}:${startLine}:${startColumn}`;
}

function written(resources: Resources, syntax: 'YAML' | 'JSON'): Documents {
  const template = { Transform: 'AWS::LanguageExtensions', Resources: resources };
  return syntax === 'YAML' ? { 'template.yaml': stringify(template) } : { 'template.json': json(template) };
}
