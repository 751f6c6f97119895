import { describe, expect, test } from 'vitest';
import { ACCOUNTS, CONFIGURATION, check, type Documents, role, run, template } from '../support/documents.ts';

const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const SESSION = 'arn:aws:sts::111122223333:assumed-role/deployer/i-0abc';
const grants = `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${PROD}"}`;
const documents: Documents = {
  [CONFIGURATION]: ACCOUNTS,
  'tools.yaml': template(role('Deployer', { name: 'deployer', grants })),
  'prod.yaml': template(
    role('ProdDeploy', {
      name: 'prod-deploy',
      trust: '- {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:role/deployre"}, Action: sts:AssumeRole}',
    }),
  ),
};
const ACCESS_DENIED = 'An error occurred (AccessDenied) when calling the AssumeRole operation: ';
const CALL = `User: ${SESSION} is not authorized to perform: sts:AssumeRole on resource: ${PROD}`;

interface Explained {
  readonly principal?: string;
  readonly role?: string;
  readonly action: string;
  readonly named?: { readonly layer: string; readonly deny: boolean; readonly policy?: string };
  readonly explanation: readonly string[];
  readonly assumptions: readonly { readonly decision: string; readonly context: Readonly<Record<string, unknown>> }[];
  readonly findings: readonly {
    readonly rule: string;
    readonly location: { readonly path: string; readonly startLine: number };
    readonly fix?: { readonly edits: readonly { readonly newText: string }[] };
  }[];
}

function explain(message: string, files: Documents = documents): { status: number; call: Explained } {
  const { status, output } = run(files, ['explain', message, '--format', 'json']);
  return { status, call: JSON.parse(output).calls[0] };
}

const because = (layer: string) => `${CALL} because no ${layer} allows the sts:AssumeRole action`;
const denied = (layer: string) => `${CALL} with an explicit deny in ${layer}`;

describe('every wording names the call', () => {
  const wordings: readonly (readonly [string, string, Explained['named']?])[] = [
    ['without a reason', CALL],
    ['no identity policy', because('identity-based policy'), { layer: 'identity', deny: false }],
    ['no trust policy', because('role trust policy'), { layer: 'trust', deny: false }],
    ['a Deny in the trust policy', denied('the role trust policy'), { layer: 'trust', deny: true }],
    ['a Deny in an identity policy', denied('an identity-based policy'), { layer: 'identity', deny: true }],
    ['no boundary', because('permissions boundary'), { layer: 'boundary', deny: false }],
    ['a Deny in a boundary', denied('a permissions boundary'), { layer: 'boundary', deny: true }],
    ['no session policy', because('session policy'), { layer: 'session', deny: false }],
    ['a Deny in a sessions policy', denied('a sessions policy'), { layer: 'session', deny: true }],
    ['an SCP', denied('a service control policy'), { layer: 'scp', deny: true }],
    ['an RCP', denied('a resource control policy'), { layer: 'rcp', deny: true }],
    ['a VPC endpoint', because('VPC endpoint policy'), { layer: 'endpoint', deny: false }],
    [
      'a VPC endpoint, through an SCP',
      denied('a VPC endpoint policy transitively through a service control policy'),
      { layer: 'endpoint', deny: true },
    ],
    ['a resource policy', because('resource-based policy'), { layer: 'resource', deny: false }],
    [
      'an SCP with its ARN',
      denied(
        'a service control policy: arn:aws:organizations::777788889999:policy/o-abcd1234/service_control_policy/p-ab12cd34',
      ),
      {
        layer: 'scp',
        deny: true,
        policy: 'arn:aws:organizations::777788889999:policy/o-abcd1234/service_control_policy/p-ab12cd34',
      },
    ],
    [
      'an SCP with its ARN, before the frames of a stack',
      `${denied('a service control policy: arn:aws:organizations::777788889999:policy/o-abcd1234/service_control_policy/p-ab12cd34')}
    at throwDefaultError (/app/index.js:867:20)`,
      {
        layer: 'scp',
        deny: true,
        policy: 'arn:aws:organizations::777788889999:policy/o-abcd1234/service_control_policy/p-ab12cd34',
      },
    ],
  ];
  test.each(wordings)('%s', (_, sentence, named) => {
    const { status, call } = explain(ACCESS_DENIED + sentence);
    expect([call.principal, call.role, call.action, call.named]).toEqual([SESSION, PROD, 'sts:AssumeRole', named]);
    expect(status).toBe(0);
  });
});

