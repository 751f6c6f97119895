import { parseArgs } from 'node:util';
import type { FailOn, Scope } from './run.ts';
import { closest } from './symbolic/distance.ts';
import { UserError } from './user-error.ts';

export const FORMATS = ['text', 'json', 'github', 'markdown', 'sarif', 'html', 'mermaid', 'dot'] as const;
export type Format = (typeof FORMATS)[number];

export interface Output {
  readonly format: Format;
  /** Undefined for standard output. */
  readonly file: string | undefined;
}

/** What to ask of IAM: nothing; what no document declares; besides, how what documents declare is deployed. */
export const LOOKUPS = ['off', 'missing', 'drift'] as const;
export type Lookup = (typeof LOOKUPS)[number];

/** The command line, checked. */
export interface Options {
  readonly command: Command;
  readonly paths: readonly string[];
  readonly config: string | undefined;
  readonly base: string | undefined;
  readonly account: string | undefined;
  readonly plans: readonly string[];
  readonly inventories: readonly string[];
  readonly lookup: Lookup;
  /** Whether AWS's policy simulator is asked for a second opinion. */
  readonly verify: boolean;
  /** `OWNER/NAME` */
  readonly repository: string | undefined;
  readonly failOn: FailOn;
  readonly scope: Scope;
  readonly outputs: readonly Output[];
  readonly principal: string | undefined;
  readonly role: string | undefined;
  readonly action: string | undefined;
  readonly context: readonly string[];
  /** Write the offered fixes; show them as a diff; write into a working tree that is not clean. */
  readonly fix: boolean;
  readonly diff: boolean;
  readonly force: boolean;
  /** Only say whether what `graph` would write is there already. */
  readonly check: boolean;
  /** A file of CloudTrail events, for `explain`. */
  readonly event: string | undefined;
  /** Files of CloudTrail events, for `suggest`. */
  readonly events: readonly string[];
}

export const COMMANDS = [
  'check',
  'simulate',
  'explain',
  'suggest',
  'graph',
  'inventory',
  'rules',
  'help',
  'version',
] as const;
export type Command = (typeof COMMANDS)[number];

const SPECIFICATION = {
  config: { type: 'string' },
  base: { type: 'string' },
  account: { type: 'string' },
  'terraform-plan': { type: 'string', multiple: true },
  inventory: { type: 'string', multiple: true },
  'aws-lookup': { type: 'string' },
  'verify-with-aws': { type: 'boolean' },
  repository: { type: 'string' },
  format: { type: 'string', multiple: true },
  output: { type: 'string', multiple: true },
  'fail-on': { type: 'string' },
  scope: { type: 'string' },
  principal: { type: 'string' },
  role: { type: 'string' },
  action: { type: 'string' },
  context: { type: 'string', multiple: true },
  event: { type: 'string' },
  events: { type: 'string', multiple: true },
  fix: { type: 'boolean' },
  diff: { type: 'boolean' },
  force: { type: 'boolean' },
  check: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

/** `underActions`: annotations are the default there. */
export function parseOptions(args: readonly string[], underActions: boolean): Options {
  const { values, positionals } = parse(args);
  const [first, ...rest] = positionals;
  const isCommand = first !== undefined && (COMMANDS as readonly string[]).includes(first);
  const command: Command =
    values.help === true ? 'help' : values.version === true ? 'version' : isCommand ? (first as Command) : 'check';
  const scope = oneOf('scope', values.scope ?? 'all', ['changed', 'all'] as const);
  if (scope === 'changed' && values.base === undefined)
    throw new UserError('--scope changed needs --base REV: what changed is told by comparing');
  if (values.account !== undefined && !/^\d{12}$/.test(values.account))
    throw new UserError(`--account ${JSON.stringify(values.account)} is not an account id: it has 12 digits`);
  if (values.repository !== undefined && !/^[\w.-]+\/[\w.-]+$/.test(values.repository))
    throw new UserError(`--repository ${JSON.stringify(values.repository)} is not a repository: give OWNER/NAME`);
  if (values['verify-with-aws'] === true && command !== 'check' && command !== 'help')
    throw new UserError('--verify-with-aws goes with check');
  return {
    command,
    paths: isCommand ? rest : positionals,
    config: values.config,
    base: values.base,
    account: values.account,
    plans: values['terraform-plan'] ?? [],
    inventories: values.inventory ?? [],
    lookup: oneOf('aws-lookup', values['aws-lookup'] ?? 'off', LOOKUPS),
    verify: values['verify-with-aws'] === true,
    repository: values.repository,
    failOn: oneOf('fail-on', values['fail-on'] ?? 'error', ['error', 'warning', 'notice', 'never'] as const),
    scope,
    outputs: outputsOf(values.format ?? [], values.output ?? [], underActions),
    principal: values.principal,
    role: values.role,
    action: values.action,
    context: values.context ?? [],
    fix: values.fix === true,
    diff: values.diff === true,
    force: values.force === true,
    check: values.check === true,
    event: values.event,
    events: values.events ?? [],
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: SPECIFICATION, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UserError(optionSentence(error instanceof Error ? error.message : String(error)));
  }
}

function optionSentence(message: string): string {
  const unknown = /^Unknown option '(-[^']*)'/.exec(message)?.[1];
  if (unknown === undefined)
    return (message.split('\n')[0] ?? message).replace(/^Option/, 'the option').replace(/\. .*$/, '');
  const meant = closest(unknown.replace(/^-+/, ''), Object.keys(SPECIFICATION), 3);
  return `there is no option ${unknown}${meant === undefined ? ': see --help' : `: did you mean --${meant}?`}`;
}

/** `--format` and `--output` repeat in pairs; one without an output goes to standard output. */
function outputsOf(formats: readonly string[], files: readonly string[], underActions: boolean): readonly Output[] {
  const fallback: Format = underActions ? 'github' : 'text';
  if (files.length > Math.max(1, formats.length))
    throw new UserError('more --output than --format: give them in pairs');
  const named = formats.length === 0 ? [fallback] : formats.map((format) => oneOf('format', format, FORMATS));
  return named.map((format, index) => ({ format, file: files[index] === '-' ? undefined : files[index] }));
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new UserError(`--${option} ${JSON.stringify(value)} is none of ${allowed.join(', ')}`);
  return found;
}
