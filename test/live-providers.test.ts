import { describe, expect, test } from 'vitest';
import { type Answer, checkLive } from './support/aws/checked-live.ts';
import type { Account, ServerFault } from './support/aws/iam-server.ts';
import { check, lines, role, template } from './support/documents.ts';

/** Identity providers: declared, looked up, missing, and those that may not be asked for. */
const TOOLS = 'arn:aws:iam::111122223333:';
const ISSUER = 'token.actions.githubusercontent.com';
const OWN = ['--account', '111122223333', '--repository', 'octo-org/app', '--fail-on', 'never'];

const trust = (provider: string, action: string) =>
  `- {Effect: Allow, Principal: {Federated: "${TOOLS}${provider}"}, Action: "${action}", Condition: {StringEquals: {"${ISSUER}:aud": sts.amazonaws.com}, StringLike: {"${ISSUER}:sub": "repo:octo-org/app:*"}}}`;
const WORKFLOW = {
  'app.yaml': template(
    role('App', { name: 'app', trust: trust(`oidc-provider/${ISSUER}`, 'sts:AssumeRoleWithWebIdentity') }),
  ),
  '.github/workflows/deploy.yml': lines(`
    on: push
    permissions: {id-token: write}
    jobs:
      deploy:
        runs-on: ubuntu-latest
        steps:
          - uses: aws-actions/configure-aws-credentials@v6
            with: {role-to-assume: "${TOOLS}role/app", aws-region: eu-central-1}
  `),
};
const SAML = {
  'app.yaml': template(
    role('App', {
      name: 'app',
      trust: `- {Effect: Allow, Principal: {Federated: "${TOOLS}saml-provider/corp"}, Action: sts:AssumeRoleWithSAML}`,
    }),
  ),
};
const decisions = ({ report }: Pick<Answer, 'report'>) => [
  ...new Set(report.assumptions.map(({ decision }) => decision)),
];
const errors = ({ report }: Pick<Answer, 'report'>) =>
  report.findings.map(({ rule, severity, message }) => [rule, severity, message]);

describe('a workflow', () => {
  const live = (account: Account, faults: Readonly<Record<string, ServerFault>> = {}) =>
    checkLive(WORKFLOW, { accounts: { '111122223333': account }, faults, options: OWN });

  test('whose provider is there and takes its audience', async () => {
    const answer = await live({ oidc: { [ISSUER]: ['other', 'sts.amazonaws.com'] } });
    expect(answer.calls).toEqual([
      'GetCallerIdentity',
      'ListOpenIDConnectProviders',
      `GetOpenIDConnectProvider ${TOOLS}oidc-provider/${ISSUER}`,
    ]);
    expect(decisions(answer)).not.toContain('denied');
    expect(answer.report.diagnostics).toEqual([]);
  });

  test('whose provider the account does not have', async () => {
    const answer = await live({ oidc: { 'gitlab.com': ['x'] } });
    expect(errors(answer)).toEqual([
      [
        'workflow-not-trusted',
        'error',
        expect.stringContaining(`account 111122223333 has no identity provider ${ISSUER}`),
      ],
    ]);
    expect(answer.report.findings[0]?.location.path).toBe('.github/workflows/deploy.yml');
  });

  test('whose audience the provider does not take', async () => {
    const answer = await live({ oidc: { [ISSUER]: ['https://github.com/octo-org'] } });
    expect(errors(answer)).toEqual([
      ['workflow-not-trusted', 'error', expect.stringContaining('takes https://github.com/octo-org only')],
    ]);
  });

  test.each<[string, ServerFault]>([
    ['ListOpenIDConnectProviders', { status: 403, code: 'AccessDenied' }],
    ['ListOpenIDConnectProviders', { status: 400, code: 'Throttling' }],
    ['ListOpenIDConnectProviders', { status: 500, code: 'InternalFailure' }],
    ['ListOpenIDConnectProviders', { body: '<ListOpenIDConnectProvidersResponse><List' }],
    ['ListOpenIDConnectProviders', { body: '<A></A>' }],
    ['ListOpenIDConnectProviders', { silent: 'hangs' }],
    ['ListOpenIDConnectProviders', { silent: 'cut' }],
    ['GetOpenIDConnectProvider', { status: 403, code: 'AccessDenied' }],
    ['GetOpenIDConnectProvider', { status: 400, code: 'Throttling' }],
    ['GetOpenIDConnectProvider', { status: 500, code: 'InternalFailure' }],
    ['GetOpenIDConnectProvider', { body: '<GetOpenIDConnectProviderResponse><Get' }],
    ['GetOpenIDConnectProvider', { body: '<A></A>' }],
    ['GetOpenIDConnectProvider', { silent: 'hangs' }],
    ['GetOpenIDConnectProvider', { silent: 'cut' }],
  ])('is not denied where %s is not answered: %o', async (call, fault) => {
    const answer = await live({ oidc: { [ISSUER]: ['sts.amazonaws.com'] } }, { [call]: fault });
    expect(decisions(answer)).not.toContain('denied');
    expect(answer.report.diagnostics.map(({ message }) => message)).toEqual([expect.stringContaining(`iam:${call}`)]);
  });

  test('a provider that a document declares is not asked for', () => {
    const providing = (clients: string) => ({
      ...WORKFLOW,
      'provider.yaml': template(
        lines(`
          GitHub:
            Type: AWS::IAM::OIDCProvider
            Properties: {Url: "https://${ISSUER}", ClientIdList: [${clients}]}
        `),
      ),
    });
    expect(errors(check(providing('sts.amazonaws.com'), ...OWN))).toEqual([]);
    expect(errors(check(providing('!Ref "AWS::StackName"'), ...OWN))).toEqual([]);
    expect(errors(check(providing('sts.amazonaws.com.cn'), ...OWN))).toEqual([
      ['workflow-not-trusted', 'error', expect.stringContaining('its audience is sts.amazonaws.com')],
    ]);
  });

  test('a provider of Terraform, too', () => {
    const files = (clients: string) => ({
      ...WORKFLOW,
      'main.tf': `resource "aws_iam_openid_connect_provider" "github" {\n  url = "https://${ISSUER}"\n  client_id_list = ${clients}\n}\n`,
    });
    expect(errors(check(files('["sts.amazonaws.com"]'), ...OWN))).toEqual([]);
    expect(errors(check(files('["other"]'), ...OWN))).toMatchObject([
      ['workflow-not-trusted', 'error', expect.anything()],
    ]);
  });
});

