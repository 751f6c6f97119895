import { describe, expect, test } from 'vitest';
import { applyEdit, type Edit } from '../../src/fixes/fix.ts';
import { CONFIGURATION, check, type Documents, json, lines, role, template } from '../support/documents.ts';

const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer';
const BOTH = lines(`
  accounts:
    tools: {id: "111122223333", paths: ["tools*", "tools/**"]}
    prod: {id: "444455556666", paths: ["prod*", "prod/**"]}
`);
const trusting = template(
  role('ProdDeploy', {
    name: 'prod-deploy',
    trust: `- {Effect: Allow, Principal: {AWS: "${DEPLOYER}"}, Action: sts:AssumeRole}`,
  }),
);
const granted = template(
  role('Deployer', { name: 'deployer', grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${PROD}"}` }),
);

/** What the fixes change, by file: the lines that are new. Each ends its finding, and none of them is an error afterwards. */
function written(documents: Documents): readonly string[] {
  const { report } = check({ [CONFIGURATION]: BOTH, ...documents });
  const fixes = report.findings.flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
  const lines = fixes.flatMap(({ edits }) => {
    const fixed: Record<string, string> = { ...documents };
    for (const edit of [...(edits as readonly Edit[])].sort((a, b) => b.startLine - a.startLine))
      fixed[edit.path] = applyEdit(fixed[edit.path] ?? '', edit);
    const after = check({ [CONFIGURATION]: BOTH, ...fixed }).report;
    expect(after.diagnostics).toEqual([]);
    expect(after.findings.filter(({ severity }) => severity === 'error').length).toBeLessThan(report.findings.length);
    return Object.entries(fixed).flatMap(([path, text]) => {
      const before = new Set((documents[path] ?? '').split('\n'));
      return text.split('\n').filter((line) => !before.has(line));
    });
  });
  return lines;
}

describe('a managed policy that nobody has is attached', () => {
  const statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: PROD };

  test('in YAML, beside others', () => {
    const policy = lines(`
      Deploying:
        Type: AWS::IAM::ManagedPolicy
        Properties:
          PolicyDocument: {Version: "2012-10-17", Statement: {Effect: Allow, Action: sts:AssumeRole, Resource: "${PROD}"}}
    `);
    const more = 'ManagedPolicyArns:\n        - arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess';
    const tools = template(role('Deployer', { name: 'deployer', more }), policy);
    expect(written({ 'prod.yaml': trusting, 'tools.yaml': tools })).toEqual(['              - !Ref Deploying']);
  });

  test('in JSON', () => {
    const Resources = {
      Deploying: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { PolicyDocument: { Version: '2012-10-17', Statement: statement } },
      },
      Deployer: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'deployer',
          AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] },
        },
      },
    };
    const fresh = written({ 'prod.yaml': trusting, 'tools.json': json({ Resources }) }).map((line) => line.trim());
    expect(fresh).toEqual(['},', '"ManagedPolicyArns": [', '{', '"Ref": "Deploying"', ']']);
  });

  test('in Terraform', () => {
    const main = lines(`
      data "aws_iam_policy_document" "deploying" {
        statement {
          actions   = ["sts:AssumeRole"]
          resources = ["${PROD}"]
        }
      }
      resource "aws_iam_policy" "deploying" {
        name   = "deploying"
        policy = data.aws_iam_policy_document.deploying.json
      }
      resource "aws_iam_role" "deployer" {
        name               = "deployer"
        assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
      }
    `);
    expect(written({ 'prod.yaml': trusting, 'tools/main.tf': main })).toEqual([
      'resource "aws_iam_role_policy_attachment" "deployer_deploying" {',
      '  role       = aws_iam_role.deployer.name',
      '  policy_arn = aws_iam_policy.deploying.arn',
    ]);
  });

  test('not where it allows more than to assume a role: a grant of its own does that alone', () => {
    const policy = lines(`
      Deploying:
        Type: AWS::IAM::ManagedPolicy
        Properties:
          PolicyDocument: {Version: "2012-10-17", Statement: {Effect: Allow, Action: "*", Resource: "*"}}
    `);
    const tools = template(role('Deployer', { name: 'deployer' }), policy);
    expect(written({ 'prod.yaml': trusting, 'tools.yaml': tools })).toContain(
      '        - PolicyName: assume-prod-deploy',
    );
  });
});

