/** Accounts: what `aws iam get-account-authorization-details` prints of one, and grants of one principal. */

const ACCOUNT = '111122223333';
const SIZE = 1000;
const VERSION = '2012-10-17';

/** An account of 1,000 roles and 1,000 users. */
function dump() {
  const roles = Array.from({ length: SIZE }, (_, i) => ({
    Path: '/',
    RoleName: `r${i}`,
    RoleId: `AROA${i}`,
    Arn: `arn:aws:iam::${ACCOUNT}:role/r${i}`,
    AssumeRolePolicyDocument: {
      Version: VERSION,
      Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' }],
    },
    RolePolicyList: [],
    AttachedManagedPolicies: [],
  }));
  const users = Array.from({ length: SIZE }, (_, i) => ({
    Path: '/',
    UserName: `u${i}`,
    UserId: `AIDA${i}`,
    Arn: `arn:aws:iam::${ACCOUNT}:user/u${i}`,
    GroupList: [],
    AttachedManagedPolicies: [],
    UserPolicyList: [
      {
        PolicyName: 'p',
        PolicyDocument: {
          Version: VERSION,
          Statement: [
            { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: `arn:aws:iam::${ACCOUNT}:role/r${i % 10}*` },
          ],
        },
      },
    ],
  }));
  return JSON.stringify({ UserDetailList: users, RoleDetailList: roles, GroupDetailList: [], Policies: [] });
}

/** So many expectations over the users and roles of the dump. Paths to texts. */
export function expectations(count) {
  const expect = Array.from({ length: count }, (_, i) => {
    const [user, role] = [(i * 7919) % SIZE, (i * 104729) % SIZE];
    const decision = String(role).startsWith(String(user % 10)) ? 'allowed' : 'denied';
    return `  - principal: arn:aws:iam::${ACCOUNT}:user/u${user}\n    role: arn:aws:iam::${ACCOUNT}:role/r${role}\n    decision: ${decision}\n`;
  });
  return { 'dump.json': dump(), '.github/assume-role-check.yml': `expect:\n${expect.join('')}` };
}

/** One role with so many statements, each as `statement` makes it of its number. */
function roleOf(count, statement) {
  const Statement = Array.from({ length: count }, (_, index) => ({ Effect: 'Allow', ...statement(index) }));
  const AssumeRolePolicyDocument = {
    Version: VERSION,
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  const Policies = [{ PolicyName: 'grants', PolicyDocument: { Version: VERSION, Statement } }];
  const Role = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'caller', AssumeRolePolicyDocument, Policies } };
  return JSON.stringify({ Resources: { Role } }, undefined, 2);
}

/** One principal that may assume so many roles, which no document declares. */
export function grants(count) {
  return roleOf(count, (index) => ({
    Action: 'sts:AssumeRole',
    Resource: `arn:aws:iam::${ACCOUNT}:role/team-${index}`,
  }));
}

/** One principal with so many statements whose action is misspelt. */
export function misspelt(count) {
  return roleOf(count, (index) => ({
    Action: 'sts:AsumeRole',
    Resource: `arn:aws:iam::${ACCOUNT}:role/team-${index}`,
  }));
}

/** One role that so many roles may assume, each named with CloudFormation's account id. */
export function trusted(count) {
  const AWS = Array.from({ length: count }, (_, index) => ({
    'Fn::Sub': `arn:aws:iam::\${AWS::AccountId}:role/team-${index}`,
  }));
  const AssumeRolePolicyDocument = {
    Version: VERSION,
    Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' }],
  };
  return JSON.stringify({ Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument } } } });
}
