import { stringify } from 'yaml';
import { CONFIGURATION, type Documents, json, run } from '../support/documents.ts';
import {
  type Account,
  accountIn,
  actionOf,
  type Document,
  entityArn,
  type Json,
  kindOf,
  pathIn,
  type Scenario,
} from '../support/questions.ts';
import type { Case } from './language.ts';

/** What the JSON report says of one assumption. */
export interface Answer {
  readonly name?: string;
  readonly principal: string;
  readonly role: string;
  readonly action: string;
  readonly decision: string;
  readonly layers: readonly { readonly layer: string; readonly verdict: string }[];
  readonly requires: readonly { readonly key: string; readonly operator: string; readonly values: readonly string[] }[];
  readonly disputed?: readonly string[];
}

interface Report {
  readonly assumptions: readonly Answer[];
  readonly findings: readonly { readonly rule: string }[];
  readonly diagnostics: readonly { readonly message: string }[];
}

const NAME = 'the question';

/** Asks as a person does who has dumps of the accounts and a configuration; undefined where no document could ask so. */
export function askCommandLine({ scenario, decision }: Pick<Case, 'scenario' | 'decision'>): Answer | undefined {
  if (scenario.open === true && !isDeclared(scenario)) return undefined;
  const { output } = run(documentsOf(scenario, decision), ['check', '--format', 'json']);
  const report: Report = JSON.parse(output);
  const [problem] = report.diagnostics;
  if (problem !== undefined) throw new Error(problem.message);
  const answer = report.assumptions.find((one) =>
    scenario.open === true
      ? one.principal === scenario.principal && one.role === scenario.role && one.action === actionOf(scenario)
      : one.name === NAME,
  );
  if (answer === undefined) throw new Error('the report does not answer the question');
  const complains = report.findings.some(({ rule }) => rule === 'expectation-failed');
  const settled = answer.decision === decision && (decision === 'allowed' || decision === 'denied');
  // What nobody can know fails no expectation: a notice names the value.
  const decidable = scenario.open !== true && decision !== 'unknown';
  if (decidable && settled === complains) throw new Error(`expectation-failed: ${complains}`);
  return answer;
}

/** Without an `expect` entry only what a policy names is asked, and of a role, not of one of its sessions. */
function isDeclared({ principal, role, grants, trust }: Scenario): boolean {
  return JSON.stringify(trust).includes(`"${principal}"`) || JSON.stringify(grants).includes(`"${role}"`);
}

export function documentsOf(scenario: Scenario, decision: string): Documents {
  const { principal, role, sessionPolicy, context, unknown, action, open } = scenario;
  const documents: Record<string, string> = dumps(scenario);
  const accounts = Object.entries(scenario.accounts).map(([id, account]) => [
    `account-${id}`,
    accountEntry(id, account, documents),
  ]);
  const expectation = {
    name: NAME,
    principal,
    role,
    ...(action === undefined ? {} : { action }),
    context,
    ...(unknown === undefined ? {} : { unknown }),
    ...(sessionPolicy === undefined ? {} : { 'session-policy': 'policies/session.json' }),
    ...(decision === 'allowed' || decision === 'denied' ? { decision } : {}),
  };
  if (sessionPolicy !== undefined) documents['policies/session.json'] = json(sessionPolicy);
  documents[CONFIGURATION] = stringify({
    ...(accounts.length === 0 ? {} : { accounts: Object.fromEntries(accounts) }),
    expect: open === true ? [] : [expectation],
  });
  return documents;
}

function accountEntry(id: string, account: Account, documents: Record<string, string>): unknown {
  const levels = (which: 'scps' | 'rcps'): readonly (readonly string[])[] | undefined =>
    account[which]?.map((level, depth) =>
      level.map((policy, index) => {
        const path = `policies/${which}/${id}/${depth}-${index}.json`;
        documents[path] = json(policy);
        return path;
      }),
    );
  const { organization, unit, management } = account;
  const entry = {
    id,
    organization,
    'organizational-unit': unit,
    management,
    scps: levels('scps'),
    rcps: levels('rcps'),
  };
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
}

