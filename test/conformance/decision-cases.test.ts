import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AssumeAction } from '../../src/iam/actions.ts';
import { decide } from '../../src/iam/decide.ts';
import { explain } from '../../src/iam/explain.ts';
import { accountIn, type Context, type Document, questionOf, type Scenario } from '../support/questions.ts';
import { askCommandLine } from './command-line.ts';

/** One case of the table that lies beside the repository. */
interface DecisionCase {
  readonly id: string;
  readonly why: string;
  readonly callerAccount: string;
  readonly principal: string;
  readonly roleArnOfSession?: string;
  readonly principalPolicies: readonly Document[];
  readonly permissionsBoundary?: Document;
  readonly sessionPolicy?: Document;
  readonly scps?: readonly (readonly Document[])[];
  readonly rcps?: readonly (readonly Document[])[];
  readonly callerIsManagementAccount?: boolean;
  readonly roleAccountIsManagementAccount?: boolean;
  readonly role: { readonly arn: string; readonly trust: Document };
  readonly action: AssumeAction;
  readonly context: Context;
  readonly unknownKeys?: readonly string[];
  readonly expect: 'allowed' | 'denied' | 'conditional';
  /** Why: a layer of its own, `condition`, or `allowed`. */
  readonly reason: string;
  readonly side?: 'trust' | 'identity';
}

const TABLE = new URL('../../../shared/semantics/decision-cases.json', import.meta.url);
const CASES: readonly DecisionCase[] = existsSync(TABLE) ? JSON.parse(readFileSync(TABLE, 'utf8')) : [];

test.skipIf(CASES.length === 0)('the table of decisions is there', () => {
  expect(CASES.length).toBeGreaterThan(80);
});

describe.each(CASES)('$id: $why', (one) => {
  test('as the engine decides', () => {
    const question = questionOf(scenarioOf(one));
    expect(decide(question).decision).toBe(one.expect);
    if (one.expect === 'denied') expectReason(one, explain(question).layers);
  });

  test('as the command line decides', () => {
    const answer = askCommandLine({ scenario: scenarioOf(one), decision: one.expect });
    expect(answer?.decision).toBe(one.expect);
    if (one.expect === 'denied') expectReason(one, answer?.layers ?? []);
  });
});

const LAYERS: Readonly<Record<string, string>> = {
  'trust-missing': 'trust',
  'identity-missing': 'identity',
  boundary: 'boundary',
  session: 'session',
  scp: 'scp',
  rcp: 'rcp',
};

function expectReason(
  { reason, side }: DecisionCase,
  layers: readonly { readonly layer: string; readonly verdict: string }[],
): void {
  const denying = layers.filter(({ verdict }) => verdict === 'explicit-deny').map(({ layer }) => layer);
  if (reason === 'explicit-deny') {
    expect(denying).not.toEqual([]);
    return;
  }
  const silent = layers.filter(({ verdict }) => verdict === 'no-allow').map(({ layer }) => layer);
  expect([...silent, ...denying]).toContain(LAYERS[reason] ?? side);
}

function scenarioOf(one: DecisionCase): Scenario {
  const { permissionsBoundary, sessionPolicy, roleArnOfSession, unknownKeys, scps, rcps } = one;
  const accounts: Record<string, Scenario['accounts'][string]> = {};
  const home = {
    ...(scps === undefined ? {} : { scps }),
    ...(one.callerIsManagementAccount ? { management: true } : {}),
  };
  const away = {
    ...(rcps === undefined ? {} : { rcps }),
    ...(one.roleAccountIsManagementAccount ? { management: true } : {}),
  };
  if (Object.keys(home).length > 0) accounts[one.callerAccount] = home;
  const roleAccount = accountIn(one.role.arn);
  if (Object.keys(away).length > 0) accounts[roleAccount] = { ...accounts[roleAccount], ...away };
  return {
    principal: one.principal,
    ...(roleArnOfSession === undefined ? {} : { roleOfSession: roleArnOfSession }),
    grants: one.principalPolicies,
    ...(permissionsBoundary === undefined ? {} : { boundary: permissionsBoundary }),
    ...(sessionPolicy === undefined ? {} : { sessionPolicy }),
    role: one.role.arn,
    trust: one.role.trust,
    action: one.action,
    context: one.context,
    ...(unknownKeys === undefined ? {} : { unknown: unknownKeys }),
    accounts,
  };
}
