import type { AssumeAction } from '../../src/iam/actions.ts';
import { nameIn, parseArn } from '../../src/iam/arn.ts';
import {
  type Attached,
  type Caller,
  NO_ORGANIZATION,
  type Organization,
  type Tags,
  type TargetRole,
} from '../../src/iam/caller.ts';
import { awsManagedPolicy } from '../../src/iam/managed-policies/managed-policies.ts';
import { type PolicyUse, parsePolicy } from '../../src/iam/parse-policy.ts';
import type { Policy } from '../../src/iam/policy.ts';
import type { Question } from '../../src/iam/question.ts';
import { SourceFile } from '../../src/source/source.ts';
import { concat, show, split, type Text, type Unknown } from '../../src/symbolic/text.ts';
import type { Member, Value } from '../../src/symbolic/value.ts';

/** Plain JSON. */
type Scalar = string | number | boolean | null;
export type Json = Scalar | readonly Json[] | { readonly [name: string]: Json };
export type Document = { readonly [name: string]: Json };
export type Context = Readonly<Record<string, string | readonly string[] | null>>;

/** A question as plain data. A text may hold marks such as `‹A›`, each of which stands for a value that nobody knows. */
export interface Scenario {
  /** The ARN of a user, role, session or provider, or a service's name. */
  readonly principal: string;
  /** The role of a session, where it has a path. */
  readonly roleOfSession?: string;
  readonly grants: readonly Document[];
  /** Policies of the groups that a user is in, by the group's name. */
  readonly groups?: Readonly<Record<string, readonly Document[]>>;
  /** ARNs of AWS managed policies. */
  readonly managed?: readonly string[];
  readonly boundary?: Document;
  readonly managedBoundary?: string;
  readonly sessionPolicy?: Document;
  readonly principalTags?: Readonly<Record<string, string>>;
  /** AIDA… or AROA… */
  readonly uniqueId?: string;
  readonly role: string;
  readonly trust: Document;
  readonly roleTags?: Readonly<Record<string, string>>;
  readonly action?: AssumeAction;
  readonly context: Context;
  /** Keys whose value is not known beforehand. */
  readonly unknown?: readonly string[];
  /** The context is not given: what the caller may choose, it may choose. */
  readonly open?: boolean;
  readonly accounts: Readonly<Record<string, Account>>;
}

export interface Account {
  readonly organization?: string;
  readonly unit?: string;
  readonly management?: boolean;
  readonly scps?: readonly (readonly Document[])[];
  readonly rcps?: readonly (readonly Document[])[];
}

/** The moment of every question. */
export const NOW = Date.parse('2026-11-23');

export type Unknowns = Readonly<Record<string, Unknown>>;

/** The question as the engine takes it. */
export function questionOf(scenario: Scenario, unknowns: Unknowns = {}): Question {
  const reader = new Reader(scenario, unknowns);
  return {
    action: actionOf(scenario),
    caller: reader.caller(),
    role: reader.role(),
    given: {
      keys: new Map(
        Object.entries(scenario.context).map(([key, value]) => [
          key.toLowerCase(),
          value === null ? undefined : (typeof value === 'string' ? [value] : value).map((one) => reader.text(one)),
        ]),
      ),
      names: new Map(Object.keys(scenario.context).map((key) => [key.toLowerCase(), key])),
      unknown: new Set((scenario.unknown ?? []).map((key) => key.toLowerCase())),
      complete: scenario.open !== true,
    },
    now: NOW,
  };
}

/** What such a principal calls, where the scenario does not say. */
export function actionOf({ action, principal }: Pick<Scenario, 'action' | 'principal'>): AssumeAction {
  if (action !== undefined) return action;
  const kind = kindOf(principal);
  if (kind === 'web-identity') return 'sts:AssumeRoleWithWebIdentity';
  return kind === 'saml' ? 'sts:AssumeRoleWithSAML' : 'sts:AssumeRole';
}

type Kind = Caller['kind'] | 'session';
const BUILT_IN = ['cognito-identity.amazonaws.com', 'accounts.google.com', 'graph.facebook.com', 'www.amazon.com'];

export function kindOf(principal: string): Kind {
  if (BUILT_IN.includes(principal) || principal.includes(':oidc-provider/')) return 'web-identity';
  if (principal.includes(':saml-provider/')) return 'saml';
  if (!principal.startsWith('arn:')) return 'service';
  if (principal.endsWith(':root')) return 'root';
  if (principal.includes(':federated-user/')) return 'federated-user';
  if (principal.includes(':assumed-role/')) return 'session';
  return principal.includes(':user/') ? 'user' : 'role';
}

/** The ARN of the role or user whose policies count: a session's is its role's. */
export function entityArn({ principal, roleOfSession }: Pick<Scenario, 'principal' | 'roleOfSession'>): string {
  if (kindOf(principal) !== 'session') return principal;
  return roleOfSession ?? principal.replace(':sts:', ':iam:').replace(/:assumed-role\/([^/]+)\/.*$/, ':role/$1');
}

/** The account in an ARN. */
export function accountIn(arn: string): string {
  return arn.split(':')[4] ?? '';
}

/** `/` or `/team/`, of a role's or user's ARN. */
export function pathIn(arn: string): string {
  return /:(?:role|user)(\/.*?)[^/]*$/.exec(arn)?.[1] ?? '/';
}

class Reader {
  readonly #scenario: Scenario;
  readonly #unknowns: Unknowns;

