import { type Checked, type CheckInput, check } from './check.ts';
import { overlay } from './documents/overlay.ts';
import { applyEdit, type Edit, type Fix } from './fixes/fix.ts';
import { proposeFixes } from './fixes/propose.ts';
import { isWidened } from './fixes/widened.ts';
import { principalText } from './iam/caller.ts';
import { isKnownService } from './iam/services.ts';
import type { Finding } from './rules/apply.ts';
import { SourceFile } from './source/source.ts';
import { keyOf as keyText } from './symbolic/text.ts';

/** What all trials of a run may cost together, in decisions, so that it stays quick. */
const MOST_COST = 30_000;
const MOST_TRIALS = 60;
/** So many characters are read anew in the time of one decision. */
const CHARACTERS = 40;

/** Each trial reads the changed files and decides everything again: the larger the estate, the fewer are tried. */
class Trials {
  readonly #input: CheckInput;
  readonly #each: number;
  #left = MOST_TRIALS;
  #spent = 0;

  constructor(input: CheckInput, { decided, documents, inventory }: Checked) {
    this.#input = input;
    const statements = inventory.policies.reduce((sum, { policy }) => sum + policy.statements.length, 0);
    this.#each = decided.length + 10 * documents + statements + 50;
  }

  /** Whether the edits may be tried besides those before; at least the first ones may. */
  take(edits: Fix['edits']): boolean {
    const paths = new Set(edits.map(({ path }) => path));
    const characters = [...paths].reduce((sum, path) => sum + (this.#input.files.read(path)?.text.length ?? 0), 0);
    const cost = this.#each + characters / CHARACTERS;
    if (this.#left === 0 || (this.#spent > 0 && this.#spent + cost > MOST_COST)) return false;
    this.#left -= 1;
    this.#spent += cost;
    return true;
  }
}

/** The first proposal for each finding that mends it, tried on the whole of the documents. */
export function verifiedFixes(
  input: CheckInput,
  checked: Checked,
  wanted: readonly Finding[],
  /** What the finding's own call has to come to. */
  works: (decision: string | undefined) => boolean = isOpen,
): ReadonlyMap<Finding, Fix> {
  const fixes = new Map<Finding, Fix>();
  const before = new Set(checked.findings.map(({ fingerprint }) => fingerprint));
  const decided = decisionsOf(checked);
  const unread = unreadIn(checked);
  const trials = new Trials(input, checked);
  // A relation of an inventory that is not asked for any more is not lost.
  const trial = { ...input, askedBesides: checked.askedOfDumps };
  for (const finding of mostSevereFirst(wanted)) {
    for (const proposal of proposeFixes(finding)) {
      if (!trials.take(proposal.edits)) return fixes;
      const after = tryFix(trial, proposal.edits);
      if (after === undefined || isWidened(proposal, finding, checked, after.inventory)) continue;
      if (unreadIn(after) <= unread && mends(finding, after, before, decided, works)) {
        fixes.set(finding, { ...proposal, verified: true });
        break;
      }
      // Across accounts both sides may lack something: the other side's edit is tried together with this one.
      const both = withOtherSide(finding, proposal, after);
      if (both === undefined || !trials.take(both.edits)) continue;
      const together = tryFix(trial, both.edits);
      if (together === undefined || unreadIn(together) > unread) continue;
      if (isWidened(both, finding, checked, together.inventory)) continue;
      if (!mends(finding, together, before, decided, works)) continue;
      fixes.set(finding, { ...both, verified: true });
      break;
    }
  }
  return fixes;
}

type Proposal = Omit<Fix, 'verified'>;

/** The first proposal for what still keeps the call out once the first edit is made. */
function withOtherSide({ subject }: Finding, proposal: Proposal, after: Checked): Proposal | undefined {
  const key = subject === undefined ? undefined : keyOf(subject);
  const next = after.findings.find((one) => one.subject !== undefined && keyOf(one.subject) === key);
  for (const second of next === undefined ? [] : proposeFixes(next)) {
    const edits = second.edits.map((edit) => inOldLines(edit, proposal.edits));
    if (!edits.every((edit) => edit !== undefined)) continue;
    const same = proposal.description === second.description;
    return {
      description: same
        ? `${proposal.description} on both sides`
        : `${proposal.description}, and ${second.description}`,
      edits: [...proposal.edits, ...edits],
    };
  }
  return undefined;
}

/** An edit of the changed text, by the lines of the text as it was; none where it changes what the first did. */
function inOldLines(edit: Edit, made: readonly Edit[]): Edit | undefined {
  let shift = 0;
  for (const one of made.filter(({ path }) => path === edit.path)) {
    const last = one.startLine + one.newText.split('\n').length - 1;
    if (edit.startLine > last) shift += last - one.endLine;
    else if (edit.endLine >= one.startLine) return undefined;
  }
  return { ...edit, startLine: edit.startLine - shift, endLine: edit.endLine - shift };
}

function mostSevereFirst(findings: readonly Finding[]): readonly Finding[] {
  const order = ['error', 'warning', 'notice'];
  return [...findings].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

function tryFix(input: CheckInput, edits: Fix['edits']): Checked | undefined {
  if (edits.some(({ path }) => input.files.elsewhere?.has(path) === true)) return undefined;
  const changes = new Map<string, SourceFile | undefined>();
  // From the last line up: every edit names the lines that the file has now.
  for (const edit of [...edits].sort((a, b) => b.startLine - a.startLine)) {
    const file = changes.get(edit.path) ?? input.files.read(edit.path);
    if (file === undefined) return undefined;
    changes.set(edit.path, new SourceFile(edit.path, applyEdit(file.text, edit), file.shownPath));
  }
  return check({ ...input, files: overlay(input.files, changes) });
}

/** How much of the documents cannot be read, or not as it seems: of such a part nothing is found any more. */
function unreadIn({ problems, inventory }: Checked): number {
  // A policy that is a text and is broken says nothing more, and has no statements.
  return inventory.policies.reduce(
    (sum, { policy }) => sum + policy.open.length + (policy.statements.length === 0 ? 1 : 0),
    problems.length,
  );
}

/** Gone, with nothing new in its place, and no other allowed assumption lost. */
function mends(
  finding: Finding,
  after: Checked,
  before: ReadonlySet<string>,
  decided: ReadonlyMap<string, string>,
  works: (decision: string | undefined) => boolean,
): boolean {
  if (
    after.findings.some(
      ({ fingerprint, severity, place }) =>
        // A Terraform plan that was made before still says what its sources no longer do.
        (fingerprint === finding.fingerprint && place.source.path === finding.place.source.path) ||
        (severity === 'error' && !before.has(fingerprint)),
    )
  )
    return false;
  const now = decisionsOf(after);
  const subject = finding.subject === undefined ? undefined : keyOf(finding.subject);
  // Once a name is mended, the question of the old one is no longer asked.
  const mayGo = finding.rule.endsWith('-not-found');
  if (subject !== undefined && !works(now.get(subject)) && !(mayGo && !now.has(subject))) return false;
  return [...decided].every(
    ([key, word]) => !isOpen(word) || isOpen(now.get(key)) || (!now.has(key) && isUnknownService(key)),
  );
}

function isOpen(word: string | undefined): boolean {
  return word === 'allowed' || word === 'conditional';
}

function decisionsOf({ decided }: Checked): ReadonlyMap<string, string> {
  return new Map(decided.map((one) => [keyOf(one), one.decision.decision]));
}

/** A misspelt service is asked about no more once its name is mended. */
function isUnknownService(key: string): boolean {
  const [caller]: readonly string[] = JSON.parse(key);
  return caller !== undefined && /\.amazonaws\.com(\.cn)?$/.test(caller) && !isKnownService(caller);
}

function keyOf({ assumption: { question, expectation } }: Checked['decided'][number]): string {
  return JSON.stringify([
    keyText(principalText(question.caller)),
    keyText(question.role.arn),
    question.action,
    expectation?.name,
  ]);
}
