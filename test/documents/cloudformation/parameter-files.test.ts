import { describe, expect, test } from 'vitest';
import { CONFIGURATION, check, json, lines } from '../../support/documents.ts';

const template = lines(`
  Parameters:
    Env: {Type: String}
    Trusted: {Type: String, Default: nobody}
    Found: {Type: "AWS::SSM::Parameter::Value<String>", Default: /roles/found}
  Resources:
    Target:
      Type: AWS::IAM::Role
      Properties:
        RoleName: target
        AssumeRolePolicyDocument:
          Statement:
            - {Effect: Allow, Principal: {AWS: !Sub "arn:aws:iam::111122223333:role/\${Env}-\${Trusted}"}, Action: sts:AssumeRole}
            - {Effect: Allow, Principal: {AWS: !Sub "arn:aws:iam::111122223333:role/\${Found}"}, Action: sts:AssumeRole}
`);
const principals = (file: string, text: string, more = '') => {
  const configuration = lines(`
    accounts:
      prod: {id: "111122223333", paths: [stacks/**], parameter-files: ["params/*"]${more}}
  `);
  const { report } = check({
    [CONFIGURATION]: configuration,
    'stacks/template.yaml': template,
    [`params/${file}`]: text,
  });
  expect(report.diagnostics).toEqual([]);
  return report.assumptions.map(({ principal }) => principal.split('/').at(-1));
};
const both = ['prod-deployer', '${Found}'];

describe('parameters come from a file', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'of the AWS CLI',
      'prod.json',
      json([
        { ParameterKey: 'Env', ParameterValue: 'prod' },
        { ParameterKey: 'Trusted', ParameterValue: 'deployer' },
      ]),
    ],
    ['of `deploy --parameter-overrides`', 'prod.json', json(['Env=prod', 'Trusted=deployer'])],
    ['of CodePipeline', 'prod.json', json({ Parameters: { Env: 'prod', Trusted: 'deployer' }, Tags: { a: 'b' } })],
    ['that is a plain map, in YAML', 'prod.yaml', 'Env: prod\nTrusted: deployer\n'],
    ['of the CDK', 'cdk.json', json({ app: 'x', context: { Env: 'prod', Trusted: 'deployer' } })],
    [
      'samconfig.toml, by the account’s environment',
      'samconfig.toml',
      'version = 0.1\n[default.deploy.parameters]\nparameter_overrides = "Env=dev"\n[prod.deploy.parameters]\nparameter_overrides = "Env=prod Trusted=\\"deployer\\""\n',
    ],
    [
      'samconfig.toml, by the default environment',
      'samconfig.toml',
      '[default.global.parameters]\nparameter_overrides = "Env=other"\n[default.deploy.parameters]\nparameter_overrides = ["ParameterKey=Env,ParameterValue=prod", "Trusted=deployer"]\n',
    ],
  ];
  for (const [name, file, text] of cases) test(name, () => expect(principals(file, text)).toEqual(both));

  test('that keeps what the stack has: nobody knows it, whatever the default', () => {
    const kept = json([
      { ParameterKey: 'Env', ParameterValue: 'prod' },
      { ParameterKey: 'Trusted', UsePreviousValue: true },
    ]);
    expect(principals('prod.json', kept)).toEqual(['prod-${Trusted}', '${Found}']);
    expect(principals('prod.json', kept, ', parameters: {Trusted: deployer}')).toEqual(both);
  });

  test('and those of the configuration win', () => {
    expect(principals('prod.json', json(['Env=prod', 'Trusted=x']), ', parameters: {Trusted: deployer}')).toEqual(both);
  });

  test('while cdk.context.json gives what was looked up in SSM', () => {
    const looked = json({ 'ssm:account=111122223333:parameterName=/roles/found:region=eu-west-1': 'looked-up' });
    expect(principals('cdk.context.json', looked)).toEqual(['${Env}-nobody', 'looked-up']);
  });
});

test('a file that cannot be read is told at its line', () => {
  const { report, status } = check({
    [CONFIGURATION]: 'accounts: {prod: {id: "111122223333", paths: ["*.yaml"], parameter-files: [samconfig.toml]}}\n',
    'template.yaml': template,
    'samconfig.toml': '[default.deploy.parameters]\nparameter_overrides = "Env=prod\n',
  });
  expect(report.diagnostics).toEqual([
    expect.objectContaining({
      path: 'samconfig.toml',
      line: 2,
      level: 'error',
      message: expect.stringContaining('TOML'),
    }),
  ]);
  expect(status).toBe(0);
});

test('the region of an account gives its partition and its suffix', () => {
  const { report } = check({
    [CONFIGURATION]: 'accounts: {china: {id: "111122223333", region: cn-north-1, paths: ["*.yaml"]}}\n',
    'template.yaml': lines(`
      Resources:
        R:
          Type: AWS::IAM::Role
          Properties:
            RoleName: r
            AssumeRolePolicyDocument:
              Statement: {Effect: Allow, Principal: {Service: !Sub "ec2.\${AWS::URLSuffix}"}, Action: sts:AssumeRole}
    `),
  });
  expect(report.assumptions.map(({ principal, role, decision }) => [principal, role, decision])).toEqual([
    ['ec2.amazonaws.com.cn', 'arn:aws-cn:iam::111122223333:role/r', 'allowed'],
  ]);
});

test('a template of several accounts is decided once for each', () => {
  const { report } = check({
    [CONFIGURATION]: lines(`
      accounts:
        dev: {id: "111122223333", paths: ["shared/*"], parameters: {Env: dev, Trusted: x}}
        prod: {id: "444455556666", paths: ["shared/*"], parameters: {Env: prod, Trusted: x}}
    `),
    'shared/template.yaml': template,
  });
  expect(report.assumptions.map(({ principal, role }) => `${principal.split('/').at(-1)} ${role}`)).toEqual([
    'dev-x arn:aws:iam::111122223333:role/target',
    '${Found} arn:aws:iam::111122223333:role/target',
    'prod-x arn:aws:iam::444455556666:role/target',
    '${Found} arn:aws:iam::444455556666:role/target',
  ]);
});
