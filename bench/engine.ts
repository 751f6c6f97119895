import type { Caller, TargetRole } from '../src/iam/caller.ts';
import { NO_ORGANIZATION, NO_TAGS } from '../src/iam/caller.ts';
import { type PolicyUse, parsePolicy } from '../src/iam/parse-policy.ts';
import type { Policy } from '../src/iam/policy.ts';
import { OPEN_CONTEXT, type Question } from '../src/iam/question.ts';
import { parseJson } from '../src/source/json.ts';
import { SourceFile } from '../src/source/source.ts';
import { valueFromTree } from '../src/symbolic/from-tree.ts';

/** One question in the plain form that both programs take. */
export interface Case {
  readonly name: string;
  readonly user: string;
  readonly role: string;
  readonly identity: readonly unknown[];
  readonly trust: unknown;
}

const ACCOUNT = '111122223333';
const TARGET = `arn:aws:iam::${ACCOUNT}:role/target`;

const statement = (index: number) => ({
  Effect: 'Allow',
  Action: ['sts:AssumeRole', 's3:GetObject'],
  Resource: [`arn:aws:iam::${ACCOUNT}:role/app-${index}-*`, `arn:aws:iam::${ACCOUNT}:role/team-${index}/*`],
  Condition: { StringEquals: { 'aws:PrincipalTag/team': `team-${index}` } },
});

export const CASES: readonly Case[] = [
  {
    name: 'same account, one policy of one statement',
    user: `arn:aws:iam::${ACCOUNT}:user/alice`,
    role: TARGET,
    identity: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: TARGET }] }],
    trust: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' }],
    },
  },
  {
    name: 'ten policies of ten statements, two resources and a condition each',
    user: `arn:aws:iam::${ACCOUNT}:user/alice`,
    role: TARGET,
    identity: Array.from({ length: 10 }, (_, policy) => ({
      Version: '2012-10-17',
      Statement: Array.from({ length: 10 }, (_, index) => statement(policy * 10 + index)),
    })),
    trust: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' }],
    },
  },
];

function parse(document: unknown, use: PolicyUse): Policy {
  const source = new SourceFile('bench.json', JSON.stringify(document));
  const [tree] = parseJson(source).documents;
  if (tree === undefined) throw new Error('not JSON');
  return parsePolicy(valueFromTree(tree), use, use);
}

/** The question with its policies read once, as a run does. */
export function questionOf({ user, role, identity, trust }: Case): Question {
  const caller: Caller = {
    kind: 'user',
    arn: user,
    account: ACCOUNT,
    name: 'alice',
    session: undefined,
    uniqueId: undefined,
    tags: NO_TAGS,
    identity: {
      policies: identity.map((document) => ({ policy: parse(document, 'identity'), attached: true })),
      open: [],
    },
    boundary: undefined,
    sessionPolicy: undefined,
    organization: NO_ORGANIZATION,
  };
  const target: TargetRole = {
    arn: role,
    account: ACCOUNT,
    name: 'target',
    path: '/',
    trust: parse(trust, 'trust'),
    undeclared: undefined,
    tags: NO_TAGS,
    organization: NO_ORGANIZATION,
  };
  return { action: 'sts:AssumeRole', caller, role: target, given: OPEN_CONTEXT, now: Date.UTC(2026, 10, 23) };
}