interface Dump {
  readonly UserDetailList: Json[];
  readonly GroupDetailList: Json[];
  readonly RoleDetailList: Json[];
  readonly Policies: Json[];
}

/** The output of `aws iam get-account-authorization-details` of each account. */
function dumps(scenario: Scenario): Record<string, string> {
  const byAccount = new Map<string, Dump>();
  const dumpOf = (arn: string): Dump => {
    const dump = byAccount.get(accountIn(arn)) ?? {
      UserDetailList: [],
      GroupDetailList: [],
      RoleDetailList: [],
      Policies: [],
    };
    byAccount.set(accountIn(arn), dump);
    return dump;
  };
  const kind = kindOf(scenario.principal);
  const caller = entityArn(scenario);
  const own = { ...callerFields(scenario), ...limitFields(scenario, dumpOf(caller)) };
  const target = { AssumeRolePolicyDocument: scenario.trust, Tags: tagList(scenario.roleTags) };
  if (kind === 'user')
    dumpOf(caller).UserDetailList.push({ ...entityFields(caller, 'User'), ...userFields(scenario), ...own });
  if ((kind === 'role' || kind === 'session') && caller !== scenario.role)
    dumpOf(caller).RoleDetailList.push({ ...entityFields(caller, 'Role'), AssumeRolePolicyDocument: INERT, ...own });
  const both = caller === scenario.role ? own : {};
  dumpOf(scenario.role).RoleDetailList.push({ ...entityFields(scenario.role, 'Role'), ...both, ...target });
  for (const [name, documents] of Object.entries(scenario.groups ?? {})) {
    const arn = `arn:aws:iam::${accountIn(caller)}:group/${name}`;
    dumpOf(caller).GroupDetailList.push({ ...entityFields(arn, 'Group'), GroupPolicyList: inline(documents) });
  }
  return Object.fromEntries([...byAccount].map(([account, dump]) => [`dumps/${account || 'none'}.json`, json(dump)]));
}

const INERT: Document = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

function entityFields(arn: string, sort: 'User' | 'Group' | 'Role'): Document {
  return {
    Path: pathIn(arn),
    [`${sort}Name`]: arn.slice(arn.lastIndexOf('/') + 1),
    [`${sort}Id`]: `${{ User: 'AIDA', Group: 'AGPA', Role: 'AROA' }[sort]}EXAMPLE${sort.toUpperCase()}ID`,
    Arn: arn,
    CreateDate: '2026-01-31T12:00:00+00:00',
  };
}

function callerFields(scenario: Scenario): Document {
  const { principal, grants, managed, principalTags, uniqueId } = scenario;
  const sort = kindOf(principal) === 'user' ? 'User' : 'Role';
  return {
    ...(uniqueId === undefined ? {} : { [`${sort}Id`]: uniqueId }),
    [`${sort}PolicyList`]: inline(grants),
    AttachedManagedPolicies: (managed ?? []).map((arn) => ({
      PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
      PolicyArn: arn,
    })),
    Tags: tagList(principalTags),
  };
}

function userFields({ groups }: Scenario): Document {
  return { GroupList: Object.keys(groups ?? {}) };
}

/** The boundary is a managed policy, the account's own or one of AWS. */
function limitFields({ principal, boundary, managedBoundary }: Scenario, dump: Dump): Document {
  const arn = managedBoundary ?? `arn:aws:iam::${accountIn(principal)}:policy/Boundary`;
  if (boundary !== undefined)
    dump.Policies.push({
      PolicyName: 'Boundary',
      PolicyId: 'ANPAEXAMPLEBOUNDARY',
      Arn: arn,
      Path: '/',
      DefaultVersionId: 'v1',
      PolicyVersionList: [{ Document: boundary, VersionId: 'v1', IsDefaultVersion: true }],
    });
  if (boundary === undefined && managedBoundary === undefined) return {};
  return { PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: arn } };
}

function inline(documents: readonly Document[]): Json {
  return documents.map((document, index) => ({ PolicyName: `policy-${index + 1}`, PolicyDocument: document }));
}

function tagList(tags: Readonly<Record<string, string>> | undefined): Json {
  return Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
}
