/** Two accounts: the deployer of one is granted a role of the other. */
export const DEPLOYER = 'arn:aws:iam::111122223333:role/deployer';
/** What a person wrote who did not mean it. */
export const WRONG = 'arn:aws:iam::111122223333:role/deployment';

/** The template of a role that trusts a principal. */
export function role(principal: string, name = 'prod-deploy'): string {
  return `AWSTemplateFormatVersion: "2010-09-09"
Resources:
  ProdRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: ${name}
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              AWS: ${principal}
            Action: sts:AssumeRole
`;
}

/** The template of the deployer, who may assume some roles. */
export function deployer(...roles: readonly string[]): string {
  const resources = roles.map((name) => `                  - arn:aws:iam::444455556666:role/${name}\n`).join('');
  return `AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      RoleName: deployer
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Service: codebuild.amazonaws.com}
            Action: sts:AssumeRole
      Policies:
        - PolicyName: deploy
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: sts:AssumeRole
                Resource:
${resources}`;
}

export const CONFIGURATION = `accounts:
  tools: {id: "111122223333", paths: ["tools*"]}
  prod: {id: "444455556666", paths: ["prod*"]}
`;

/** A repository in which everything works. */
export const FILES = {
  'tools.yaml': deployer('prod-deploy'),
  'prod.yaml': role(DEPLOYER),
  '.github/assume-role-check.yml': CONFIGURATION,
  'package.json': '{}\n',
};
