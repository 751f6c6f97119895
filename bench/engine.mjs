import { NO_ORGANIZATION, NO_TAGS } from '../lib/iam/caller.js';
import { decide } from '../lib/iam/decide.js';
import { parsePolicy } from '../lib/iam/parse-policy.js';
import { OPEN_CONTEXT } from '../lib/iam/question.js';
import { parseJson } from '../lib/source/json.js';
import { SourceFile } from '../lib/source/source.js';
import { valueFromTree } from '../lib/symbolic/from-tree.js';

const parse = (document, use) => {
  const [tree] = parseJson(new SourceFile('bench.json', JSON.stringify(document))).documents;
  return parsePolicy(valueFromTree(tree), use, use);
};

/** Decisions of one case, its policies read once as a run reads them. */
export function decider({ user, account, role, identity, trust }) {
  const common = { tags: NO_TAGS, organization: NO_ORGANIZATION };
  const policies = identity.map((document) => ({ policy: parse(document, 'identity'), attached: true }));
  const caller = { kind: 'user', arn: user, account, name: 'alice', identity: { policies, open: [] }, ...common };
  const target = { arn: role, account, name: 'target', path: '/', trust: parse(trust, 'trust'), ...common };
  const question = { action: 'sts:AssumeRole', caller, role: target, given: OPEN_CONTEXT, now: Date.UTC(2026, 10, 23) };
  return () => decide(question).decision;
}