describe('every wrapping of a message is taken off', () => {
  const sentence = because('role trust policy');
  const wrappings: readonly (readonly [string, string])[] = [
    ['a terminal’s colours', `\u001b[31m${ACCESS_DENIED}\u001b[1m${sentence}\u001b[0m`],
    ['colours that lost their first character', `[31m${ACCESS_DENIED}${sentence}[0m`],
    ['line breaks between words', sentence.replaceAll(' ', '\n')],
    ['a terminal of 80 columns', (ACCESS_DENIED + sentence).replace(/.{80}/g, '$&\n')],
    ['a terminal of 100 columns', (ACCESS_DENIED + sentence).replace(/.{100}/g, '$&\r\n')],
    [
      'Terraform',
      `╷\n│ Error: Cannot assume IAM Role\n│ \n│   with provider["registry.terraform.io/hashicorp/aws"],\n│   on main.tf line 1, in provider "aws":\n│    1: provider "aws" {\n│ \n│ IAM Role (${PROD}) cannot be assumed.\n│ \n│ Error: operation error STS: AssumeRole, https response error StatusCode:\n│ 403, RequestID: 3f0e, api error AccessDenied: ${sentence}\n╵`,
    ],
    ['a log of GitHub Actions', `2026-11-23T10:00:00.1234567Z ##[error]Could not assume role: ${sentence}`],
    ['the SDK for JavaScript', `AccessDenied: ${sentence}\n    at throwDefaultError (/app/node_modules/x.js:8:22)`],
    ['boto3', `botocore.exceptions.ClientError: ${ACCESS_DENIED}${sentence}`],
    ['JSON', JSON.stringify({ Error: { Code: 'AccessDenied', Message: `"${sentence}"` } })],
    [
      'the SDK for Go',
      `operation error STS: AssumeRole, https response error StatusCode: 403, api error AccessDenied: ${CALL}\n\tstatus code: 403, request id: 3f0e`,
    ],
    [
      'the SDK for Java',
      `software.amazon.awssdk.services.sts.model.StsException: ${CALL} (Service: Sts, Status Code: 403, Request ID: 3f0e) (SDK Attempt Count: 1)`,
    ],
    [
      'the CDK',
      `Could not assume role in target account using current credentials (which are for account 111122223333) ${CALL} . Please make sure that this role exists in the account.`,
    ],
    [
      'XML',
      `<Error><Type>Sender</Type><Code>AccessDenied</Code><Message>${CALL}</Message></Error><RequestId>3f0e</RequestId>`,
    ],
    ['HTML', `<p>${CALL.replaceAll('"', '&quot;')}</p>`],
    [
      'a log line',
      `2026-11-24T10:00:00.123Z host app[12]: level=error msg="assume failed" err="AccessDenied: ${CALL.replace(PROD, `\\"${PROD}\\"`)} because no role trust policy allows the sts:AssumeRole action" attempt=3`,
    ],
    ['the sentence and the next line of a log', `${CALL}\nTraceback (most recent call last):\n  File "app.py", line 1`],
    [
      'a log of 2 MB',
      `${'{"level":"info","message":"all is well"}\n'.repeat(25_000)}${sentence}\n${'retrying\n'.repeat(100_000)}`,
    ],
    ['a sentence around it', `It says "${CALL}", and I do not see why.`],
  ];
  test.each(wrappings)('%s', (_, pasted) => {
    const { call } = explain(pasted);
    expect([call.principal, call.role, call.action]).toEqual([SESSION, PROD, 'sts:AssumeRole']);
    expect(call.findings.map(({ rule, location }) => `${rule} ${location.path}`)).toEqual(['missing-trust prod.yaml']);
  });
});

