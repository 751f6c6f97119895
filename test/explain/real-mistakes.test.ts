import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CORPUS } from '../support/corpus.ts';
import { type Documents, run } from '../support/documents.ts';

const MISTAKES = CORPUS === undefined ? undefined : join(dirname(CORPUS), 'real-bugs');

const WEB = 'An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: ';
const TOKEN = `${WEB}Not authorized to perform sts:AssumeRoleWithWebIdentity`;
const OIDC = 'Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity';
const SESSION = 'arn:aws:sts::111122223333:assumed-role';
const OWN = 'arn:aws:iam::111122223333:role';
const OTHER = 'arn:aws:iam::444455556666:role';

function refused(user: string, role: string, action = 'sts:AssumeRole'): string {
  return `An error occurred (AccessDenied) when calling the AssumeRole operation: User: ${user} is not authorized to perform: ${action} on resource: ${role}`;
}

function malformed(text: string, operation = 'CreateRole'): string {
  return `An error occurred (MalformedPolicyDocument) when calling the ${operation} operation: ${text}`;
}

interface Mistake {
  /** What AWS, or what calls it, answers to the mistake. */
  readonly error: string;
  readonly repository?: string;
  /** The rule, and where it finds the cause. */
  readonly told: string;
  /** The line that ends it, where one is offered. */
  readonly fix?: string;
}

