import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { explainEvents, explainMessage } from './explain-command.ts';
import { workingTree } from './files/working-tree.ts';
import { unifiedDiff } from './fixes/unified-diff.ts';
import { commitOf, mergeBase } from './git/repository.ts';
import { filesAt } from './git/revision.ts';
import { graph } from './graph-command.ts';
import { HELP } from './help.ts';
import { withElsewhere, withInventories } from './inventories.ts';
import { exportInventory, inventoryPaths } from './inventory-command.ts';
import { askLiveAccounts, type LiveAccounts } from './live-accounts.ts';
import { type Format, type Options, parseOptions } from './options.ts';
import { renderGithub } from './report/github.ts';
import { renderHtml } from './report/html.ts';
import { renderJson } from './report/json.ts';
import { renderMarkdown } from './report/markdown.ts';
import { colourPaint, plainPaint } from './report/paint.ts';
import { forTerminal } from './report/printable.ts';
import type { Report } from './report/report.ts';
import { renderSarif } from './report/sarif.ts';
import { renderText } from './report/text.ts';
import { repositoryFacts } from './repository-facts.ts';
import { findRoot } from './root.ts';
import { RULES } from './rules/index.ts';
import { type Base, exitStatus, type RunInput, run } from './run.ts';
import { simulate } from './simulate.ts';
import { suggestFrom } from './suggest-command.ts';
import { withPlans } from './terraform-plans.ts';
import { UserError } from './user-error.ts';
import { VERSION } from './version.ts';
import { fixedFiles, writeFixes } from './write-fixes.ts';

/** What a command line has around it. */
export interface Terminal {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly colours: boolean;
  readonly now: () => number;
  readonly write: (text: string) => void;
  /** The page of a rule, in Markdown. */
  readonly rulePage?: (id: string) => string | undefined;
  /** What was asked of AWS for the command, where it says so. */
  readonly live?: LiveAccounts;
}

/** One command, after AWS was asked where it says so. Else nothing is waited for, and nothing of AWS's clients is loaded. */
export async function runCommandLive(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = parseOptions(args, terminal.environment.GITHUB_ACTIONS === 'true');
  const asks = options.lookup !== 'off' || options.verify;
  if (!asks || ['rules', 'help', 'version', 'inventory'].includes(options.command)) return runCommand(args, terminal);
  const paths = options.command === 'explain' && options.event === undefined ? options.paths.slice(1) : options.paths;
  const live = await askLiveAccounts(inputOf({ ...options, paths }, terminal), options, terminal.environment);
  return runCommand(args, { ...terminal, live });
}

/** One command, to its exit status. */
export function runCommand(args: readonly string[], terminal: Terminal): number {
  const options = parseOptions(args, terminal.environment.GITHUB_ACTIONS === 'true');
  switch (options.command) {
    case 'help':
      terminal.write(HELP);
      return 0;
    case 'version':
      terminal.write(`${VERSION}\n`);
      return 0;
    case 'rules':
      terminal.write(rulesText(options.paths[0], terminal.rulePage));
      return 0;
    case 'simulate':
      return inTextOrJson(options, terminal, (json, write) =>
        simulate(options, json, inputOf(options, terminal), write),
      );
    case 'explain':
      return runExplain(options, terminal);
    case 'suggest':
      return runSuggest(options, terminal);
    case 'graph':
      return runGraph(options, terminal);
    case 'inventory':
      return runInventory(options, terminal);
    case 'check':
      return runCheck(options, terminal);
  }
}

/** `explain MESSAGE [PATH…]`, or `explain --event FILE [PATH…]`; `-` reads standard input. */
function runExplain(options: Options, terminal: Terminal): number {
  const [message, ...rest] = options.paths;
  const { event } = options;
  if (event === undefined && message === undefined)
    throw new UserError('explain needs the message that AWS answered, or --event FILE');
  const input = inputOf(event === undefined ? { ...options, paths: rest } : options, terminal);
  const text = event !== undefined || message === '-' ? readText(event ?? '-', terminal.cwd) : (message ?? '');
  return inTextOrJson(options, terminal, (json, write) =>
    event === undefined ? explainMessage(text, json, input, write) : explainEvents(text, event, json, input, write),
  );
}