describe('other wordings name what they do', () => {
  const ROLE = `arn:aws:iam::111122223333:role/deployer`;
  const wordings: readonly (readonly [string, string, readonly (string | undefined)[]])[] = [
    [
      'without any name',
      'An error occurred (AccessDenied) when calling the AssumeRole operation: Not authorized to perform sts:AssumeRole',
      [undefined, undefined],
    ],
    [
      'Terraform, the role alone',
      `error configuring Terraform AWS Provider: IAM Role (${PROD}) cannot be assumed.`,
      [undefined, PROD],
    ],
    [
      'the CDK, the role alone',
      `current credentials could not be used to assume '${PROD}', but are for the right account. Proceeding anyway.`,
      [undefined, PROD],
    ],
    [
      'CodePipeline, of a role',
      `${ROLE} is not authorized to perform AssumeRole on role ${PROD} (Service: AWSCodePipeline; Status Code: 400)`,
      [ROLE, PROD],
    ],
    [
      'CodePipeline, of itself',
      `CodePipeline is not authorized to perform AssumeRole on role ${PROD}`,
      ['codepipeline.amazonaws.com', PROD],
    ],
    [
      'CodeBuild',
      `CodeBuild is not authorized to perform: sts:AssumeRole on ${PROD}. Please verify that`,
      ['codebuild.amazonaws.com', PROD],
    ],
    ['CloudFormation', `Role ${PROD} is invalid or cannot be assumed`, ['cloudformation.amazonaws.com', PROD]],
    [
      'SageMaker',
      `Could not assume role ${PROD}. Please ensure that the role exists and allows principal 'sagemaker.amazonaws.com' to assume the role.`,
      ['sagemaker.amazonaws.com', PROD],
    ],
    [
      'ECS',
      `ECS was unable to assume the role '${PROD}' that was provided for this task.`,
      ['ecs-tasks.amazonaws.com', PROD],
    ],
    ['Lambda', 'The role defined for the function cannot be assumed by Lambda.', ['lambda.amazonaws.com', undefined]],
    [
      'Step Functions',
      'Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.',
      ['states.amazonaws.com', undefined],
    ],
    [
      'SAML',
      'Not authorized to perform sts:AssumeRoleWithSAML (Service: AWSSecurityTokenService; Status Code: 403; Error Code: AccessDenied; Request ID: 3f0e)',
      [undefined, undefined],
    ],
    [
      'a source identity',
      `User: ${SESSION} is not authorized to perform: sts:SetSourceIdentity on resource: ${PROD}`,
      [SESSION, PROD],
    ],
  ];
  test.each(wordings)('%s', (_, message, [principal, called]) => {
    const { call } = explain(message);
    expect([call.principal, call.role]).toEqual([principal, called]);
  });
});

describe('what is hidden is taken for what is declared, and that is said', () => {
  test.each(['***', 'XXXXXXXXXXXX', '<account-id>'])('an account as %s', (hidden) => {
    const { call } = explain(CALL.replaceAll(/\d{12}/g, hidden));
    expect(call.findings.map(({ rule, location }) => `${rule} ${location.path}`)).toEqual(['missing-trust prod.yaml']);
    expect(call.explanation.join(' ')).toContain(`is taken for ${PROD}, the only declared one that it can be`);
    expect(JSON.stringify(call.findings)).toContain('role/deployer"');
  });

  test('of several nothing is taken, and nothing is invented', () => {
    const prod = documents['prod.yaml'] ?? '';
    const { call } = explain(CALL.replaceAll('444455556666', '***'), { ...documents, 'tools-2.yaml': prod });
    expect(call.assumptions.length).toBeGreaterThan(0);
    expect(JSON.stringify(call.assumptions)).not.toContain('***');
    expect(JSON.stringify(call.findings)).not.toContain('***');
    expect(call.explanation.join(' ')).toContain('AWS does not say what is hidden in the ARNs');
  });

  test('a hidden role is unknown', () => {
    const { call } = explain(CALL.replace(PROD, '***'));
    expect([call.principal, call.role]).toEqual([SESSION, undefined]);
  });
});

