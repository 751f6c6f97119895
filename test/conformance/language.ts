import type { DecisionWord } from '../../src/iam/decide.ts';
import type { LayerName } from '../../src/iam/layer-report.ts';
import type { Requirement } from '../../src/iam/requirements.ts';
import type { Account, Context, Document, Json, Scenario } from '../support/questions.ts';

/** What AWS decides in one situation, by one of its pages. */
export interface Fact {
  readonly what: string;
  readonly source: string;
  /** One situation, or several that differ only in where the same condition stands. */
  readonly cases: readonly Case[];
}

export interface Case {
  readonly scenario: Scenario;
  readonly decision: DecisionWord;
  /** The layer that blocks, of a denial. */
  readonly layer?: LayerName;
  readonly requires?: readonly Requirement[];
  /** Set where AWS's pages disagree or are silent: then the decision is conditional, and says so. */
  readonly disputed?: boolean;
}

export const HOME = '111111111111';
export const AWAY = '222222222222';
export const ROOT = `arn:aws:iam::${HOME}:root`;
export const ALICE = `arn:aws:iam::${HOME}:user/alice`;
export const BOB = `arn:aws:iam::${HOME}:user/bob`;
export const APP = `arn:aws:iam::${HOME}:role/App`;
/** The session of App that calls where a fact says nothing else. */
export const APP_SESSION = `arn:aws:sts::${HOME}:assumed-role/App/s1`;
export const TARGET = `arn:aws:iam::${HOME}:role/Target`;
export const FAR = `arn:aws:iam::${AWAY}:role/Target`;
export const ASSUME = 'sts:AssumeRole';

/** One thing that a situation has besides the usual. */
export type Piece = (scenario: Scenario) => Scenario;

/** A session of App calls, the role Target of the same account trusts App by its ARN, and nothing else is said. */
const USUAL: Scenario = {
  principal: APP_SESSION,
  grants: [],
  role: TARGET,
  trust: policy(lets(APP)),
  context: {},
  accounts: {},
};

export function scenario(...pieces: readonly Piece[]): Scenario {
  return pieces.reduce((made, piece) => piece(made), USUAL);
}

export function allowed(what: string, source: string, ...pieces: readonly Piece[]): Fact {
  return { what, source, cases: [{ scenario: scenario(...pieces), decision: 'allowed' }] };
}

export function denied(layer: LayerName, what: string, source: string, ...pieces: readonly Piece[]): Fact {
  return { what, source, cases: [{ scenario: scenario(...pieces), decision: 'denied', layer }] };
}

/** AWS refuses the call whatever the policies say. */
export function refused(what: string, source: string, ...pieces: readonly Piece[]): Fact {
  return { what, source, cases: [{ scenario: scenario(...pieces), decision: 'denied' }] };
}

/** AWS's pages disagree or are silent. */
export function disputed(what: string, source: string, ...pieces: readonly Piece[]): Fact {
  return { what, source, cases: [{ scenario: scenario(...pieces), decision: 'conditional', disputed: true }] };
}

/** Allowed where the caller or the moment brings what is required. */
export function needs(
  requires: readonly Requirement[],
  what: string,
  source: string,
  ...pieces: readonly Piece[]
): Fact {
  return { what, source, cases: [{ scenario: scenario(...pieces), decision: 'conditional', requires }] };
}

export function need(key: string, operator: string, ...values: readonly string[]): Requirement {
  return { key, operator, values };
}

export function policy(...statements: readonly Document[]): Document {
  return { Version: '2012-10-17', Statement: statements };
}

// Statements of identity-like policies.

export function may(action: Json, resource: Json, condition?: Document): Document {
  return withCondition({ Effect: 'Allow', Action: action, Resource: resource }, condition);
}

export function mayNot(action: Json, resource: Json, condition?: Document): Document {
  return withCondition({ Effect: 'Deny', Action: action, Resource: resource }, condition);
}

/** Allows everything. */
export const FULL = may('*', '*');
/** Allows nothing of STS. */
export const NARROW = may('s3:*', '*');
export const GRANT = may(ASSUME, TARGET);
export const FAR_GRANT = may(ASSUME, FAR);

// Statements of trust policies and RCPs.

/** A text names an AWS principal. */
export function lets(principal: Json, action: Json = ASSUME, condition?: Document): Document {
  return withCondition({ Effect: 'Allow', Principal: principalElement(principal), Action: action }, condition);
}

export function bars(principal: Json, action: Json = ASSUME, condition?: Document): Document {
  return withCondition({ Effect: 'Deny', Principal: principalElement(principal), Action: action }, condition);
}

