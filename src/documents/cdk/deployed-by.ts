import type { Intent } from '../../inventory/declarations.ts';
import type { Place, SourceFile } from '../../source/source.ts';
import { keyOf } from '../../symbolic/text.ts';

/** `npx cdk deploy`, `cdk --app . deploy --all`, `yarn cdk deploy`. */
const DEPLOY = /\bcdk(?:[ \t]+-\S+(?:[ \t]+[^\s-]\S*)?){0,20}[ \t]+deploy\b[^\n]*/;
/** Credentials that the commands take from elsewhere. */
const OTHERS = /\bsts\s+assume-role|AWS_(?:ACCESS_KEY_ID|PROFILE|WEB_IDENTITY_TOKEN_FILE)|--profile\b/;

/** An app has a handful of environments with four roles each, and few builds deploy it. */
const MOST_JOINED = 5000;

/** Builds that run `cdk deploy` assume the roles that an assembly of the checkout names for whoever deploys it. */
export function deployedBy(
  intents: readonly Intent[],
  read: (path: string) => SourceFile | undefined,
): readonly Intent[] {
  const builds = intents.filter(({ runs }) => runs !== undefined).length;
  if (builds === 0) return intents;
  const wanted = [
    ...new Map(
      intents.filter(({ deploys }) => deploys === true).map((intent) => [keyOf(intent.role.text), intent]),
    ).values(),
  ];
  return intents.flatMap((intent) => {
    const { runs, ...build } = intent;
    if (runs === undefined) return [intent];
    const place = commandIn(runs, build.role.place, read);
    if (place === undefined) return [];
    if (wanted.length === 0 || wanted.length * builds > MOST_JOINED)
      return [{ ...build, role: { ...build.role, place } }];
    return wanted.map(({ role, deployment }) => ({
      ...build,
      role: { text: role.text, place },
      deployment,
      outside: true as const,
    }));
  });
}

/** Where a buildspec deploys: its text, or the file of the checkout that it names. */
function commandIn(runs: string, written: Place, read: (path: string) => SourceFile | undefined): Place | undefined {
  const file = /^[\w./-]+\.ya?ml$/.test(runs) ? read(runs.replace(/^\.?\/+/, '')) : undefined;
  const text = file?.text ?? runs;
  const command = OTHERS.test(text) ? undefined : DEPLOY.exec(text)?.[0];
  if (command === undefined) return undefined;
  if (file !== undefined) return found(file, command, 0, file.text.length);
  const { source, start, end } = written;
  return found(source, command.replace(/["'\\].*$/, ''), start, end) ?? written;
}

function found(source: Place['source'], command: string, start: number, end: number): Place | undefined {
  const at = source.text.indexOf(command.trimEnd(), start);
  if (at === -1 || at >= end) return undefined;
  return { source, start: at, end: at + command.trimEnd().length };
}