describe('a call that names another role than the one that is there', () => {
  const good = { ...documents, 'prod.yaml': (documents['prod.yaml'] ?? '').replace('deployre', 'deployer') };
  test.each([
    ['another case', 'role/Prod-Deploy', 'role/Prod-Deploy is not there: the role of that name is role/prod-deploy'],
    [
      'a path',
      'role/team/prod-deploy',
      'role/team/prod-deploy is not there: the role of that name is role/prod-deploy',
    ],
    ['a letter', 'role/prod-deplyo', 'No document declares role/prod-deplyo'],
  ])('%s: it is told, with the one meant, and no policy is mended for it', (_, named, says) => {
    const { call } = explain(CALL.replace('role/prod-deploy', named), good);
    expect(call.explanation.join(' ')).toContain(says);
    expect(call.explanation.join(' ')).toContain(`did you mean ${PROD}?`);
    expect(call.explanation.join(' ')).not.toMatch(/\?\.|AWS refused it/);
    expect(call.findings.map(({ fix }) => fix)).not.toContainEqual(expect.anything());
  });
});

test('each error of a log is told once', () => {
  const other = CALL.replace('sts:AssumeRole', 'sts:TagSession');
  const { output } = run(documents, ['explain', `${CALL}\nretrying\n${CALL}\n${other}\n`, '--format', 'json']);
  expect(JSON.parse(output).calls.map(({ action }: Explained) => action)).toEqual(['sts:AssumeRole', 'sts:TagSession']);
});

test('the reason of the next sentence is not that of this one', () => {
  const { call } = explain(
    `${CALL}. Another call failed because no identity-based policy allows the s3:GetObject action`,
  );
  expect(call.named).toBe(undefined);
});

