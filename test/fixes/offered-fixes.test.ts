import { describe, expect, test } from 'vitest';
import { applyEdit, type Edit } from '../../src/fixes/fix.ts';
import { ACCOUNTS, CONFIGURATION, check, type Documents, json, lines, role, template } from '../support/documents.ts';

const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer';
const grant = `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${PROD}"}`;
const granted = template(role('Deployer', { name: 'deployer', grants: grant }));
const trusting = template(
  role('ProdDeploy', {
    name: 'prod-deploy',
    trust: `- {Effect: Allow, Principal: {AWS: "${DEPLOYER}"}, Action: sts:AssumeRole}`,
  }),
);
const prod = (trust: string) => template(role('ProdDeploy', { name: 'prod-deploy', trust }));

/** The documents with the one fix that is offered, and the lines that it adds or changes. */
function mended(documents: Documents): { readonly fixed: Documents; readonly written: readonly string[] } {
  const { report } = check(documents);
  const fixes = report.findings.flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
  expect(fixes).toHaveLength(1);
  const edits = (fixes[0]?.edits ?? []) as readonly Edit[];
  const fixed: Record<string, string> = { ...documents };
  for (const edit of [...edits].sort((a, b) => b.startLine - a.startLine))
    fixed[edit.path] = applyEdit(fixed[edit.path] ?? '', edit);
  const before = new Set(Object.values(documents).flatMap((text) => text.split('\n')));
  const written = Object.values(fixed).flatMap((text) => text.split('\n').filter((line) => !before.has(line)));
  return { fixed, written };
}

function allowed(documents: Documents): void {
  const { report } = check(documents);
  expect(report.findings).toEqual([]);
  expect(report.assumptions).toContainEqual(
    expect.objectContaining({ principal: DEPLOYER, role: PROD, decision: 'allowed' }),
  );
}

interface Case {
  readonly name: string;
  readonly documents: Documents;
  /** The lines that are new. */
  readonly written: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: 'a second principal where one stands on the line of its key, which keeps nothing behind it',
    documents: {
      'tools.yaml': granted,
      'prod.yaml': prod(`
        - Effect: Allow
          Principal:
            AWS: arn:aws:iam::111122223333:role/nightly-backup
          Action: sts:AssumeRole
      `),
    },
    written: [
      '              AWS:',
      '                - arn:aws:iam::111122223333:role/nightly-backup',
      `                - ${DEPLOYER}`,
    ],
  },
  {
    name: 'a principal beside a service, in a block',
    documents: {
      'tools.yaml': granted,
      'prod.yaml': prod(`
        - Effect: Allow
          Principal:
            Service: ec2.amazonaws.com # the hosts
          Action: sts:AssumeRole
      `),
    },
    written: [`              AWS: ${DEPLOYER}`],
  },
  {
    name: 'a principal beside a service, in braces',
    documents: {
      'tools.yaml': granted,
      'prod.yaml': prod('- {Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: sts:AssumeRole}'),
    },
    written: [
      `          - {Effect: Allow, Principal: { Service: ec2.amazonaws.com, AWS: "${DEPLOYER}" }, Action: sts:AssumeRole}`,
    ],
  },
  {
    name: 'a principal beside a service, in JSON',
    documents: {
      'tools.yaml': granted,
      'prod.json': json({
        Resources: {
          ProdDeploy: {
            Type: 'AWS::IAM::Role',
            Properties: {
              RoleName: 'prod-deploy',
              AssumeRolePolicyDocument: {
                Version: '2012-10-17',
                Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
              },
            },
          },
        },
      }),
    },
    written: ['                "Service": "ec2.amazonaws.com",', `                "AWS": "${DEPLOYER}"`],
  },
  {
    name: 'a policy for a role that has none',
    documents: {
      'prod.yaml': trusting,
      'tools.yaml': template(
        role('Deployer', { name: 'deployer' }),
        role('Other', { name: 'other', more: 'Description: stays as it is' }),
      ),
    },
    written: [
      '      Policies:',
      '        - PolicyName: assume-prod-deploy',
      '          PolicyDocument:',
      '            Version: "2012-10-17"',
      '            Statement:',
      '              - Effect: Allow',
      '                Action: sts:AssumeRole',
      `                Resource: ${PROD}`,
    ],
  },
  {
    name: 'a policy beside others, whose list stands in the column of its key',
    documents: {
      'prod.yaml': trusting,
      'tools.yaml': lines(`
        Resources:
          Deployer:
            Type: AWS::IAM::Role
            Properties:
              Policies:
              - PolicyName: logs
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement: {Effect: Allow, Action: "logs:*", Resource: "*"}
              RoleName: deployer
              AssumeRolePolicyDocument:
                Version: "2012-10-17"
                Statement: {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}
      `),
    },
    written: [
      '      - PolicyName: assume-prod-deploy',
      '            - Effect: Allow',
      '              Action: sts:AssumeRole',
      `              Resource: ${PROD}`,
    ],
  },
  {
    name: 'a policy in JSON',
    documents: {
      'prod.yaml': trusting,
      'tools.json': json({
        Resources: {
          Deployer: {
            Type: 'AWS::IAM::Role',
            Properties: {
              RoleName: 'deployer',
              AssumeRolePolicyDocument: {
                Version: '2012-10-17',
                Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
              },
            },
          },
        },
      }),
    },
    written: [
      '        "Policies": [',
      '            "PolicyName": "assume-prod-deploy",',
      '            "PolicyDocument": {',
      '              "Version": "2012-10-17",',
      '              "Statement": [',
      `                {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "${PROD}"}`,
    ],
  },
  {
    name: 'a Resource that a trust policy does not have',
    documents: {
      'tools.yaml': granted,
      'prod.yaml': prod(`
        - Effect: Allow
          Principal:
            AWS: ${DEPLOYER}
          Resource: "*"
          Action: sts:AssumeRole
      `),
    },
    written: [],
  },
  {
    name: 'an Action that a statement lacks',
    documents: {
      'tools.yaml': granted,
      'prod.yaml': prod(`
        - Effect: Allow
          Principal:
            AWS: ${DEPLOYER}
      `),
    },
    written: ['          - Action: sts:AssumeRole', '            Effect: Allow'],
  },
];

