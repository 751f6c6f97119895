import { expect, test } from 'vitest';
import { check, place, role, template } from '../support/documents.ts';

const LAMBDA = 'lambda.amazonaws.com';
const trusting = (service: string) => `- {Effect: Allow, Principal: {Service: ${service}}, Action: sts:AssumeRole}`;

test('a Lambda function hands its role to Lambda, which the role must trust', () => {
  const functionOf = (value: string) => `Fn:\n  Type: AWS::Lambda::Function\n  Properties:\n    Role: ${value}\n`;
  const documents = {
    'good.yaml': template(functionOf('!GetAtt Good.Arn'), role('Good', { name: 'good', trust: trusting(LAMBDA) })),
    'bad.yaml': template(
      functionOf('!Sub arn:aws:iam::${AWS::AccountId}:role/bad'),
      role('Bad', { name: 'bad', trust: trusting('ec2.amazonaws.com') }),
    ),
  };
  const { report } = check(documents);
  const decided = report.assumptions.filter(({ principal }) => principal === LAMBDA);
  expect(decided.map(({ role, decision }) => [role.split('/').at(-1), decision])).toEqual([
    ['bad', 'denied'],
    ['good', 'allowed'],
  ]);
  expect(report.findings.map(({ location }) => location)).toEqual([place(documents, 'bad.yaml', 'ec2.amazonaws.com')]);
  expect(report.findings[0]?.related).toEqual([
    {
      location: place(documents, 'bad.yaml', 'arn:aws:iam::${AWS::AccountId}:role/bad'),
      message: `hands this role to ${LAMBDA}`,
    },
  ]);
});

test.each([
  ['prod', '', 'allowed'],
  ['dev', '', 'denied'],
  ['dev', ', DisableSessionTags: true', 'conditional'],
])(
  'Pod Identity says for which namespace it calls: a trust of %s in an association of prod%s',
  (namespace, more, decision) => {
    const trust = `- Effect: Allow
  Principal: {Service: pods.eks.amazonaws.com}
  Action: [sts:AssumeRole, sts:TagSession]
  Condition: {StringEquals: {aws:RequestTag/kubernetes-namespace: ${namespace}}}
`;
    const association = `Api:\n  Type: AWS::EKS::PodIdentityAssociation
  Properties: {ClusterName: main, Namespace: prod, ServiceAccount: api, RoleArn: !GetAtt Pod.Arn${more}}\n`;
    const documents = { 'pod.yaml': template(association, role('Pod', { name: 'pod', trust })) };
    const { report } = check(documents);
    expect(report.assumptions.map((one) => one.decision)).toEqual([decision]);
    expect(report.findings.map(({ severity, location }) => [severity, location])).toEqual(
      decision === 'denied' ? [['error', place(documents, 'pod.yaml', 'dev')]] : [],
    );
  },
);

test.each([
  ['', 'denied'],
  [', DisableSessionTags: false', 'denied'],
  [', DisableSessionTags: true', 'allowed'],
])('an association without tags needs no sts:TagSession%s', (more, decision) => {
  const trust = '- {Effect: Allow, Principal: {Service: pods.eks.amazonaws.com}, Action: sts:AssumeRole}';
  const association = `Api:\n  Type: AWS::EKS::PodIdentityAssociation
  Properties: {ClusterName: main, Namespace: prod, ServiceAccount: api, RoleArn: !GetAtt Pod.Arn${more}}\n`;
  const { report } = check({ 'pod.yaml': template(association, role('Pod', { name: 'pod', trust })) });
  expect(report.assumptions.filter(({ action }) => action === 'sts:AssumeRole').map((one) => one.decision)).toEqual([
    decision,
  ]);
});

test('a CloudFormation action of a pipeline in Terraform hands its role to CloudFormation', () => {
  const documents = {
    'main.tf': `
resource "aws_iam_role" "stack" {
  name               = "stack"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "codebuild.amazonaws.com" } }]
  })
}
resource "aws_codepipeline" "release" {
  name = "release"
  stage {
    name = "Deploy"
    action {
      name          = "Stack"
      provider      = "CloudFormation"
      configuration = { RoleArn = aws_iam_role.stack.arn }
    }
  }
}
`,
  };
  const { report } = check(documents);
  expect(report.findings.map(({ rule, location }) => [rule, location])).toEqual([
    ['service-not-trusted', place(documents, 'main.tf', 'codebuild.amazonaws.com')],
  ]);
  expect(report.findings[0]?.related.map(({ location }) => location.startLine)).toEqual([16]);
});
