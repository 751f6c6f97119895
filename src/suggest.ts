import type { Assumption } from './assumptions/assumption.ts';
import { type Checked, type CheckInput, check } from './check.ts';
import { verifiedFixes } from './check-fixes.ts';
import { EVERYTHING_ASKED } from './documents/authorization-details/asked.ts';
import { overlay } from './documents/overlay.ts';
import type { FailedCall } from './explain/failed-call.ts';
import { askedBy } from './explain-call.ts';
import { applyFixes, type FixedFile } from './fixes/apply-fixes.ts';
import { principalText } from './iam/caller.ts';
import type { Inventory } from './inventory/inventory.ts';
import type { Finding } from './rules/apply.ts';
import { configurationOf, type RunInput } from './run.ts';
import { locate, SourceFile } from './source/source.ts';
import { narrowerGrants, narrowerSubjects, narrowerTrusts } from './suggest/narrower.ts';
import type { Suggestion } from './suggest/suggestion.ts';
import { unused } from './suggest/unused.ts';
import { timesOf, type Usage, type Use, usageOf } from './suggest/usage.ts';
import { show } from './symbolic/text.ts';

export interface Suggested {
  readonly usage: Usage;
  /** By file and line. */
  readonly suggestions: readonly Suggestion[];
  /** The files with the edits; with them every call that was made works, and no other is lost but those that nobody made. */
  readonly files: readonly FixedFile[];
  /** So many edits touch the lines of others, and are made once those are. */
  readonly left: number;
}

/** So many edits are tried one by one where all of them together would break something. */
const MOST_TRIALS = 40;

/** Least privilege from what really happened: what is missing, what each grant and trust was used for, and which were not. */
export function suggest(events: readonly FailedCall[], input: RunInput): Suggested {
  const usage = usageOf(events);
  const configuration = configurationOf(input);
  const made = [...usage.worked, ...usage.refused];
  const asked = (inventory: Inventory): readonly Assumption[] =>
    made.flatMap(({ call }) => askedBy(call, '', inventory, input.now));
  const checkInput: CheckInput = {
    ...input,
    configuration,
    suppressing: configuration,
    asked,
    askedBesides: [EVERYTHING_ASKED],
  };
  const before = check(checkInput);
  const wanted = [
    ...missing(checkInput, before, usage),
    ...narrowerGrants(before.inventory, usage),
    ...narrowerTrusts(before.inventory, usage),
    ...narrowerSubjects(before.inventory, usage),
    ...unused(
      before.decided.filter((one) => !isAsked(one)),
      before.inventory,
      usage,
    ),
    // What stands in an inventory is mended where it is written.
  ].filter(({ place }) => input.files.elsewhere?.has(place.source.path) !== true);
  const trial = new Trial(checkInput, before);
  const kept = trial.keepsWorking(wanted) ? wanted : trial.oneByOne(wanted);
  const suggestions = [...kept].sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1));
  const { files, left } = trial.apply(suggestions);
  return {
    usage,
    suggestions,
    files: [...files].sort((one, other) => (one.path < other.path ? -1 : 1)),
    left: left.length,
  };
}

function orderOf({ place, kind, message }: Suggestion): string {
  const { path, startLine, startColumn } = locate(place);
  const digits = (number: number): string => String(number).padStart(9, '0');
  return [path, digits(startLine), digits(startColumn), kind, message].join('\0');
}