  constructor(scenario: Scenario, unknowns: Unknowns) {
    this.#scenario = scenario;
    this.#unknowns = unknowns;
  }

  text(written: string): Text {
    return textOf(written, this.#unknowns);
  }

  caller(): Caller {
    const { principal } = this.#scenario;
    const kind = kindOf(principal);
    const text = this.text(principal);
    switch (kind) {
      case 'service':
        return { kind, name: text, region: undefined };
      case 'web-identity':
      case 'saml':
        return { kind, provider: text };
      case 'root':
      case 'federated-user':
        return { kind, arn: text, account: this.text(accountIn(principal)) };
      default:
        return this.#entity(kind === 'session' ? split(text, '/').at(-1) : undefined);
    }
  }

  #entity(session: Text | undefined): Caller {
    const { grants, groups, managed, boundary, managedBoundary, sessionPolicy, principalTags, uniqueId } =
      this.#scenario;
    const arn = this.text(entityArn(this.#scenario));
    const account = parseArn(arn)?.account ?? '';
    const own = [...grants, ...Object.values(groups ?? {}).flat()].map((one) => this.policy(one, 'identity'));
    const fromAws = (managed ?? []).map(knownManagedPolicy);
    const limit = boundary === undefined ? undefined : this.policy(boundary, 'boundary');
    const boundaryPolicy = managedBoundary === undefined ? limit : knownManagedPolicy(managedBoundary);
    return {
      kind: kindOf(show(arn)) === 'user' ? 'user' : 'role',
      arn,
      account,
      name: nameIn(arn),
      session,
      uniqueId,
      tags: this.#tags(principalTags),
      identity: { policies: [...own, ...fromAws].map((policy): Attached => ({ policy, attached: true })), open: [] },
      boundary: boundaryPolicy === undefined ? undefined : { kind: 'policy', policy: boundaryPolicy },
      sessionPolicy: sessionPolicy === undefined ? undefined : this.policy(sessionPolicy, 'session'),
      organization: this.#organization(show(account)),
    };
  }

  role(): TargetRole {
    const { role, trust, roleTags } = this.#scenario;
    const arn = this.text(role);
    const account = parseArn(arn)?.account ?? '';
    return {
      arn,
      account,
      name: nameIn(arn),
      path: this.text(pathIn(role)),
      trust: this.policy(trust, 'trust'),
      undeclared: undefined,
      tags: this.#tags(roleTags),
      organization: this.#organization(accountIn(role)),
    };
  }

  #tags(tags: Readonly<Record<string, string>> | undefined): Tags {
    const values = Object.entries(tags ?? {}).map(([key, value]) => [key.toLowerCase(), this.text(value)] as const);
    return { values: new Map(values), open: undefined };
  }

  #organization(account: string): Organization {
    const given = this.#scenario.accounts[account];
    if (given === undefined) return NO_ORGANIZATION;
    const { organization, unit, management, scps, rcps } = given;
    const id = organization ?? unit?.split('/')[0];
    return {
      id: id === undefined ? undefined : this.text(id),
      paths: unit === undefined ? undefined : [this.text(unit)],
      management: management ?? false,
      scps: scps?.map((level) => level.map((one) => this.policy(one, 'scp'))),
      rcps: rcps?.map((level) => level.map((one) => this.policy(one, 'rcp'))),
    };
  }

  policy(document: Json, use: PolicyUse): Policy {
    return parsePolicy(documentValue(document, this.#unknowns), use, `${use} policy`);
  }
}

function knownManagedPolicy(arn: string): Policy {
  const policy = awsManagedPolicy(arn, PLACE);
  if (policy === undefined) throw new Error(`no AWS managed policy ${arn} is known`);
  return policy;
}

const MARK = /(‹[^›]+›)/;

function textOf(written: string, unknowns: Unknowns): Text {
  if (!MARK.test(written)) return written;
  return concat(
    ...written.split(MARK).map((piece) => {
      if (!MARK.test(piece)) return piece;
      const unknown = unknowns[piece];
      if (unknown === undefined) throw new Error(`nothing is said of ${piece}`);
      return unknown;
    }),
  );
}

const PLACE = { source: new SourceFile('scenario', ''), start: 0, end: 0 };

/** Plain data as the value of a document in which marks are not known; a mark such as `‹?S›` alone has no known shape. */
export function documentValue(data: Json, unknowns: Unknowns): Value {
  if (typeof data === 'string' && data.startsWith('‹?')) {
    const unknown = unknowns[data];
    if (unknown !== undefined) return { kind: 'unknown', unknown, place: PLACE };
  }
  if (data === null || typeof data === 'string')
    return { kind: 'text', text: textOf(data ?? '', unknowns), type: 'string', place: PLACE };
  if (typeof data === 'number' || typeof data === 'boolean')
    return { kind: 'text', text: String(data), type: typeof data === 'number' ? 'number' : 'boolean', place: PLACE };
  if (isList(data)) return { kind: 'list', items: data.map((item) => documentValue(item, unknowns)), place: PLACE };
  const members = Object.entries(data).map(
    ([name, value]): Member => ({
      name,
      key: textOf(name, unknowns),
      namePlace: PLACE,
      value: documentValue(value, unknowns),
    }),
  );
  return { kind: 'map', members, place: PLACE };
}

function isList(data: Json): data is readonly Json[] {
  return Array.isArray(data);
}
