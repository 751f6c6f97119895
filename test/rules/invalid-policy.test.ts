import { ACCOUNTS, CONFIGURATION, json, policy, role, template } from '../support/documents.ts';
import { type BadCase, type GoodCase, ruleCases } from './rule-cases.ts';

const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer';
const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const TRUST = `{Effect: Allow, Principal: {AWS: "${DEPLOYER}"}, Action: sts:AssumeRole}`;
const related = [['tools.yaml', PROD, 'grants sts:AssumeRole on this role']] as const;
const HEAD = 'AWS rejects the trust policy of ProdDeploy';

const grant = template(
  role('Deployer', { name: 'deployer', grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${PROD}"}` }),
);
const prod = (trust: string) => template(role('ProdDeploy', { name: 'prod-deploy', trust }));
const trusting = (trust: string) => ({ [CONFIGURATION]: ACCOUNTS, 'prod.yaml': prod(trust) });
const granting = (grants: string) => ({
  [CONFIGURATION]: ACCOUNTS,
  'tools.yaml': template(role('Deployer', { name: 'deployer', grants })),
});

/** A trust policy with one fault, at one piece of it. */
function fault(name: string, trust: string, marker: string, says: string, fix?: string | false): BadCase {
  return {
    name,
    documents: trusting(trust),
    findings: [{ says: `${HEAD}: ${says}`, at: ['prod.yaml', marker], ...(fix === undefined ? {} : { fix }) }],
  };
}

/** The same where a service is trusted that cannot assume the role because of it. */
function defeating(name: string, trust: string, marker: string, says: string, fix?: string | false): BadCase {
  const one = fault(name, trust, marker, says, fix);
  const subject = {
    principal: 'ec2.amazonaws.com',
    role: PROD,
    action: 'sts:AssumeRole',
    related: [['prod.yaml', 'ec2.amazonaws.com', 'trusts this principal']] as const,
  };
  return { ...one, findings: one.findings.map((finding) => ({ ...finding, ...subject })) };
}

const many = (count: number) => Array.from({ length: count }, (_, i) => `arn:aws:iam::111122223333:role/deployer-${i}`);

const bad: readonly BadCase[] = [
  fault(
    'a Sid with underscores, and how it may be written',
    `- {Sid: trusted_role_arns, Effect: Allow, Principal: {AWS: "${DEPLOYER}"}, Action: sts:AssumeRole}`,
    'trusted_role_arns',
    'a Sid has letters and digits only, and "trusted_role_arns" has others',
    `          - {Sid: TrustedRoleArns, Effect: Allow, Principal: {AWS: "${DEPLOYER}"}, Action: sts:AssumeRole}`,
  ),
  fault(
    'a Sid that two statements share',
    `
      - {Sid: Trust, Effect: Allow, Principal: {AWS: "${DEPLOYER}"}, Action: sts:AssumeRole}
      - {Sid: Trust, Effect: Allow, Principal: {AWS: "${DEPLOYER}"}, Action: sts:TagSession}
    `,
    `{Sid: «Trust», Effect: Allow, Principal: {AWS: "${DEPLOYER}"}, Action: sts:TagSession}`,
    'the Sid Trust is taken: each statement of a policy has its own',
    false,
  ),
  fault(
    'NotPrincipal in a trust policy',
    `- {Effect: Deny, NotPrincipal: {AWS: "${DEPLOYER}"}, Action: sts:AssumeRole}`,
    'NotPrincipal',
    'NotPrincipal is not supported in a trust policy',
  ),
  defeating(
    'a misspelt Effect',
    `- {Effect: allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}`,
    'allow',
    'the Effect "allow" is neither Allow nor Deny',
    '          - {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}',
  ),
  defeating(
    'a missing Effect',
    '- {Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}',
    '{Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}',
    'the statement has no Effect',
  ),
  fault(
    'a missing Principal',
    '- {Effect: Deny, Action: sts:AssumeRole}',
    '{Effect: Deny, Action: sts:AssumeRole}',
    'the statement has no Principal',
  ),
  fault(
    'an action of another service',
    `- {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: [sts:AssumeRole, iam:PassRole]}`,
    'iam:PassRole',
    'a trust policy speaks of sts actions only, not of iam:PassRole',
  ),
  fault(
    'an element that no statement has',
    `- {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole, Comment: for the hosts}`,
    'Comment',
    'a statement has no element Comment',
  ),
  fault(
    'a sort of principal that there is not',
    '- {Effect: Allow, Principal: {Services: ec2.amazonaws.com}, Action: sts:AssumeRole}',
    'Services',
    'a principal is of type AWS, Service or Federated, and "Services" is none of them',
    '          - {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}',
  ),
  defeating(
    'an unknown condition operator',
    `- {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole, Condition: {StringEqual: {aws:SourceAccount: "444455556666"}}}`,
    'StringEqual',
    'IAM knows no condition operator StringEqual: did you mean StringEquals?',
    `          - {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole, Condition: {StringEquals: {aws:SourceAccount: "444455556666"}}}`,
  ),
  fault(
    'a Condition without an operator’s keys',
    `- {Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole, Condition: {StringEquals: "444455556666"}}`,
    '444455556666',
    'the operator StringEquals takes keys with the values to compare',
  ),
  {
    name: 'a statement without an Action, with the call that does not work because of it',
    documents: { ...trusting(`- {Effect: Allow, Principal: {AWS: "${DEPLOYER}"}}`), 'tools.yaml': grant },
    findings: [
      {
        principal: DEPLOYER,
        role: PROD,
        action: 'sts:AssumeRole',
        says: [`${HEAD}: the statement has no Action`, 'Because of it, role/deployer cannot assume role/prod-deploy'],
        at: ['prod.yaml', `{Effect: Allow, Principal: {AWS: "${DEPLOYER}"}}`],
        related,
      },
    ],
  },
  {
    name: 'a Resource in a trust policy, with the call that does not work because of it',
    documents: {
      ...trusting(`- {Effect: Allow, Principal: {AWS: "${DEPLOYER}"}, Action: sts:AssumeRole, Resource: "*"}`),
      'tools.yaml': grant,
    },
    findings: [
      {
        principal: DEPLOYER,
        role: PROD,
        action: 'sts:AssumeRole',
        says: `${HEAD}: a trust policy has no Resource: the role that it belongs to is the resource`,
        at: ['prod.yaml', '«Resource»: "*"'],
        related: [...related, ['prod.yaml', DEPLOYER, 'trusts this principal']],
      },
    ],
  },
  {
    name: 'a version that does not exist',
    documents: { ...trusting(`- ${TRUST}`), 'prod.yaml': prod(`- ${TRUST}`).replace('"2012-10-17"', '"2012-10-07"') },
    findings: [{ says: `${HEAD}: there is no policy version "2012-10-07"`, at: ['prod.yaml', '2012-10-07'] }],
  },
  {
    name: 'a trust policy that fits only where its quota was raised',
    documents: trusting(`- {Effect: Allow, Principal: {AWS: [${many(60).join(', ')}]}, Action: sts:AssumeRole}`),
    findings: [
      {
        severity: 'warning',
        says: 'AWS may reject the trust policy of ProdDeploy: it has at least 27',
        at: [
          'prod.yaml',
          `Version: "2012-10-17" Statement: - {Effect: Allow, Principal: {AWS: [${many(60).join(', ')}]}, Action: sts:AssumeRole}`,
        ],
      },
    ],
  },
  {
    name: 'a trust policy that no quota takes',
    documents: trusting(`- {Effect: Allow, Principal: {AWS: [${many(200).join(', ')}]}, Action: sts:AssumeRole}`),
    findings: [
      {
        says: 'and a trust policy at most 8192',
        at: [
          'prod.yaml',
          `Version: "2012-10-17" Statement: - {Effect: Allow, Principal: {AWS: [${many(200).join(', ')}]}, Action: sts:AssumeRole}`,
        ],
      },
    ],
  },
  {
    name: 'an identity policy with a Principal, one without a Resource, and an action without its service',
    documents: granting(`
      - {Effect: Allow, Action: s3:GetObject, Resource: "*", Principal: "*"}
      - {Effect: Allow, Action: sts:GetCallerIdentity}
      - {Effect: Allow, Action: sts.AssumeRole, Resource: "*"}
    `),
    findings: [
      {
        says: 'AWS rejects the inline policy own of Deployer: an identity policy has no Principal',
        at: ['tools.yaml', '«Principal»: "*"'],
      },
      { says: 'the statement has no Resource', at: ['tools.yaml', '{Effect: Allow, Action: sts:GetCallerIdentity}'] },
      { says: 'the action "sts.AssumeRole" names no service', at: ['tools.yaml', 'sts.AssumeRole'] },
    ],
  },
  {
    name: 'a value that is no policy at all',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'tools.json': json({
        Resources: {
          Grant: {
            Type: 'AWS::IAM::ManagedPolicy',
            Properties: { PolicyDocument: { actions: ['sts:AssumeRole'], resources: [PROD] } },
          },
        },
      }),
    },
    findings: [
      {
        says: 'AWS rejects the managed policy Grant: this is no policy: it has no Statement',
        at: ['tools.json', `{ "actions": [ "sts:AssumeRole" ], "resources": [ "${PROD}" ] }`],
      },
    ],
  },
];

const good: readonly GoodCase[] = [
  {
    name: 'empty Sids, a statement that is no list, and the older version',
    documents: {
      ...trusting(`- ${TRUST}`),
      'prod.json': json({
        Resources: {
          Job: {
            Type: 'AWS::IAM::Role',
            Properties: {
              RoleName: 'prod-job',
              AssumeRolePolicyDocument: {
                Version: '2008-10-17',
                Id: 'trust',
                Statement: {
                  Sid: '',
                  Effect: 'Allow',
                  Principal: { Service: 'lambda.amazonaws.com' },
                  Action: ['sts:AssumeRole', 'sts:TagSession'],
                },
              },
            },
          },
        },
      }),
      'tools.yaml': grant,
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
  {
    name: 'one Sid in two branches of a choice',
    documents: {
      [CONFIGURATION]: ACCOUNTS,
      'tools.yaml': grant,
      'prod.yaml': prod(`
        - !If
          - IsLocked
          - {Sid: Trust, Effect: Deny, Principal: {AWS: "${DEPLOYER}"}, Action: sts:AssumeRole}
          - {Sid: Trust, Effect: Allow, Principal: {AWS: "${DEPLOYER}"}, Action: sts:AssumeRole}
      `).replace(
        'Resources:',
        'Parameters:\n  Lock: {Type: String}\nConditions:\n  IsLocked: !Equals [!Ref Lock, "yes"]\nResources:',
      ),
    },
    others: ['unresolved-value'],
    decided: [[DEPLOYER, PROD, 'unknown']],
  },
  {
    name: 'an SCP, whose grammar is another',
    documents: {
      ...trusting(`- ${TRUST}`),
      [CONFIGURATION]: ACCOUNTS.replace('id: "111122223333",', 'id: "111122223333", scps: [scp.json],'),
      'tools.yaml': grant,
      'scp.json': policy({ Sid: 'full access', Effect: 'Allow', Action: '*', Resource: '*' }),
    },
    decided: [[DEPLOYER, PROD, 'allowed']],
  },
];

ruleCases('invalid-policy', { bad, good });
