import { changedLines } from './changed-lines.ts';
import { type Checked, type CheckInput, check, readWorld } from './check.ts';
import { verifiedFixes } from './check-fixes.ts';
import { compare, decisionsBefore } from './compare.ts';
import { type Configuration, NO_CONFIGURATION, parseConfiguration } from './config/configuration.ts';
import type { Asked } from './documents/authorization-details/asked.ts';
import type { Files } from './documents/files.ts';
import type { RepositoryFacts } from './documents/workflows/repository.ts';
import { withInventoriesOf } from './inventories.ts';
import type { Problem } from './inventory/declarations.ts';
import type { Report, ReportedFinding, Verification } from './report/report.ts';
import type { Severity } from './rules/finding.ts';
import { RULE_IDS } from './rules/index.ts';
import { standings } from './scope.ts';
import { locate, SourceFile } from './source/source.ts';
import { withPlansOf } from './terraform-plans.ts';
import { UserError } from './user-error.ts';

export type FailOn = Severity | 'never';
export type Scope = 'changed' | 'all';

export interface RunInput {
  readonly files: Files;
  /** The configuration's path among the files; undefined where there is none. */
  readonly configuration: string | undefined;
  readonly account: string | undefined;
  /** The repository whose workflows are checked; what the rim does not know is undefined. */
  readonly repository?: RepositoryFacts | undefined;
  readonly now: number;
  readonly base: Base | undefined;
  readonly scope: Scope;
  /** What could not be had before the run. */
  readonly problems?: readonly Problem[];
  /** What AWS said before the run. */
  readonly verification?: Verification | undefined;
}

/** What the run is compared with. */
export interface Base {
  readonly files: Files;
  /** In a pull request, what suppresses findings is read here: a change cannot silence its own check. */
  readonly suppresses: boolean;
}

/** One run: both worlds checked, what the change touches or causes kept, and a fix for what can be mended. */
export function run({
  files,
  configuration: configurationPath,
  account,
  repository,
  now,
  base,
  scope,
  problems = [],
  verification,
}: RunInput): Report {
  const configuration = loadConfiguration(files, configurationPath);
  const baseConfiguration = base === undefined ? undefined : loadBase(base.files, configurationPath);
  const suppressing = suppressingIn(base, baseConfiguration, configuration);
  const both = { suppressing, account, repository, now };
  const world = base === undefined ? undefined : withPlansOf(files, withInventoriesOf(files, base.files));
  const before: CheckInput | undefined =
    world === undefined ? undefined : { ...both, ...world, configuration: baseConfiguration ?? configuration };
  // Of inventories both worlds read the same.
  const askedBy = (one: CheckInput): readonly Asked[] =>
    files.dumps === undefined ? [] : [readWorld({ ...one, files: { ...one.files, dumps: [] } }).asked];
  const old =
    before === undefined ? undefined : check({ ...before, askedBesides: askedBy({ ...both, files, configuration }) });
  const askedBesides = before === undefined ? [] : askedBy(before);
  const input: CheckInput = { ...both, files, configuration, before: old?.decided, askedBesides };
  const head = check(input);
  const standingOf =
    world === undefined || old === undefined ? undefined : standings(head, old, changedLines(files, world.files));
  const wanted = head.findings.filter((finding) => {
    if (scope === 'all' || standingOf === undefined) return true;
    const { status, touched } = standingOf(finding);
    return status === 'new' || touched();
  });
  const fixes = verifiedFixes(input, head, wanted);
  const decidedBefore = decisionsBefore(old?.decided ?? []);
  const findings = wanted.map(
    (finding): ReportedFinding => ({
      ...finding,
      status: standingOf?.(finding).status,
      fix: fixes.get(finding),
      before: finding.subject === undefined ? undefined : decidedBefore(finding.subject),
    }),
  );
  return {
    ...counts(head),
    decided: head.decided,
    findings,
    changes: old === undefined ? undefined : compare(head.decided, old.decided, damagedIn(head)),
    problems: [...problems, ...withUnreadable(head, files)],
    drift: head.drift(),
    verification,
    elapsed: undefined,
  };
}

/** The documents with errors that keep something of them from being read. */
function damagedIn({ problems }: Checked): ReadonlySet<string> {
  return new Set(problems.filter(({ level }) => level === 'error').map(({ place }) => place.source.path));
}

function counts({ documents, inventory }: Checked): Pick<Report, 'documents' | 'principals' | 'roles'> {
  const { entities, beside } = inventory;
  const roles = entities.filter(({ target }) => target !== undefined).length + (beside?.roles ?? 0);
  return { documents, principals: entities.length + (beside?.principals ?? 0), roles };
}

function withUnreadable(head: Checked, files: Files): Checked['problems'] {
  const unreadable = files.unreadable().map(({ path, shown, message }) => {
    const source = new SourceFile(path, '', shown);
    return { level: 'error' as const, message, place: { source, start: 0, end: 0 } };
  });
  return [...head.problems, ...unreadable];
}

export function configurationOf({ files, configuration }: RunInput): Configuration {
  return loadConfiguration(files, configuration);
}

/** The configuration that a change cannot have changed. */
export function suppressingOf(input: RunInput): Configuration {
  const { base, configuration } = input;
  return suppressingIn(
    base,
    base === undefined ? undefined : loadBase(base.files, configuration),
    configurationOf(input),
  );
}

function suppressingIn(base: Base | undefined, old: Configuration | undefined, now: Configuration): Configuration {
  return base?.suppresses === true ? (old ?? NO_CONFIGURATION) : now;
}

/** A run does not start with a configuration that is wrong. */
function loadConfiguration(files: Files, path: string | undefined): Configuration {
  const file = path === undefined ? undefined : files.read(path);
  if (file === undefined) return NO_CONFIGURATION;
  const parsed = parseConfiguration(file, RULE_IDS);
  if (parsed.ok) return parsed.configuration;
  const [first] = parsed.errors;
  const at = first === undefined ? '' : `:${locate(first.place).startLine}:${locate(first.place).startColumn}`;
  const more = parsed.errors.length > 1 ? ` (and ${parsed.errors.length - 1} more)` : '';
  throw new UserError(`${file.shownPath}${at}: ${first?.message ?? 'not valid'}${more}`);
}

/** The base's configuration; one that was wrong there says nothing. */
function loadBase(files: Files, path: string | undefined): Configuration | undefined {
  const file = path === undefined ? undefined : files.read(path);
  const parsed = file === undefined ? undefined : parseConfiguration(file, RULE_IDS);
  return parsed?.ok === true ? parsed.configuration : undefined;
}

const LEVELS: readonly Severity[] = ['notice', 'warning', 'error'];

/** 1 where a finding is at or above the level that fails, else 0. */
export function exitStatus(report: Report, failOn: FailOn): 0 | 1 {
  if (failOn === 'never') return 0;
  return report.findings.some(({ severity }) => LEVELS.indexOf(severity) >= LEVELS.indexOf(failOn)) ? 1 : 0;
}
