/** The questions that both programs are asked, in plain JSON. */
const ACCOUNT = '111122223333';
const TARGET = `arn:aws:iam::${ACCOUNT}:role/target`;
const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' }],
};

const statement = (index) => ({
  Effect: 'Allow',
  Action: ['sts:AssumeRole', 's3:GetObject'],
  Resource: [
    `arn:aws:iam::${ACCOUNT}:role/app-${index}-*`,
    `arn:aws:iam::${ACCOUNT}:role/${index === 99 ? 'tar*' : `team-${index}/*`}`,
  ],
  Condition: { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } },
});

export const CASES = [
  {
    name: 'same account, one policy of one statement',
    rounds: 400_000,
    user: `arn:aws:iam::${ACCOUNT}:user/alice`,
    account: ACCOUNT,
    role: TARGET,
    identity: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: TARGET }] }],
    trust: TRUST,
  },
  {
    name: 'ten policies of ten statements, two resources and a condition each',
    rounds: 20_000,
    user: `arn:aws:iam::${ACCOUNT}:user/alice`,
    account: ACCOUNT,
    role: TARGET,
    identity: Array.from({ length: 10 }, (_, policy) => ({
      Version: '2012-10-17',
      Statement: Array.from({ length: 10 }, (_, index) => statement(policy * 10 + index)),
    })),
    trust: TRUST,
  },
];