function runSuggest(options: Options, terminal: Terminal): number {
  if (options.events.length === 0) throw new UserError('suggest needs --events FILE: CloudTrail events of some time');
  const files = options.events.map((name) => ({ name, text: readText(name, terminal.cwd) }));
  const input = inputOf(options, terminal);
  return inTextOrJson(options, terminal, (json, write) =>
    suggestFrom(files, options.diff ? 'diff' : json ? 'json' : 'text', input, write),
  );
}

/** Commands that answer in a few lines: as text or as JSON, each where it belongs. */
function inTextOrJson(
  { command, outputs }: Options,
  { cwd, write }: Terminal,
  answer: (json: boolean, write: (text: string) => void) => number,
): number {
  const wrong = outputs.find(({ format }) => !['text', 'json', 'github'].includes(format));
  if (wrong !== undefined) throw new UserError(`${command} answers as text or json, not as ${wrong.format}`);
  const statuses = outputs.map(({ format, file }) => {
    let text = '';
    const status = answer(format === 'json', (more) => {
      text += more;
    });
    if (file === undefined) write(text);
    else writeOutput(resolve(cwd, file), text);
    return status;
  });
  return Math.max(...statuses);
}

/** A log file of CloudTrail is far smaller. */
const MOST_BYTES = 256 * 1024 * 1024;
const UNREADABLE: Readonly<Record<string, string>> = {
  ERR_BUFFER_TOO_LARGE: 'unpacked it is larger than 256 MB',
  ERR_STRING_TOO_LONG: 'it is larger than 512 MB',
  ERR_FS_FILE_TOO_LARGE: 'it is larger than 2 GB',
  Z_BUF_ERROR: 'its gzip data is cut off',
  Z_DATA_ERROR: 'its gzip data is damaged',
};