describe('what others have, too, gets nothing more', () => {
  test('a list in a local that several roles trust', () => {
    const main = lines(`
      locals {
        trusted = ["arn:aws:iam::111122223333:role/other"]
      }
      resource "aws_iam_role" "prod" {
        name               = "prod-deploy"
        assume_role_policy = jsonencode({
          Version   = "2012-10-17"
          Statement = [{ Effect = "Allow", Principal = { AWS = local.trusted }, Action = "sts:AssumeRole" }]
        })
      }
      resource "aws_iam_role" "audit" {
        name               = "prod-audit"
        assume_role_policy = jsonencode({
          Version   = "2012-10-17"
          Statement = [{ Effect = "Allow", Principal = { AWS = local.trusted }, Action = "sts:AssumeRole" }]
        })
      }
    `);
    expect(written({ 'tools.yaml': granted, 'prod/main.tf': main })).toEqual([
      `    Statement = [{ Effect = "Allow", Principal = { AWS = local.trusted }, Action = "sts:AssumeRole" }, { Effect = "Allow", Principal = { AWS = "${DEPLOYER}" }, Action = "sts:AssumeRole" }]`,
    ]);
  });

  test('what a module or for_each makes of one block', () => {
    const main = (roles: string) =>
      lines(`
        resource "aws_iam_role" "app" {
          for_each           = toset(${roles})
          name               = each.key
          assume_role_policy = jsonencode({
            Version   = "2012-10-17"
            Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }]
          })
        }
      `);
    expect(written({ 'tools.yaml': granted, 'prod/main.tf': main('["prod-deploy", "prod-audit"]') })).toEqual([]);
    expect(written({ 'tools.yaml': granted, 'prod/main.tf': main('["prod-deploy"]') }).join('')).toContain(DEPLOYER);
  });

  test('the policy of a group', () => {
    const tools = lines(`
      Resources:
        Team:
          Type: AWS::IAM::Group
          Properties:
            GroupName: team
            Policies:
              - PolicyName: team
                PolicyDocument:
                  Version: "2012-10-17"
                  Statement:
                    - Effect: Allow
                      Action: sts:AssumeRole
                      Resource: [arn:aws:iam::444455556666:role/reader]
        Anna: {Type: AWS::IAM::User, Properties: {UserName: anna, Groups: [!Ref Team]}}
        Bert:
          Type: AWS::IAM::User
          Properties:
            UserName: bert
            Groups: [!Ref Team]
    `);
    const prod = trusting.replace(DEPLOYER, 'arn:aws:iam::111122223333:user/bert');
    expect(written({ 'prod.yaml': prod, 'tools.yaml': tools })).toContain('        - PolicyName: assume-prod-deploy');
  });

  test('actions on everything: the role gets a statement of its own', () => {
    const grants = '- {Effect: Allow, Action: [sts:TagSession], Resource: "*"}';
    const tools = template(role('Deployer', { name: 'deployer', grants }));
    expect(written({ 'prod.yaml': trusting, 'tools.yaml': tools }).join('\n')).toContain(`Resource: ${PROD}`);
  });
});