describe('a trust policy alone', () => {
  test('names a provider that is not there: that is a principal that is not found', async () => {
    const trusted = { 'app.yaml': WORKFLOW['app.yaml'] };
    const answer = await checkLive(trusted, { accounts: { '111122223333': {} }, options: OWN });
    expect(errors(answer)).toEqual([
      ['principal-not-found', 'warning', expect.stringContaining(`has no identity provider ${ISSUER}`)],
    ]);
    expect(decisions(answer)).toEqual(['denied']);
  });

  test.each([
    ['there', ['corp'], 'allowed'],
    ['not there', [], 'denied'],
  ])('a SAML provider that is %s', async (_, saml, decision) => {
    const answer = await checkLive(SAML, { accounts: { '111122223333': { saml } }, options: OWN });
    expect(decisions(answer)).toEqual([decision]);
  });

  const refused: ServerFault = { status: 403, code: 'AccessDenied' };
  test.each<[string, Readonly<Record<string, ServerFault>>, readonly string[]]>([
    ['only the list', { ListSAMLProviders: refused }, ['ListSAMLProviders']],
    ['both', { ListSAMLProviders: refused, GetSAMLProvider: refused }, ['ListSAMLProviders', 'GetSAMLProvider']],
    [
      'both, without content',
      { ListSAMLProviders: { body: '<A></A>' }, GetSAMLProvider: { body: '<A></A>' } },
      ['ListSAMLProviders', 'GetSAMLProvider'],
    ],
    [
      'both, without XML',
      { ListSAMLProviders: { body: '<A' }, GetSAMLProvider: { body: '<A' } },
      ['ListSAMLProviders', 'GetSAMLProvider'],
    ],
    [
      'both, without end',
      { ListSAMLProviders: { silent: 'hangs' }, GetSAMLProvider: { silent: 'hangs' } },
      ['ListSAMLProviders', 'GetSAMLProvider'],
    ],
    [
      'both, cut off',
      { ListSAMLProviders: { silent: 'cut' }, GetSAMLProvider: { silent: 'cut' } },
      ['ListSAMLProviders', 'GetSAMLProvider'],
    ],
  ])('is not denied where %s is not answered', async (_, faults, calls) => {
    const answer = await checkLive(SAML, { accounts: { '111122223333': { saml: ['corp'] } }, faults, options: OWN });
    expect(decisions(answer)).toEqual(['allowed']);
    expect(answer.report.diagnostics.map(({ message }) => /iam:(\w+)/.exec(message)?.[1])).toEqual(calls);
  });
});