function principalElement(principal: Json): Json {
  return typeof principal === 'string' ? { AWS: principal } : principal;
}

function withCondition(statement: Document, condition: Document | undefined): Document {
  return condition === undefined ? statement : { ...statement, Condition: condition };
}

// Who calls.

export function by(principal: string, roleOfSession?: string): Piece {
  return (made) => ({ ...made, principal, ...(roleOfSession === undefined ? {} : { roleOfSession }) });
}

export const alice: Piece = by(ALICE);
/** App itself, in no particular session. */
export const anySession: Piece = by(APP);

export function tagged(principalTags: Readonly<Record<string, string>>): Piece {
  return (made) => ({ ...made, principalTags });
}

export function withId(uniqueId: string): Piece {
  return (made) => ({ ...made, uniqueId });
}

// What it is granted, and what limits it.

export function grants(...statements: readonly Document[]): Piece {
  return (made) => ({ ...made, grants: [...made.grants, policy(...statements)] });
}

/** A whole policy document. */
export function grantsDocument(document: Document): Piece {
  return (made) => ({ ...made, grants: [...made.grants, document] });
}

export function inGroup(name: string, ...statements: readonly Document[]): Piece {
  return (made) => ({ ...made, groups: { ...made.groups, [name]: [policy(...statements)] } });
}

export function managed(...names: readonly string[]): Piece {
  return (made) => ({ ...made, managed: names.map((name) => `arn:aws:iam::aws:policy/${name}`) });
}

export function managedBoundary(name: string): Piece {
  return (made) => ({ ...made, managedBoundary: `arn:aws:iam::aws:policy/${name}` });
}

export function boundary(...statements: readonly Document[]): Piece {
  return (made) => ({ ...made, boundary: policy(...statements) });
}

export function sessionPolicy(...statements: readonly Document[]): Piece {
  return (made) => ({ ...made, sessionPolicy: policy(...statements) });
}

// The role, and what it trusts.

export function role(arn: string): Piece {
  return (made) => ({ ...made, role: arn });
}

/** The role Target of another account. */
export const far: Piece = role(FAR);

export function roleTagged(roleTags: Readonly<Record<string, string>>): Piece {
  return (made) => ({ ...made, roleTags });
}

/** Statements, or AWS principals in one statement. */
export function trusts(...trusted: readonly (string | Document)[]): Piece {
  const names = trusted.filter((one) => typeof one === 'string');
  const statements = trusted.filter((one) => typeof one !== 'string');
  const named = names.length === 0 ? [] : [lets({ AWS: names.length === 1 ? (names[0] ?? '') : names })];
  return trustsDocument(policy(...named, ...statements));
}

export function trustsDocument(trust: Document): Piece {
  return (made) => ({ ...made, trust });
}

/** The usual trust, under a condition. */
export function when(condition: Document, action: Json = ASSUME): Piece {
  return trusts(lets(APP, action, condition));
}

// The call.

export function given(context: Context): Piece {
  return (made) => ({ ...made, context: { ...made.context, ...context } });
}

export function unknownKeys(...unknown: readonly string[]): Piece {
  return (made) => ({ ...made, unknown });
}

/** Nothing is said of the call: the caller may choose what it may choose. */
export const open: Piece = (made) => ({ ...made, open: true });

/** Another call than such a principal makes. */
export function calling(action: NonNullable<Scenario['action']>): Piece {
  return (made) => ({ ...made, action });
}

// Where the accounts stand.

export function account(id: string, more: Account): Piece {
  return (made) => ({ ...made, accounts: { ...made.accounts, [id]: { ...made.accounts[id], ...more } } });
}

/** Each list is one level from the root of the organization down to the caller's account; each statement is one policy. */
export function scps(...levels: readonly (readonly Document[])[]): Piece {
  return account(HOME, { scps: levels.map((level) => level.map((statement) => policy(statement))) });
}

/** RCPs of one level above an account, the role's; each statement is one policy. */
export function rcps(id: string, ...statements: readonly Document[]): Piece {
  return account(id, { rcps: [[RCP_FULL_ACCESS, ...statements].map((statement) => policy(statement))] });
}

const RCP_FULL_ACCESS: Document = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };

/** A statement of an RCP: it denies everybody. */
export function forbids(action: Json, condition?: Document, resource: Json = '*'): Document {
  return withCondition({ Effect: 'Deny', Principal: '*', Action: action, Resource: resource }, condition);
}