/** Calls that were made, and that the documents do not allow: what each lacks. */
function missing(input: CheckInput, checked: Checked, { worked, refused }: Usage): readonly Suggestion[] {
  const findings = new Map<Finding, { readonly use: Use; readonly kind: 'missing' | 'refused' }>();
  const find = (use: Use, kind: 'missing' | 'refused'): void => {
    const questions = askedBy(use.call, '', checked.inventory, input.now).map(({ question }) => keyOf(question));
    const found = checked.findings.find(
      ({ subject }) =>
        subject !== undefined && isAsked(subject) && questions.includes(keyOf(subject.assumption.question)),
    );
    if (found !== undefined && !findings.has(found)) findings.set(found, { use, kind });
  };
  for (const use of worked) find(use, 'missing');
  for (const use of refused) find(use, 'refused');
  // A refused call that nothing in the documents wants is not let in.
  const mended = [...findings].filter(([finding, { kind }]) => kind === 'missing' || isHalfDeclared(finding));
  const fixes = verifiedFixes(
    input,
    checked,
    mended.map(([finding]) => finding),
  );
  return [...findings].flatMap(([finding, { use, kind }]) => {
    if (finding.place.source.path === MESSAGE) return [];
    const what = kind === 'missing' ? `it worked ${timesOf(use)}` : `AWS refused it ${timesOf(use)}`;
    const message = `${use.call.principal ?? 'a caller'} called ${use.call.action} on ${use.call.role ?? ''} (${what}), and by the documents it is denied: ${finding.message}`;
    return [{ kind, message, place: finding.place, edits: fixes.get(finding)?.edits ?? [] }];
  });
}

const MESSAGE = 'message';

/** One side of it stands in the documents: the role lets the caller in, or the caller is granted the role. */
function isHalfDeclared({ subject }: Finding): boolean {
  const layers = subject?.explanation().layers ?? [];
  return layers.some(
    ({ layer, verdict }) =>
      (layer === 'trust' || layer === 'identity') && (verdict === 'allow' || verdict === 'conditional'),
  );
}

type Decided = Checked['decided'][number];

function isOpen({ decision }: Decided): boolean {
  return decision.decision !== 'denied';
}

function isAsked({ assumption }: Decided): boolean {
  return assumption.declaredBy.some(({ place }) => place.source.path === MESSAGE);
}

function keyOf({ caller, role, action, given }: Decided['assumption']['question']): string {
  const context = [...given.keys].map(([key, values]) => [key, values?.map(show)]);
  return JSON.stringify([show(principalText(caller)), show(role.arn), action, context]);
}

/** The edits are made in memory, and everything is decided again. */
class Trial {
  readonly #input: CheckInput;
  readonly #before: Checked;
  readonly #unread: number;

  constructor(input: CheckInput, before: Checked) {
    this.#input = input;
    this.#before = before;
    this.#unread = unreadIn(before);
  }

  apply(suggestions: readonly Suggestion[]): ReturnType<typeof applyFixes> {
    const fixes = suggestions.flatMap(({ edits, message }) =>
      edits.length === 0 ? [] : [{ description: message, edits, verified: true }],
    );
    return applyFixes(fixes, (path) => this.#input.files.read(path)?.text);
  }

  /** Whether everything that was made, or that the documents declared beside what goes, still works. */
  keepsWorking(suggestions: readonly Suggestion[]): boolean {
    const { files } = this.apply(suggestions);
    if (files.length === 0) return true;
    const changes = new Map(files.map(({ path, after, shownPath }) => [path, new SourceFile(path, after, shownPath)]));
    const after = check({ ...this.#input, files: overlay(this.#input.files, changes) });
    if (unreadIn(after) > this.#unread) return false;
    const still = new Set(after.decided.filter(isOpen).map(({ assumption }) => keyOf(assumption.question)));
    const asked = this.#before.decided.filter((one) => isAsked(one) && isOpen(one));
    return asked.every(({ assumption }) => still.has(keyOf(assumption.question)));
  }

  /** Each edit that fits those before it; the others are told without one. */
  oneByOne(suggestions: readonly Suggestion[]): readonly Suggestion[] {
    const kept: Suggestion[] = [];
    let trials = 0;
    for (const one of suggestions) {
      const tried = one.edits.length > 0 && trials < MOST_TRIALS;
      if (tried) trials += 1;
      kept.push(tried && this.keepsWorking([...kept, one]) ? one : { ...one, edits: [] });
    }
    return kept;
  }
}

function unreadIn({ problems }: Checked): number {
  return problems.filter(({ level }) => level === 'error').length;
}
