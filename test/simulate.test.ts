import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ACCOUNTS, CONFIGURATION, type Documents, role, run, template, user } from './support/documents.ts';

const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer';
const GITHUB = 'arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com';
const OKTA = 'arn:aws:iam::444455556666:saml-provider/Okta';
const SUBJECT = 'token.actions.githubusercontent.com:sub';
const grants = '- {Effect: Allow, Action: "sts:*", Resource: "*"}';
const documents: Documents = {
  [CONFIGURATION]: ACCOUNTS,
  'tools.yaml': template(role('Deployer', { name: 'deployer', grants }), user('Ada', { name: 'ada', grants })),
  'prod.yaml': template(
    role('ProdDeploy', {
      name: 'prod-deploy',
      trust: `
- {Effect: Allow, Principal: {AWS: "${DEPLOYER}"}, Action: [sts:AssumeRole, sts:TagSession], Condition: {StringEquals: {sts:ExternalId: abc}, "ForAllValues:StringEquals": {aws:TagKeys: [a, b]}}}
- {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:user/ada"}, Action: sts:AssumeRole, Condition: {Bool: {aws:MultiFactorAuthPresent: "true"}, IpAddress: {aws:SourceIp: 192.0.2.0/24}}}
- {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
- {Effect: Allow, Principal: {Federated: "${GITHUB}"}, Action: sts:AssumeRoleWithWebIdentity, Condition: {StringLike: {"${SUBJECT}": "repo:acme/app:*"}}}
- {Effect: Allow, Principal: {Federated: "${OKTA}"}, Action: sts:AssumeRoleWithSAML}
`,
    }),
  ),
};

const simulate = (principal: string, target: string, ...options: readonly string[]) =>
  run(documents, ['simulate', '.', '--principal', principal, '--role', target, ...options]);
const context = (...pairs: readonly string[]) => pairs.flatMap((pair) => ['--context', pair]);

describe('whoever may call is a principal, and the exit status answers', () => {
  const cases: readonly (readonly [string, string, readonly string[], string])[] = [
    ['a role', DEPLOYER, ['sts:ExternalId=abc'], 'allowed'],
    ['a role without what the trust policy asks for', DEPLOYER, [], 'denied'],
    ['a role, by its name', 'deployer', ['sts:ExternalId=abc'], 'allowed'],
    ['a role, by its logical id', 'Deployer', ['sts:ExternalId=abc'], 'allowed'],
    ['its session', 'arn:aws:sts::111122223333:assumed-role/deployer/s', ['sts:ExternalId=abc'], 'allowed'],
    ['a key in another case', DEPLOYER, ['STS:externalid=abc'], 'allowed'],
    ['several values', DEPLOYER, ['sts:ExternalId=abc', 'aws:TagKeys=a', 'aws:TagKeys=b'], 'allowed'],
    ['one value too many', DEPLOYER, ['sts:ExternalId=abc', 'aws:TagKeys=a', 'aws:TagKeys=z'], 'denied'],
    ['a value with an equals sign', DEPLOYER, ['sts:ExternalId=a=bc'], 'denied'],
    ['a user', 'ada', ['aws:MultiFactorAuthPresent=true', 'aws:SourceIp=192.0.2.7'], 'allowed'],
    ['a user from elsewhere', 'ada', ['aws:MultiFactorAuthPresent=true', 'aws:SourceIp=203.0.113.7'], 'denied'],
    ['a service', 'lambda.amazonaws.com', [], 'allowed'],
    ['another service', 'ec2.amazonaws.com', [], 'denied'],
    ['a token', GITHUB, [`${SUBJECT}=repo:acme/app:ref:refs/heads/main`], 'allowed'],
    ['a token without its subject', GITHUB, [], 'denied'],
    ['an assertion', OKTA, [], 'allowed'],
    ['the root user', 'arn:aws:iam::111122223333:root', [], 'denied'],
    ['credentials of GetFederationToken', 'arn:aws:sts::111122223333:federated-user/ada', [], 'denied'],
  ];
  test.each(cases)('%s', (_, principal, pairs, decision) => {
    const { status, output } = simulate(principal, PROD, ...context(...pairs));
    expect([status, output.split(':')[0]]).toEqual([decision === 'allowed' ? 0 : 1, decision]);
  });

  test('a role that no document declares is unknown', () => {
    const { status, output } = simulate('deployer', 'arn:aws:iam::444455556666:role/none');
    expect([status, output]).toEqual([1, expect.stringContaining('which no document declares')]);
  });

  test('the root user is told as AWS does', () => {
    expect(simulate('arn:aws:iam::111122223333:root', PROD).output).toContain(
      'Roles may not be assumed by root accounts.',
    );
  });
});