describe('the layer that AWS names is held against the one that decides', () => {
  const bare = (statement: string) => `{"Version": "2012-10-17", "Statement": [${statement}]}`;
  const deny = bare('{"Effect": "Deny", "Action": "sts:AssumeRole", "Resource": "*"}');
  const allowing = { ...documents, 'prod.yaml': (documents['prod.yaml'] ?? '').replace('deployre', 'deployer') };
  const withGrants = (statements: string, more = ''): Documents => ({
    ...allowing,
    'tools.yaml': `${template(role('Deployer', { name: 'deployer', grants: statements, more }))}`,
  });
  const withBoundary = (effect: string, action: string): Documents => ({
    ...withGrants(grants, 'PermissionsBoundary: !Ref Limit'),
    'tools.yaml': `${template(role('Deployer', { name: 'deployer', grants, more: 'PermissionsBoundary: !Ref Limit' }))}  Limit:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Action: "s3:*", Resource: "*"}
          - {Effect: ${effect}, Action: "${action}", Resource: "*"}
`,
  });
  const layers: readonly (readonly [string, string, Documents, string])[] = [
    [
      'no identity policy',
      because('identity-based policy'),
      withGrants('- {Effect: Allow, Action: "s3:*", Resource: "*"}'),
      'missing-grant',
    ],
    ['no trust policy', because('role trust policy'), documents, 'missing-trust'],
    [
      'a Deny in the trust policy',
      denied('the role trust policy'),
      {
        ...allowing,
        'prod.yaml': template(
          role('ProdDeploy', {
            name: 'prod-deploy',
            trust: `- {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:role/deployer"}, Action: sts:AssumeRole}
- {Effect: Deny, Principal: {AWS: "*"}, Action: sts:AssumeRole}`,
          }),
        ),
      },
      'explicit-deny',
    ],
    [
      'a Deny in an identity policy',
      denied('an identity-based policy'),
      withGrants(`${grants}\n- {Effect: Deny, Action: "sts:*", Resource: "*"}`),
      'explicit-deny',
    ],
    ['no boundary', because('permissions boundary'), withBoundary('Allow', 'ec2:*'), 'blocked-by-boundary'],
    ['a Deny in a boundary', denied('a permissions boundary'), withBoundary('Deny', 'sts:AssumeRole'), 'explicit-deny'],
    [
      'an SCP',
      denied('a service control policy'),
      {
        ...allowing,
        [CONFIGURATION]: ACCOUNTS.replace('["tools*"]', '["tools*"], scps: [scp.json]'),
        'scp.json': deny,
      },
      'explicit-deny',
    ],
    [
      'an SCP that does not allow',
      denied('a service control policy'),
      {
        ...allowing,
        [CONFIGURATION]: ACCOUNTS.replace('["tools*"]', '["tools*"], scps: [scp.json]'),
        'scp.json': bare('{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}'),
      },
      'blocked-by-scp',
    ],
    [
      'an RCP',
      denied('a resource control policy'),
      {
        ...allowing,
        [CONFIGURATION]: ACCOUNTS.replace('["prod*"]', '["prod*"], rcps: [rcp.json]'),
        'rcp.json': bare('{"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole", "Resource": "*"}'),
      },
      'blocked-by-rcp',
    ],
  ];
  test.each(layers)('%s', (_, message, files, rule) => {
    const { status, call } = explain(message, files);
    expect([status, call.findings.map((finding) => finding.rule)]).toEqual([0, [rule]]);
    expect(call.explanation).toEqual(['By the documents, too, it is denied:']);
  });

  test.each(layers)('%s, where the documents have it otherwise', (_, message) => {
    const { status, call } = explain(message, allowing);
    expect([status, call.assumptions.map(({ decision }) => decision)]).toEqual([1, ['allowed']]);
    expect(call.explanation.join(' ')).toMatch(
      /^AWS names .*(what is deployed is not what they say|give them in the configuration).*By the documents it is allowed\.$/,
    );
  });

  test.each([
    ['a session policy', because('session policy'), 'whoever opened the session'],
    ['an endpoint', denied('a VPC endpoint policy'), 'look at that endpoint’s policy'],
    [
      'another policy than the one that denies',
      denied('an identity-based policy: arn:aws:iam::111122223333:policy/guard'),
      'arn:aws:iam::111122223333:policy/guard',
    ],
  ])('%s is told, with where to look', (_, message, says) => {
    expect(explain(message, allowing).call.explanation.join(' ')).toContain(says);
  });

  test.each(layers)('%s, as the check prints AWS’s answer', (_, __, files, rule) => {
    const { report } = check(files);
    const answers = report.assumptions.flatMap(({ answer, role: called }) => (called === PROD ? (answer ?? []) : []));
    expect(answers).not.toEqual([]);
    for (const answer of answers) {
      const { call } = explain(answer, files);
      expect(call.findings.map((finding) => finding.rule)).toEqual([rule]);
      expect(call.explanation).toEqual(['By the documents, too, it is denied:']);
    }
  });

  test('a grant that the documents do not need', () => {
    const inOne = { ...documents, [CONFIGURATION]: 'accounts:\n  tools: {id: "111122223333", paths: ["*"]}\n' };
    const same = template(
      role('ProdDeploy', {
        name: 'prod-deploy',
        trust: '- {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:role/deployer"}, Action: sts:AssumeRole}',
      }),
    );
    const { call } = explain(because('identity-based policy').replaceAll('444455556666', '111122223333'), {
      ...inOne,
      'prod.yaml': same,
    });
    expect(call.explanation[0]).toBe(
      'AWS names an identity policy of the caller. By the documents that one is not needed: the trust policy of the same account names the caller itself: what is deployed is not what they say.',
    );
  });

  test('by another policy it is denied as well', () => {
    const { call } = explain(
      because('role trust policy'),
      withGrants('- {Effect: Allow, Action: "s3:*", Resource: "*"}'),
    );
    expect(call.explanation.join(' ')).toMatch(
      /what is deployed is not what they say.*denied as well, by another policy/,
    );
    const { call: both } = explain(
      denied('an identity-based policy: arn:aws:iam::111122223333:policy/guard'),
      withGrants(`${grants}\n- {Effect: Deny, Action: "sts:*", Resource: "*"}`),
    );
    expect(both.explanation[0]).toContain('The documents show that the inline policy own of Deployer denies, too.');
  });
});

