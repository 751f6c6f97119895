/** A line of a step's output that tells the runner something. */
export interface WorkflowCommand {
  /** `error`, `warning`, `notice`, `debug`, `group`, … */
  readonly level: string;
  readonly message: string;
  readonly title?: string;
  readonly file?: string;
  readonly line?: number;
  readonly endLine?: number;
  readonly col?: number;
  readonly endColumn?: number;
}

// https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
const REGISTERED = new Set([
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
]);

/** Every command that the runner would see in this output, including those of the older syntax. */
export const parseCommands = (output: string): readonly WorkflowCommand[] =>
  output.split(/\r?\n/).flatMap((line) => currentSyntax(line.trimStart()) ?? oldSyntax(line) ?? []);

/** `::name key=value,key=value::message` at the start of a line. */
const currentSyntax = (line: string): WorkflowCommand | undefined => {
  const end = line.startsWith('::') ? line.indexOf('::', 2) : -1;
  return end === -1 ? undefined : command(line.slice(2, end), ',', unescapeProperty, unescapeData(line.slice(end + 2)));
};

/** `##[name key=value;key=value]message` anywhere in a line. */
const oldSyntax = (line: string): WorkflowCommand | undefined => {
  const start = line.indexOf('##[');
  const end = start === -1 ? -1 : line.indexOf(']', start);
  return end === -1
    ? undefined
    : command(line.slice(start + 3, end), ';', unescapeOld, unescapeOld(line.slice(end + 1)));
};

type Unescape = (text: string) => string;

const command = (head: string, separator: string, decode: Unescape, message: string): WorkflowCommand | undefined => {
  const [name = ''] = head.split(' ');
  const level = name.toLowerCase();
  if (!REGISTERED.has(level)) return undefined;
  const pairs = head
    .slice(name.length)
    .trim()
    .split(separator)
    .flatMap((pair): [string, string][] => {
      const at = pair.indexOf('=');
      return at === -1 ? [] : [[pair.slice(0, at), decode(pair.slice(at + 1))]];
    });
  const given = new Map(pairs);
  const text = (key: string) => (given.has(key) ? { [key]: given.get(key) } : {});
  const number = (key: string) => (given.has(key) ? { [key]: Number(given.get(key)) } : {});
  return {
    level,
    message,
    ...text('title'),
    ...text('file'),
    ...number('line'),
    ...number('endLine'),
    ...number('col'),
    ...number('endColumn'),
  };
};

const unescapeData: Unescape = (text) => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');

const unescapeProperty: Unescape = (text) =>
  text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');

const unescapeOld: Unescape = (text) =>
  text
    .replaceAll('%3B', ';')
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%5D', ']')
    .replaceAll('%25', '%');

/**
 * What a step wrote to `GITHUB_OUTPUT`, `GITHUB_ENV` or `GITHUB_STATE`.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions#multiline-strings
 */
export const parseFileCommand = (text: string): Readonly<Record<string, string>> => {
  const values: Record<string, string> = {};
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const line = (lines[index] ?? '').replace(/\r$/, '');
    if (line === '') continue;
    const heredoc = /^(.+?)<<(.+)$/.exec(line);
    const plain = line.indexOf('=');
    if (plain !== -1 && (heredoc === null || plain < (heredoc[1]?.length ?? 0))) {
      values[line.slice(0, plain)] = line.slice(plain + 1);
      continue;
    }
    const [, name, delimiter] = heredoc ?? [];
    const end = lines.findIndex((candidate, at) => at > index && candidate.replace(/\r$/, '') === delimiter);
    // The runner fails the step, so a test must not pass over it.
    if (name === undefined || end === -1) throw new Error(`The runner cannot read this line: ${line}`);
    values[name] = lines.slice(index + 1, end).join('\n');
    index = end;
  }
  return values;
};