/** A file as it is, or unpacked: CloudTrail delivers its logs gzipped. */
function readText(path: string, cwd: string): string {
  try {
    const bytes = readFileSync(path === '-' ? 0 : resolve(cwd, path));
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return (isPacked ? gunzipSync(bytes, { maxOutputLength: MOST_BYTES }) : bytes).toString('utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new UserError(`cannot read ${path} (${UNREADABLE[code] ?? code})`);
  }
}

/** Each picture to where it belongs; with `--check`, whether it is there already. */
function runGraph(options: Options, terminal: Terminal): number {
  const pictures = graph(options, inputOf(options, terminal));
  for (const { text, file, format } of pictures) {
    if (file === undefined && options.check)
      throw new UserError('--check needs --output FILE: the file that should hold what graph writes');
    if (file === undefined) terminal.write(text);
    else if (!options.check) writeOutput(resolve(terminal.cwd, file), text);
    else if (!holds(resolve(terminal.cwd, file), text)) {
      const stale = existsSync(resolve(terminal.cwd, file)) ? 'is not what the documents say any more' : 'is not there';
      terminal.write(
        `${forTerminal(file)} ${stale}: write it with graph --format ${format} --output ${forTerminal(file)}\n`,
      );
      return 1;
    }
  }
  return 0;
}

/** Whichever line breaks a checkout gave it. */
function holds(file: string, text: string): boolean {
  try {
    return existsSync(file) && readFileSync(file, 'utf8').replace(/\r\n/g, '\n') === text;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new UserError(`cannot read ${file} (${code})`);
  }
}

function runInventory(options: Options, terminal: Terminal): number {
  const input = inputOf({ ...options, paths: inventoryPaths(options) }, terminal);
  const text = exportInventory(input);
  const file = options.outputs[0]?.file;
  if (file === undefined) terminal.write(text);
  else writeOutput(resolve(terminal.cwd, file), text);
  return 0;
}

function runCheck(options: Options, terminal: Terminal): number {
  const started = terminal.now();
  const input = inputOf(options, terminal);
  const report = run(input);
  if (options.diff || options.fix) return runFixes(options, terminal, report, input);
  const shown = { ...report, elapsed: terminal.now() - started };
  for (const { format, file } of options.outputs) {
    const text = render(format, shown, terminal.colours && file === undefined);
    if (file === undefined) terminal.write(text);
    else writeOutput(resolve(terminal.cwd, file), text);
  }
  return exitStatus(report, options.failOn);
}

/** `--diff` shows the fixes, as git takes them; `--fix` writes them, and tells what is left. */
function runFixes(options: Options, terminal: Terminal, report: Report, input: RunInput): number {
  const { files, left } = fixedFiles(report, input);
  if (!options.fix) {
    terminal.write(files.map(unifiedDiff).join(''));
    return exitStatus(report, options.failOn);
  }
  writeFixes(files, findRoot(terminal.cwd, options.paths, options.config).folder, options.force);
  for (const { shownPath } of files) terminal.write(`fixed ${forTerminal(shownPath)}\n`);
  if (files.length === 0) terminal.write('no fix is offered\n');
  if (left.length > 0) terminal.write('some fixes touch the same lines: check again for the rest\n');
  return runCheck({ ...options, fix: false, diff: false }, terminal);
}

function render(format: Format, report: Report, colours: boolean): string {
  switch (format) {
    case 'text':
      return renderText(report, colours ? colourPaint : plainPaint);
    case 'json':
      return renderJson(report);
    case 'github':
      return renderGithub(report);
    case 'markdown':
      return renderMarkdown(report);
    case 'html':
      return renderHtml(report);
    case 'sarif':
      return renderSarif(report, VERSION);
    case 'mermaid':
    case 'dot':
      throw new UserError(`--format ${format} is one of graph: see --help`);
  }
}

function inputOf(options: Options, { cwd, environment, now, live }: Terminal): RunInput {
  const { paths, config, base, account, repository, plans, inventories, scope } = options;
  for (const path of paths) if (!existsSync(resolve(cwd, path))) throw new UserError(`there is no ${path}`);
  if (config !== undefined && !existsSync(resolve(cwd, config)))
    throw new UserError(`there is no configuration file ${config}`);
  const root = findRoot(cwd, paths, config);
  const tree = workingTree(root.folder, root.paths, prefixFrom(cwd, root.folder));
  const named = withInventories(withPlans(tree, plans, cwd, root.folder), inventories, cwd, root.folder);
  const files = withElsewhere(named, live?.documents ?? []);
  return {
    files,
    configuration: root.configuration,
    account,
    repository: repositoryFacts(repository, environment, root.folder),
    now: now(),
    base: base === undefined ? undefined : baseOf(root.folder, base, tree),
    scope,
    ...(live === undefined ? {} : { problems: live.problems, verification: live.verification }),
  };
}

/** A root below the working directory is printed from there, so that a path can be clicked. */
function prefixFrom(cwd: string, folder: string): string {
  const way = relative(cwd, folder);
  return way === '' || way.startsWith('..') || isAbsolute(way) ? '' : `${way.split(sep).join('/')}/`;
}

function baseOf(folder: string, revision: string, files: RunInput['files']): Base {
  const commit = commitOf(folder, revision);
  if (commit === undefined) throw new UserError(`git knows no revision ${JSON.stringify(revision)} here`);
  const meeting = mergeBase(folder, commit, 'HEAD') ?? commit;
  const before = filesAt(folder, meeting, files);
  if (before === undefined) throw new UserError(`git cannot compare with ${JSON.stringify(revision)}`);
  return { files: before, suppresses: false };
}

function writeOutput(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new UserError(`cannot write ${file} (${code})`);
  }
}

function rulesText(id: string | undefined, pageOf: Terminal['rulePage']): string {
  if (id === undefined)
    return RULES.map(
      (rule) => `${rule.id.padEnd(29)}${(rule.optIn === true ? 'off' : rule.severity).padEnd(9)}${rule.title}\n`,
    ).join('');
  const rule = RULES.find((one) => one.id === id);
  if (rule === undefined) throw new UserError(`there is no rule ${JSON.stringify(id)}: "rules" lists them`);
  return pageOf?.(rule.id) ?? `${rule.id} [${rule.severity}]\n${rule.title}\n`;
}
