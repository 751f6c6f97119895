import type { Place } from '../../source/source.ts';
import { member, type ScalarTree, scalarText, type Tree } from '../../source/tree.ts';
import { isKnown, type Text } from '../../symbolic/text.ts';
import { inputOf } from './local-actions.ts';

/** A step that assumes a role, as it is written. */
export interface CredentialStep {
  /** By which call: with the job's own token, or with the credentials that are there already. */
  readonly by: 'token' | 'credentials';
  readonly role: WrittenRole;
  readonly audience: string | undefined;
  /** Null where the call has none; undefined where nobody knows: a script may hide it in a variable. */
  readonly externalId: string | null | undefined;
  /** How long the session is to last; the action's own default is an hour, the shortest that a role may be limited to. */
  readonly duration: WrittenDuration | undefined;
  /** Whether it passes tags, and whether they are those that the action adds on its own. */
  readonly tagged: boolean;
  readonly ownTags: boolean;
  /** What limits the session that it opens. */
  readonly sessionPolicy: ScalarTree | undefined;
  /** The ARNs of managed policies that limit it, one a line. */
  readonly managedSessionPolicies: ScalarTree | undefined;
  /** How the session is named; undefined where the step leaves it to AWS. */
  readonly sessionName: string | undefined;
  /** It does nothing where the job has credentials already. */
  readonly unlessHeld: boolean;
  /** Whether the steps after it have the session's credentials without naming them. */
  readonly exported: boolean;
  /** The step whose outputs are the credentials of the call. */
  readonly credentialsOf: string | undefined;
  /** The profile whose credentials they are. */
  readonly ofProfile: string | undefined;
  /** The profile that gets the session's credentials. */
  readonly toProfile: string | undefined;
  /** Credentials that the step names come from elsewhere: a secret, a file. */
  readonly foreign: boolean;
}

export interface WrittenRole {
  readonly text: string;
  readonly place: Place;
}

interface WrittenDuration extends WrittenRole {
  readonly asked: string;
}

/** Fills the expressions of a text in, as far as they are known. */
type Filled = (text: string) => Text;

/** The roles that a step assumes, one after the other; undefined where it leaves other credentials without a role. */
export function credentialSteps(
  step: Tree,
  filled: Filled,
): readonly CredentialStep[] | 'other-credentials' | undefined {
  if (assumesByAction(step)) return ofAction(step, filled);
  if (member(step, 'uses') !== undefined) return undefined;
  const run = member(step, 'run');
  return run?.kind === 'scalar' && /\bsts\s+assume-role/.test(run.text) ? ofScript(run) : undefined;
}

function assumesByAction(step: Tree): boolean {
  const uses = scalarText(member(step, 'uses'));
  return uses !== undefined && /(^|\/)configure-aws-credentials(\/[^@]*)?(@|$)/.test(uses);
}

/** https://github.com/aws-actions/configure-aws-credentials#options */
function ofAction(step: Tree, filled: Filled): readonly CredentialStep[] | 'other-credentials' {
  const inputs = member(step, 'with');
  const input = (name: string): ScalarTree | undefined => {
    const written = inputOf(inputs, name);
    // What an expression leaves empty is not set.
    return written === undefined || filled(written.text) === '' ? undefined : written;
  };
  const text = (name: string): string | undefined => input(name)?.text;
  /** https://github.com/actions/toolkit/blob/main/packages/core/src/core.ts : getBooleanInput; undefined where nobody knows. */
  const flag = (name: string, otherwise = false): boolean | undefined => {
    const value = filled(text(name) ?? String(otherwise));
    return isKnown(value) ? /^(true|True|TRUE)$/.test(value) : undefined;
  };
  const role = input('role-to-assume');
  if (role === undefined) return 'other-credentials';
  const chaining = flag('role-chaining');
  const key = text('aws-access-key-id') ?? '';
  const duration = input('role-duration-seconds');
  const profile = text('aws-profile');
  const from = /^\$\{\{\s*steps\.([\w-]+)\.outputs\.aws-access-key-id\s*\}\}$/.exec(key)?.[1];
  const credentials = chaining === true || key !== '';
  const tagged = credentials && flag('role-skip-session-tagging') === false;
  return [
    {
      by: credentials ? 'credentials' : 'token',
      role: { text: role.text, place: role.place },
      audience: text('audience') ?? 'sts.amazonaws.com',
      externalId: text('role-external-id') ?? null,
      duration: duration && { text: duration.text, place: duration.place, asked: 'role-duration-seconds' },
      tagged,
      ownTags: tagged,
      sessionPolicy: input('inline-session-policy'),
      managedSessionPolicies: input('managed-session-policies'),
      sessionName: text('role-session-name') ?? 'GitHubActions',
      // The action takes any text for yes.
      unlessHeld: text('use-existing-credentials') !== undefined,
      // A profile is written to a file instead.
      exported: flag('output-env-credentials', profile === undefined) !== false,
      credentialsOf: from,
      ofProfile: undefined,
      toProfile: profile,
      foreign:
        text('web-identity-token-file') !== undefined || (key !== '' && from === undefined) || chaining === undefined,
    },
  ];
}