test('a denial is told with its place, the nearest miss and the edit', () => {
  const { output, status } = run(documents, ['explain', ACCESS_DENIED + because('role trust policy')]);
  expect(status).toBe(0);
  expect(output).toContain(`${SESSION} called sts:AssumeRole on ${PROD}, and AWS refused`);
  expect(output).toContain('By the documents, too, it is denied:');
  expect(output).toContain('prod.yaml:10:');
  expect(output).toContain('one letter off');
  expect(output).toContain('fix: write arn:aws:iam::111122223333:role/deployer (decided again: allowed)');
  expect(output).not.toContain('message:1');
});

test('a missing tag permission is asked of both sides', () => {
  const { call } = explain(`User: ${SESSION} is not authorized to perform: sts:TagSession on resource: ${PROD}`, {
    ...documents,
    'prod.yaml': template(
      role('ProdDeploy', {
        name: 'prod-deploy',
        trust:
          '- {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:role/deployer"}, Action: [sts:AssumeRole, sts:TagSession]}',
      }),
    ),
  });
  expect(call.assumptions.map(({ decision }) => decision)).toEqual(['denied']);
  expect(call.findings.map(({ rule, location }) => `${rule} ${location.path}`)).toEqual([
    'missing-tag-session tools.yaml',
  ]);
});

test('a call that the documents allow is told as such, with what may keep it out', () => {
  const files = { ...documents, 'prod.yaml': (documents['prod.yaml'] ?? '').replace('deployre', 'deployer') };
  const { status, call } = explain(denied('a service control policy'), files);
  expect(status).toBe(1);
  expect(call.assumptions.map(({ decision }) => decision)).toEqual(['allowed']);
  expect(call.explanation.join(' ')).toMatch(/accounts\.\*\.scps.*By the documents it is allowed\./);
});

test('a role that no document declares is told as such', () => {
  const { status, call } = explain(CALL.replace('prod-deploy', 'other'), {
    ...documents,
    'tools.yaml': (documents['tools.yaml'] ?? '').replace('role/prod-deploy', 'role/o*'),
  });
  expect(status).toBe(1);
  expect(call.assumptions.map(({ decision }) => decision)).toEqual(['unknown']);
  expect(call.explanation.join(' ')).toContain(
    'the role arn:aws:iam::444455556666:role/other, which no document declares',
  );
});

const GITHUB = 'arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com';
const oidc: Documents = {
  [CONFIGURATION]: ACCOUNTS,
  'prod.yaml': template(
    role('ProdDeploy', {
      name: 'prod-deploy',
      trust: `- {Effect: Allow, Principal: {Federated: "${GITHUB}"}, Action: sts:AssumeRoleWithWebIdentity, Condition: {StringEquals: {"token.actions.githubusercontent.com:aud": sts.amazonaws.com, "token.actions.githubusercontent.com:sub": "repo:acme/app:ref:refs/heads/main"}}}`,
    }),
  ),
};

test('a web identity’s message names nobody: the declared calls are told, and what they ask for', () => {
  const message = 'Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity';
  const { status, call } = explain(message, oidc);
  expect(status).toBe(0);
  expect(call.assumptions.map(({ decision }) => decision)).toEqual(['conditional']);
  expect(call.explanation.join(' ')).toContain(
    'token.actions.githubusercontent.com:sub StringEquals repo:acme/app:ref:refs/heads/main',
  );
});

