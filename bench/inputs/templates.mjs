/** CloudFormation templates as teams and the CDK write them: a function, its table, its role and what the role may do. */

const written = (index) => `  Table${index}:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - AttributeName: id
          AttributeType: S
      KeySchema:
        - { AttributeName: id, KeyType: HASH }
  Function${index}:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: !Sub \${AWS::StackName}-function-${index}
      Handler: index.handler
      Runtime: nodejs22.x
      Role: !GetAtt Role${index}.Arn
      MemorySize: 256
      Environment:
        Variables:
          TABLE: !Ref Table${index}
          STAGE: 'prod' # the only one
      Code:
        S3Bucket: artifacts
        S3Key: !Sub "functions/\${Release}/${index}.zip"
  # What the function is, and what it may do.
  Role${index}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              Service: lambda.amazonaws.com
            Action: sts:AssumeRole
      ManagedPolicyArns:
        - !Sub arn:\${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
      Policies:
        - PolicyName: data
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action:
                  - dynamodb:GetItem
                  - dynamodb:PutItem
                Resource: !GetAtt Table${index}.Arn
              - Effect: Allow
                Action: sts:AssumeRole
                Resource: !Sub arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/shared-${index % 7}
`;

/** A template of so many characters, its resources numbered from `first`. */
export function yamlTemplate(characters, first = 0) {
  const parts = [
    "AWSTemplateFormatVersion: '2010-09-09'\nParameters:\n  Release:\n    Type: String\n    Default: '1'\nResources:\n",
  ];
  for (let length = 0, index = first; length < characters; index += 1) {
    const part = written(index);
    parts.push(part);
    length += part.length;
  }
  return parts.join('');
}

const synthesized = (index) => ({
  [`Table${index}A1B2`]: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    },
    UpdateReplacePolicy: 'Retain',
    DeletionPolicy: 'Retain',
    Metadata: { 'aws:cdk:path': `App/Table${index}/Resource` },
  },
  [`Function${index}ServiceRole`]: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }],
        Version: '2012-10-17',
      },
      ManagedPolicyArns: [
        {
          'Fn::Join': [
            '',
            ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
          ],
        },
      ],
    },
    Metadata: { 'aws:cdk:path': `App/Function${index}/ServiceRole/Resource` },
  },
  [`Function${index}ServiceRoleDefaultPolicy`]: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyDocument: {
        Statement: [
          {
            Action: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
            Effect: 'Allow',
            Resource: [{ 'Fn::GetAtt': [`Table${index}A1B2`, 'Arn'] }, { Ref: 'AWS::NoValue' }],
          },
        ],
        Version: '2012-10-17',
      },
      PolicyName: `Function${index}ServiceRoleDefaultPolicy`,
      Roles: [{ Ref: `Function${index}ServiceRole` }],
    },
    Metadata: { 'aws:cdk:path': `App/Function${index}/ServiceRole/DefaultPolicy/Resource` },
  },
  [`Function${index}`]: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: {
        S3Bucket: { 'Fn::Sub': `cdk-hnb659fds-assets-\${AWS::AccountId}-\${AWS::Region}` },
        S3Key: `${String(index).padStart(64, 'a')}.zip`,
      },
      Environment: { Variables: { TABLE: { Ref: `Table${index}A1B2` } } },
      Handler: 'index.handler',
      Role: { 'Fn::GetAtt': [`Function${index}ServiceRole`, 'Arn'] },
      Runtime: 'nodejs22.x',
    },
    DependsOn: [`Function${index}ServiceRoleDefaultPolicy`, `Function${index}ServiceRole`],
    Metadata: {
      'aws:cdk:path': `App/Function${index}/Resource`,
      'aws:asset:path': `asset.${String(index).padStart(64, 'a')}`,
    },
  },
});

/** What `cdk synth` writes, of so many characters. */
export function cdkTemplate(characters) {
  const each = JSON.stringify(synthesized(1000), undefined, 1).length;
  const resources = {};
  for (let index = 0; index * each < characters; index += 1) Object.assign(resources, synthesized(index));
  return JSON.stringify({ Resources: resources }, undefined, 1);
}