/** A call of the AWS CLI in a script. Variables of the shell stay as they are written. */
export interface ScriptCall {
  readonly role: WrittenRole;
  /** Whether it presents a token. */
  readonly web: boolean;
  readonly option: (name: string) => WrittenRole | undefined;
}

export function callsIn(run: ScalarTree): readonly ScriptCall[] {
  const joined = run.text.replace(/\\\r?\n/g, ' ');
  const calls = joined.matchAll(/\bsts\s+assume-role(-with-web-identity)?\b([^\n;|]*)/g);
  return [...calls].flatMap(({ index, 1: web, 2: rest = '' }) => {
    // `aws --profile dev sts assume-role`
    const before = joined.slice(Math.max(0, index - 500), index).replace(/^.*[\n;|&]/s, '');
    const written = (name: string): WrittenRole | undefined => {
      const text = option(rest, name) ?? option(before, name);
      return text === undefined ? undefined : { text, place: placeIn(run, text) };
    };
    const role = written('role-arn');
    return role === undefined ? [] : [{ role, web: web !== undefined, option: written }];
  });
}

function ofScript(run: ScalarTree): readonly CredentialStep[] {
  return callsIn(run).map(({ role, web, option: written }): CredentialStep => {
    const duration = written('duration-seconds');
    return {
      by: web ? 'token' : 'credentials',
      role: { ...role, text: asExpression(role.text) },
      audience: /audience=([\w.:/-]+)/.exec(run.text)?.[1],
      externalId: asExpressionOf(written('external-id')),
      duration: duration && { ...duration, text: asExpression(duration.text), asked: '--duration-seconds' },
      tagged: !web && written('tags') !== undefined,
      ownTags: false,
      sessionPolicy: undefined,
      managedSessionPolicies: undefined,
      sessionName: asExpressionOf(written('role-session-name')),
      unlessHeld: false,
      exported: true,
      credentialsOf: undefined,
      ofProfile: written('profile')?.text,
      toProfile: undefined,
      // A token that the script does not ask GitHub for is another issuer's.
      foreign: web && !run.text.includes('ACTIONS_ID_TOKEN_REQUEST'),
    };
  });
}

function option(args: string, name: string): string | undefined {
  const match = new RegExp(`--${name}[ =]+(?:"([^"]*)"|'([^']*)'|(\\$\\{\\{[^}]*\\}\\}\\S*|[^\\s"')]+))`).exec(args);
  return match?.[1] ?? match?.[2] ?? match?.[3];
}

function asExpressionOf(written: WrittenRole | undefined): string | undefined {
  return written === undefined ? undefined : asExpression(written.text);
}

/** `$ROLE` and `${ROLE}` are names of `env`. */
function asExpression(value: string): string {
  return value.replace(
    /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g,
    (_, braced?: string, bare?: string) => `\${{ env.${braced ?? bare} }}`,
  );
}

export function placeIn(run: ScalarTree, value: string): Place {
  const { source, start, end } = run.place;
  const at = source.text.indexOf(value, start);
  return at === -1 || at >= end ? run.place : { source, start: at, end: at + value.length };
}
