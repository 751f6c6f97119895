import type { Place } from '../../source/source.ts';
import { member, type ScalarTree, scalarText, type Tree } from '../../source/tree.ts';
import { inputOf } from './local-actions.ts';

/** A step that assumes a role, as it is written. */
export interface CredentialStep {
  /** By which call: with the job's own token, or with the credentials that are there already. */
  readonly by: 'token' | 'credentials';
  readonly role: WrittenRole;
  readonly audience: string | undefined;
  readonly externalId: string | undefined;
  /** How long the session is to last; the action's own default is an hour, the shortest that a role may be limited to. */
  readonly duration: WrittenDuration | undefined;
  /** Tags that the action adds to each session on its own. */
  readonly tagged: boolean;
  /** What limits the session that it opens. */
  readonly sessionPolicy: ScalarTree | undefined;
  /** Managed policies limit it, too: those are not looked up. */
  readonly managedSessionPolicies: boolean;
  /** It does nothing where the job has credentials already. */
  readonly unlessHeld: boolean;
  /** Whether the steps after it have the session's credentials without naming them. */
  readonly exported: boolean;
  /** The step whose outputs are the credentials of the call. */
  readonly credentialsOf: string | undefined;
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

/** The roles that a step assumes, one after the other; undefined where it leaves other credentials without a role. */
export function credentialSteps(step: Tree): readonly CredentialStep[] | 'other-credentials' | undefined {
  const uses = scalarText(member(step, 'uses'));
  if (uses !== undefined)
    return /(^|\/)configure-aws-credentials(\/[^@]*)?(@|$)/.test(uses) ? ofAction(step) : undefined;
  const run = member(step, 'run');
  return run?.kind === 'scalar' && /\bsts\s+assume-role/.test(run.text) ? ofScript(run) : undefined;
}

/** https://github.com/aws-actions/configure-aws-credentials#options */
function ofAction(step: Tree): readonly CredentialStep[] | 'other-credentials' {
  const inputs = member(step, 'with');
  const role = inputOf(inputs, 'role-to-assume');
  if (role === undefined) return 'other-credentials';
  const chaining = text(inputs, 'role-chaining') === 'true';
  const key = text(inputs, 'aws-access-key-id') ?? '';
  const duration = inputOf(inputs, 'role-duration-seconds');
  const file = text(inputs, 'web-identity-token-file') ?? '';
  const from = /^\$\{\{\s*steps\.([\w-]+)\.outputs\.aws-access-key-id\s*\}\}$/.exec(key)?.[1];
  const credentials = chaining || key !== '';
  return [
    {
      by: credentials ? 'credentials' : 'token',
      role: { text: role.text, place: role.place },
      audience: text(inputs, 'audience') ?? 'sts.amazonaws.com',
      externalId: text(inputs, 'role-external-id'),
      duration: duration && { text: duration.text, place: duration.place, asked: 'role-duration-seconds' },
      tagged: credentials && text(inputs, 'role-skip-session-tagging') !== 'true',
      sessionPolicy: inputOf(inputs, 'inline-session-policy'),
      managedSessionPolicies: inputOf(inputs, 'managed-session-policies') !== undefined,
      // The action takes any text for yes.
      unlessHeld: text(inputs, 'use-existing-credentials') !== undefined,
      exported: text(inputs, 'output-env-credentials') !== 'false',
      credentialsOf: from,
      foreign: file !== '' || (key !== '' && from === undefined),
    },
  ];
}

function text(inputs: Tree | undefined, name: string): string | undefined {
  return inputOf(inputs, name)?.text;
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
  return [...joined.matchAll(/\bsts\s+assume-role(-with-web-identity)?\b([^\n;|]*)/g)].flatMap(([, web, rest = '']) => {
    const written = (name: string): WrittenRole | undefined => {
      const text = option(rest, name);
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
      externalId: written('external-id')?.text,
      duration: duration && { ...duration, text: asExpression(duration.text), asked: '--duration-seconds' },
      tagged: !web && written('tags') !== undefined,
      sessionPolicy: undefined,
      managedSessionPolicies: false,
      unlessHeld: false,
      exported: true,
      credentialsOf: undefined,
      // A token that the script does not ask GitHub for is another issuer's.
      foreign: web && !run.text.includes('ACTIONS_ID_TOKEN_REQUEST'),
    };
  });
}

function option(args: string, name: string): string | undefined {
  const match = new RegExp(`--${name}[ =]+(?:"([^"]*)"|'([^']*)'|(\\$\\{\\{[^}]*\\}\\}\\S*|[^\\s"')]+))`).exec(args);
  return match?.[1] ?? match?.[2] ?? match?.[3];
}

/** `$ROLE` and `${ROLE}` are names of `env`. */
function asExpression(value: string): string {
  return value.replace(
    /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g,
    (_, braced?: string, bare?: string) => `\${{ env.${braced ?? bare} }}`,
  );
}

function placeIn(run: ScalarTree, value: string): Place {
  const { source, start, end } = run.place;
  const at = source.text.indexOf(value, start);
  return at === -1 || at >= end ? run.place : { source, start: at, end: at + value.length };
}