test('an action may be named in any case', () => {
  expect(simulate('deployer', PROD, '--action', 'sts:assumerole', ...context('sts:ExternalId=abc')).status).toBe(0);
  expect(simulate(GITHUB, PROD, '--action', 'sts:AssumeRole').status).toBe(1);
});

test('JSON is one assumption, and goes where --output says', () => {
  const { output } = simulate('deployer', PROD, '--format', 'json', ...context('sts:ExternalId=abc'));
  expect(JSON.parse(output)).toMatchObject({
    principal: DEPLOYER,
    role: PROD,
    action: 'sts:AssumeRole',
    decision: 'allowed',
    context: { 'sts:ExternalId': 'abc', 'aws:PrincipalArn': DEPLOYER },
  });
  const folder = mkdtempSync(join(tmpdir(), 'simulate-'));
  try {
    const file = join(folder, 'one.json');
    const told = simulate('deployer', PROD, '--format', 'json', '--output', file, '--format', 'text');
    expect([told.status, told.output.split(':')[0]]).toEqual([1, 'denied']);
    expect(JSON.parse(readFileSync(file, 'utf8')).decision).toBe('denied');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('what cannot be asked is said in one sentence', () => {
  test.each([
    [
      'a group',
      'arn:aws:iam::111122223333:group/ops',
      PROD,
      [],
      /^--principal "arn:\S+" names no caller: give the ARN/,
    ],
    ['an account', '111122223333', PROD, [], /names no caller/],
    ['a misspelt name', 'deplyer', PROD, [], /names no caller.*\(did you mean deployer\?\)$/],
    [
      'an account id of 11 digits',
      'arn:aws:iam::11112222333:role/x',
      PROD,
      [],
      /^--principal "\S+": an account id has 12 digits, this one has 11$/,
    ],
    [
      'the same of a role',
      DEPLOYER,
      'arn:aws:iam::44445555666:role/x',
      [],
      /^--role "\S+": an account id has 12 digits, this one has 11$/,
    ],
    [
      'a user as the role',
      DEPLOYER,
      'arn:aws:iam::444455556666:user/x',
      [],
      /^--role "\S+" names no role: give its ARN/,
    ],
    ['a session as the role', DEPLOYER, 'arn:aws:sts::444455556666:assumed-role/x/y', [], /names no role/],
    ['a misspelt role', DEPLOYER, 'prod-deplyo', [], /\(did you mean prod-deploy\?\)$/],
    [
      'another action',
      DEPLOYER,
      PROD,
      ['--action', 'sts:GetCallerIdentity'],
      /^--action "sts:GetCallerIdentity" is none of sts:AssumeRole,/,
    ],
    [
      'a context without a value',
      DEPLOYER,
      PROD,
      ['--context', 'sts:ExternalId'],
      /^--context "sts:ExternalId" is not KEY=VALUE$/,
    ],
    ['another format', DEPLOYER, PROD, ['--format', 'sarif'], /^simulate answers as text or json, not as sarif$/],
  ] as const)('%s', (_, principal, target, options, says) => {
    expect(() => simulate(principal, target, ...options)).toThrow(says);
  });

  test('what is declared twice', () => {
    const { 'tools.yaml': tools = '', 'prod.yaml': prod = '' } = documents;
    const asked = (files: Documents, ...more: readonly string[]) =>
      run(files, ['simulate', '.', '--principal', 'deployer', '--role', 'prod-deploy', ...more]);
    expect(() => asked({ 'a.yaml': tools, 'b.yaml': tools, 'c.yaml': prod })).toThrow(
      /^"deployer" is declared 2 times \(a\.yaml:3, b\.yaml:3\): give fewer PATHs, or say in the configuration/,
    );
    expect(() => asked({ ...documents, 'prod-2.yaml': tools })).toThrow(
      /^"deployer" names 2 of the declared ones \(prod-2\.yaml:3, tools\.yaml:3\): give the ARN$/,
    );
  });

  test('a missing option, a missing path', () => {
    expect(() => run(documents, ['simulate', '.', '--principal', DEPLOYER])).toThrow(
      /^simulate needs --principal and --role$/,
    );
    expect(() => run(documents, ['simulate', 'none', '--principal', DEPLOYER, '--role', PROD])).toThrow(
      /^there is no none$/,
    );
  });
});