const workflow = lines(`
  on: {push: {branches: [main]}}
  permissions: {id-token: write, contents: read}
  jobs:
    deploy:
      runs-on: ubuntu-latest
      environment: prod
      steps:
        - uses: aws-actions/configure-aws-credentials@v6
          with: {role-to-assume: "${PROD}", aws-region: eu-west-1}
`);
const federated = (operator: string, subject: string) =>
  prod(`
    - Effect: Allow
      Principal: {Federated: "arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com"}
      Action: sts:AssumeRoleWithWebIdentity
      Condition:
        StringEquals:
          token.actions.githubusercontent.com:aud: sts.amazonaws.com
        ${operator}:
          token.actions.githubusercontent.com:sub: ${subject}
  `);

describe('a condition that the call does not meet', () => {
  const offered = (operator: string, subject: string): readonly (readonly string[])[] => {
    const documents = {
      [CONFIGURATION]: ACCOUNTS,
      '.github/workflows/deploy.yml': workflow,
      'prod.yaml': federated(operator, subject),
    };
    const { report } = check(documents, '--repository', 'octo-org/app');
    return report.findings.map(({ fix }) => fix?.edits.map(({ newText }) => newText.trim()) ?? []);
  };

  test('a subject that is not listed is listed', () => {
    expect(offered('StringLike', 'repo:octo-org/other:ref:refs/heads/main')).toEqual([
      [
        [
          'token.actions.githubusercontent.com:sub:',
          '                  - repo:octo-org/other:ref:refs/heads/main',
          '                  - repo:octo-org/app:environment:prod',
        ].join('\n'),
      ],
    ]);
  });

  test('a subject that differs by case is written right', () => {
    expect(offered('StringLike', 'repo:Octo-Org/app:environment:prod')).toEqual([
      ['token.actions.githubusercontent.com:sub: repo:octo-org/app:environment:prod'],
    ]);
  });

  test('a wildcard where none counts gets the operator that knows it', () => {
    expect(offered('ForAnyValue:StringEquals', 'repo:octo-org/app:*')).toEqual([['ForAnyValue:StringLike:']]);
  });
});

describe('the fix that is offered makes the call work, and writes no more than it must', () => {
  test.each(cases)('$name', ({ documents, written }) => {
    const result = mended({ [CONFIGURATION]: ACCOUNTS, ...documents });
    expect(result.written.filter((line) => !/^[\s{}[\],]*$/.test(line))).toEqual(expect.arrayContaining([...written]));
    allowed(result.fixed);
  });
});

test('across accounts both sides are mended together', () => {
  const documents = {
    [CONFIGURATION]: `${ACCOUNTS}expect:\n  - {principal: "${DEPLOYER}", role: "${PROD}"}\n`,
    'tools.yaml': template(role('Deployer', { name: 'deployer' })),
    'prod.yaml': template(role('ProdDeploy', { name: 'prod-deploy' })),
  };
  const { fixed, written } = mended(documents);
  expect(written.join('\n')).toContain(`AWS: "${DEPLOYER}"`);
  expect(written.join('\n')).toContain(`Resource: ${PROD}`);
  allowed(fixed);
});

test('a bare service gets its type', () => {
  const { fixed, written } = mended({
    [CONFIGURATION]: ACCOUNTS,
    'prod.yaml': prod('- {Effect: Allow, Principal: ec2.amazonaws.com, Action: sts:AssumeRole}'),
  });
  expect(written).toEqual([
    '          - {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}',
  ]);
  expect(check(fixed).report.findings).toEqual([]);
});

test('a dump is not edited: it shows what is deployed', () => {
  const { report } = check({
    [CONFIGURATION]: ACCOUNTS,
    'tools.yaml': granted,
    'dump.json': json({
      UserDetailList: [],
      GroupDetailList: [],
      Policies: [],
      RoleDetailList: [
        {
          RoleName: 'prod-deploy',
          Path: '/',
          Arn: PROD,
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
          },
        },
      ],
    }),
  });
  expect(report.findings.map(({ rule, fix }) => [rule, fix])).toEqual([['missing-trust', undefined]]);
});