const TOLD: Readonly<Record<string, Mistake>> = {
  '01-irsa-sub-wrong-serviceaccount': {
    error: TOKEN,
    told: 'main.tf:13:36  error  service-account-not-trusted',
    fix: '["system:serviceaccount:apps:release", "system:serviceaccount:apps:release-assumer"]',
  },
  '03-irsa-sub-missing-namespace': {
    error: TOKEN,
    told: 'main.tf:13:36  error  service-account-not-trusted',
    fix: '= "system:serviceaccount:runners:etl-dev"',
  },
  '05-irsa-second-serviceaccount-left-out': {
    error: TOKEN,
    told: 'main.tf:13:37  error  service-account-not-trusted',
    fix: '["system:serviceaccount:runners:cadet", "system:serviceaccount:runners:cadet-non-spot"]',
  },
  '07-gha-sub-without-ref': {
    error: OIDC,
    repository: 'example-org/images',
    told: 'main.tf:22:20  error  workflow-not-trusted',
    fix: '["repo:example-org/images:ref:refs/heads/main"]',
  },
  '09-gha-environment-changes-sub': {
    error: OIDC,
    repository: 'example-org/infra',
    told: 'main.tf:22:20  error  workflow-not-trusted',
    fix: '["repo:example-org/infra:ref:refs/heads/main", "repo:example-org/infra:environment:prod"]',
  },
  '11-gha-missing-id-token-permission': {
    error:
      'Error: Could not assume role with OIDC: Credentials could not be loaded, please check your action inputs: Could not load credentials from any providers',
    repository: 'example-org/infra',
    told: '.github/workflows/deploy.yml:7:3  error  workflow-not-trusted',
  },
  '13-gha-org-case': {
    error: OIDC,
    repository: 'Example-Org/infra',
    told: 'main.tf:22:20  error  workflow-not-trusted',
    fix: '["repo:Example-Org/infra:*"]',
  },
  '15-gha-repo-left-out-of-list': {
    error: OIDC,
    repository: 'example-org/mod-waf',
    told: 'main.tf:21:19  error  workflow-not-trusted',
    fix: '"repo:example-org/mod-waf:ref:refs/heads/main"]',
  },
  '17-tagsession-missing-in-identity': {
    error: refused(`${SESSION}/caller/x`, `${OTHER}/target`, 'sts:TagSession'),
    told: 'main.tf:18:47  error  missing-tag-session',
    fix: 'Action = ["sts:AssumeRole", "sts:TagSession"]',
  },
  '19-tagsessions-typo': {
    error: malformed('AssumeRole policy may only specify STS AssumeRole actions.'),
    told: 'main.tf:7:64  error  unknown-action',
    fix: '["sts:SetSourceIdentity", "sts:AssumeRole", "sts:TagSession"]',
  },
  '21-service-principal-typo': {
    error: malformed('Invalid principal in policy: "SERVICE":"apigataway.amazonaws.com"'),
    told: 'main.tf:8:33  error  invalid-principal',
    fix: '["apigateway.amazonaws.com", "lambda.amazonaws.com"]',
  },
  '23-trust-statement-without-action': {
    error: malformed('Missing required field Action'),
    told: 'main.tf:2:3  error  invalid-policy',
  },
  '25-policy-created-never-attached': {
    error: refused(`${SESSION}/ip-usage-lambda/x`, `${OTHER}/IPUsageMetricsReadRole`),
    told: 'main.tf:1:26  error  missing-grant',
  },
  '27-grant-for-second-role-missing': {
    error: refused(`${SESSION}/plan/x`, `${OTHER}/limited-read`),
    told: 'main.tf:18:79  error  missing-grant',
    fix: 'Resource = ["arn:aws:iam::444455556666:role/SSOReadOnly", "arn:aws:iam::444455556666:role/limited-read"]',
  },
  '29-role-path-dropped-from-principal': {
    error: refused(`${SESSION}/master/i-0abc`, `${OWN}/k8s-logger`),
    told: 'main.tf:20:28  error  missing-trust',
    fix: 'AWS = aws_iam_role.master.arn',
  },
  '31-wrong-service-s3-batch': {
    error: refused('batchoperations.s3.amazonaws.com', `${OWN}/copy`),
    told: 'main.tf:8:19  error  missing-trust',
    fix: '["s3.amazonaws.com", "batchoperations.s3.amazonaws.com"]',
  },
  '33-sid-with-underscores': {
    error: malformed('Statement IDs (SID) must be alpha-numeric.'),
    told: 'main.tf:9:20  error  invalid-policy',
    fix: 'TrustedRoleArns',
  },
  '35-inline-policy-not-a-policy': {
    error: malformed('Syntax errors in policy.', 'PutRolePolicy'),
    told: 'main.tf:14:23  error  invalid-policy',
  },
  '37-ecs-service-role-trusts-ec2': {
    error:
      'InvalidParameterException: Unable to assume role and validate the listeners configured on your load balancer. Please verify that the ECS service role being passed has the proper permissions.',
    told: 'main.tf:8:32  error  service-not-trusted',
    fix: '["ec2.amazonaws.com", "ecs.amazonaws.com"]',
  },
  '39-principal-as-bare-service-string': {
    error: malformed('Invalid principal in policy: "STAR":"ec2.amazonaws.com"'),
    told: 'trust.json:7:21  error  invalid-principal',
    fix: '"Principal": {"Service": "ec2.amazonaws.com"}',
  },
  '41-events-rule-role-trust': {
    error: `ValidationException: Provided role '${OWN}/stack-Role-1A2B3C4D5E6F' cannot be assumed by principal 'events.amazonaws.com'.`,
    told: 'template.yaml:8:51  error  service-not-trusted',
    fix: '[lambda.amazonaws.com, events.amazonaws.com]',
  },
  '43-wildcard-in-arn-condition-static-partition': {
    error: refused(
      'arn:aws-us-gov:sts::111122223333:assumed-role/custom-deploy/s',
      'arn:aws-us-gov:iam::111122223333:role/stack-DeploymentRole-1A2B3C4D5E6F',
    ),
    told: 'template.yaml:11:66  error  missing-trust',
  },
  '45-cdk-deploy-role-not-granted': {
    error: `${refused(`${SESSION}/stack-BuildRoleB3A1C2D4-1A2B3C4D5E6F/AWSCodeBuild-1`, `${OWN}/cdk-hnb659fds-deploy-role-111122223333-eu-west-1`)} because no identity-based policy allows the sts:AssumeRole action`,
    told: 'AWS names an identity policy of the caller. By the documents, too: no identity policy allows sts:AssumeRole on this role (template.json:3 declares the caller).',
  },
  '47-lets-encrypt-user-grant-missing': {
    error: refused('arn:aws:iam::111122223333:user/cert-provision', `${OTHER}/dns`),
    told: 'main.tf:1:26  error  missing-grant',
  },
};

function documentsIn(folder: string): Documents {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = paths.filter((path) => /\.(tf|ya?ml|json)$/.test(path) && path !== 'plan.json');
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

describe.runIf(MISTAKES !== undefined)('a real mistake is explained from the error that it caused', () => {
  test.each(MISTAKES === undefined ? [] : readdirSync(MISTAKES))('%s', (name) => {
    const mistake = TOLD[name];
    if (mistake === undefined) return;
    const { error, repository, told, fix } = mistake;
    const options = repository === undefined ? [] : ['--repository', repository];
    const { status, output } = run(documentsIn(join(MISTAKES ?? '', name, 'before')), ['explain', error, ...options]);
    expect([status, output]).toEqual([0, expect.stringContaining(told)]);
    if (fix !== undefined) expect(output).toContain(fix);
  });
});