describe('a text is written as its neighbours are', () => {
  test('with the partition and the account that they take from the stack', () => {
    const tools = template(
      role('Deployer', {
        name: 'deployer',
        grants: '- {Effect: Allow, Action: sts:AssumeRole, Resource: "arn:aws:iam::111122223333:role/prod-deploy"}',
      }),
    );
    const target = template(
      role('ProdDeploy', {
        name: 'prod-deploy',
        trust: `
          - Effect: Allow
            Principal:
              AWS:
                - !Sub "arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/other"
            Action: sts:AssumeRole
        `,
      }),
    );
    expect(written({ 'tools.yaml': tools, 'tools-target.yaml': target })).toEqual([
      '                - !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/deployer"',
    ]);
  });

  test('by reference to the other resource of a template, unless that one needs this one', () => {
    const trust = (principal: string) =>
      role('Target', {
        name: 'target',
        trust: `- {Effect: Allow, Principal: {AWS: ${principal}}, Action: sts:AssumeRole}`,
      });
    const caller = (resource: string) =>
      role('Caller', { name: 'caller', grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: ${resource}}` });
    const other = '[arn:aws:iam::111122223333:role/other]';
    expect(
      written({ 'tools.yaml': template(caller('arn:aws:iam::111122223333:role/target'), trust(other)) }).join(''),
    ).toContain('[arn:aws:iam::111122223333:role/other, !GetAtt Caller.Arn]');
    expect(written({ 'tools.yaml': template(caller('!GetAtt Target.Arn'), trust(other)) }).join('')).toContain(
      '[arn:aws:iam::111122223333:role/other, arn:aws:iam::111122223333:role/caller]',
    );
  });
});

describe('a Deny', () => {
  const denying = (deny: string) =>
    template(
      role('Deployer', {
        name: 'deployer',
        grants: `
          - {Effect: Allow, Action: sts:AssumeRole, Resource: "${PROD}"}
          - ${deny}
        `,
      }),
    );
  const offered = (deny: string) =>
    written({ 'prod.yaml': trusting, 'tools.yaml': denying(deny) }).map((line) => line.trim());

  test.each([
    `{Effect: Deny, Action: "sts:*", Resource: "*"}`,
    `{Effect: Deny, Action: sts:AssumeRole, Resource: "arn:aws:iam::444455556666:role/*"}`,
    `{Effect: Deny, Action: sts:AssumeRole, Resource: "*", Condition: {StringNotEquals: {aws:PrincipalArn: "arn:aws:iam::111122223333:role/other"}}}`,
  ])('stays as it is: %s', (deny) => {
    expect(offered(deny)).toEqual([]);
  });

  test('that lists what it spares spares one thing more', () => {
    expect(offered('{Effect: Deny, NotAction: ["s3:*"], Resource: "*"}')).toEqual([
      '- {Effect: Deny, NotAction: ["s3:*", "sts:AssumeRole"], Resource: "*"}',
    ]);
    expect(offered('{Effect: Deny, Action: "sts:*", NotResource: ["arn:aws:iam::*:role/dev-*"]}')).toEqual([
      `- {Effect: Deny, Action: "sts:*", NotResource: ["arn:aws:iam::*:role/dev-*", "${PROD}"]}`,
    ]);
  });
});

describe('what others have stays', () => {
  const trusting = (statement: string, head = '') =>
    `${head}${template(role('ProdDeploy', { name: 'prod-deploy', trust: `- ${statement}` }))}`;
  const other = 'arn:aws:iam::111122223333:role/other';
  const lineIn = (documents: Documents) => written(documents).map((line) => line.trim());

  test('the one whom a condition admits', () => {
    const prod = trusting(
      `{Effect: Allow, Principal: {AWS: "*"}, Action: sts:AssumeRole, Condition: {ArnEquals: {"aws:PrincipalArn": "${other}"}}}`,
    );
    expect(lineIn({ 'tools.yaml': granted, 'prod.yaml': prod }).join('')).toContain(
      `{"aws:PrincipalArn": ["${other}", "${DEPLOYER}"]}`,
    );
  });

  test('a pattern', () => {
    const tools = granted.replace(PROD, `${PROD}/*`);
    expect(
      lineIn({
        'tools.yaml': tools,
        'prod.yaml': trusting(`{Effect: Allow, Principal: {AWS: "${DEPLOYER}"}, Action: sts:AssumeRole}`),
      }).join(''),
    ).toContain(`["${PROD}/*", "${PROD}"]`);
  });

  test('a text of a mapping, which is asked for as one text', () => {
    const prod = trusting(
      '{Effect: Allow, Principal: {AWS: !FindInMap [Who, a, b]}, Action: sts:AssumeRole}',
      `Mappings: {Who: {a: {b: "${other}"}}}\n`,
    );
    expect(lineIn({ 'tools.yaml': granted, 'prod.yaml': prod })).toEqual([
      `- {Effect: Allow, Principal: {AWS: ${DEPLOYER}}, Action: sts:AssumeRole}`,
    ]);
  });

  test('what a service is asked for', () => {
    const prod = trusting(
      '{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole, Condition: {StringEquals: {aws:SourceAccount: "444455556666"}}}',
    );
    expect(lineIn({ 'tools.yaml': granted, 'prod.yaml': prod }).join('')).toContain(DEPLOYER);
  });
});