describe('errors that no policy decides', () => {
  test.each([
    [
      'InvalidIdentityToken: No OpenIDConnect provider found in your account for https://token.actions.githubusercontent.com',
      'has no identity provider for https://token.actions.githubusercontent.com',
    ],
    ['InvalidIdentityToken: Incorrect token audience', 'audience (aud)'],
    [
      "InvalidIdentityToken: Couldn't retrieve verification key from your identity provider, please reference it",
      'could not verify',
    ],
    [
      "InvalidIdentityToken: OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
      'thumbprint',
    ],
    ['InvalidIdentityToken: Missing a required claim: sub', 'lacks the claim sub'],
    ['InvalidIdentityToken: The ID Token provided is not a valid JWT', 'no ID token'],
    [
      'RoleSessionName is required in AuthnResponse (Service: AWSSecurityTokenService; Status Code: 400)',
      'RoleSessionName',
    ],
    ['Response signature invalid (Service: AWSSecurityTokenService; Error Code: InvalidIdentityToken)', 'signature'],
    ['Failed to assume role: Issuer not present in specified provider', 'issuer'],
    [
      'User: arn:aws:iam::111122223333:user/ada is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/app',
      'iam:PassRole',
    ],
    [
      'ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      'MaxSessionDuration',
    ],
    [
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
      'one hour at most',
    ],
    ['Roles may not be assumed by root accounts.', 'root user cannot assume roles'],
    ['ExpiredToken: The security token included in the request is expired', 'past their time'],
    ['PackedPolicyTooLarge: Packed size of session tags consumes 107%', 'too large'],
    ['RegionDisabledException: STS is not activated in this region', 'not active in this region'],
    [
      'UnauthorizedOperation: You are not authorized. Encoded authorization failure message: 4GKs9',
      'decode-authorization-message',
    ],
  ])('%s', (message, says) => {
    const { status, call } = explain(message);
    expect(status).toBe(0);
    expect(call.explanation.join(' ')).toContain(says);
  });
});

test('a policy that could not be saved is found by the principal that AWS names', () => {
  const files = {
    [CONFIGURATION]: ACCOUNTS,
    'prod.yaml': template(
      role('ProdDeploy', {
        name: 'prod-deploy',
        trust: '- {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:group/ops"}, Action: sts:AssumeRole}',
      }),
    ),
  };
  const { status, call } = explain(
    'MalformedPolicyDocument: Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:group/ops"',
    files,
  );
  expect(status).toBe(0);
  expect(call.findings.map(({ rule }) => rule)).toEqual(['invalid-principal']);
});

describe('a principal that AWS did not find when it saved', () => {
  const named = (principal: string) => `MalformedPolicyDocument: Invalid principal in policy: "AWS":"${principal}"`;
  const told = (message: string, files: Documents = documents): string => run(files, ['explain', message]).output;
  test('that no document declares: where it stands, and which is meant', () => {
    expect(told(named('arn:aws:iam::111122223333:role/deployre'))).toMatch(
      /prod\.yaml:10:\d+ {2}the trust policy of ProdDeploy names it; no document declares it; did you mean arn:aws:iam::111122223333:role\/deployer\?/,
    );
  });
  test('that another document declares: it comes first', () => {
    const files = { ...documents, 'prod.yaml': (documents['prod.yaml'] ?? '').replace('deployre', 'deployer') };
    expect(told(named('arn:aws:iam::111122223333:role/deployer'), files)).toContain(
      'it is declared at tools.yaml:3: that has to be deployed first',
    );
  });
  test('that no document names', () => {
    const { status, output } = run(documents, ['explain', named('arn:aws:iam::111122223333:role/none')]);
    expect([status, output]).toEqual([
      1,
      expect.stringContaining('No document here has a policy in which this shows.'),
    ]);
  });
});

test('an issuer without a provider is told with the trust policies that name it', () => {
  const { output } = run(oidc, [
    'explain',
    'No OpenIDConnect provider found in your account for https://token.actions.githubusercontent.com',
  ]);
  expect(output).toMatch(
    /prod\.yaml:10:\d+ {2}arn:aws:iam::444455556666:role\/prod-deploy trusts arn:aws:iam::444455556666:oidc-provider/,
  );
});

test('a service that cannot assume the role says so in its own words', () => {
  const { call } = explain(`Provided role '${PROD}' cannot be assumed by principal 'events.amazonaws.com'.`);
  expect([call.principal, call.role]).toEqual(['events.amazonaws.com', PROD]);
  expect(call.assumptions.map(({ decision }) => decision)).toEqual(['denied']);
});

test('a text that is no such error fails with one sentence', () => {
  expect(() => run(documents, ['explain', 'connection reset by peer'])).toThrow(/^this is no error that AWS answers/);
  expect(() => run(documents, ['explain'])).toThrow(/^explain needs the message/);
});
