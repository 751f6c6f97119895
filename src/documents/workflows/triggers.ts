import { member, scalarText, type Tree } from '../../source/tree.ts';
import { concat, isKnown, type Text, type Unknown } from '../../symbolic/text.ts';
import type { Repository } from './repository.ts';

/** One way in which a workflow is started, as far as tokens and conditions tell it apart. */
export interface Run {
  readonly event: string;
  /** `github.ref` */
  readonly ref: Text;
  /** Texts that the ref is not: they have runs of their own. */
  readonly notRefs: readonly string[];
  /** What stands for the ref in a subject; several where GitHub does not document which. */
  readonly contexts: readonly ('ref' | 'pull_request')[];
  /** Set where another repository's workflow may be the caller: then nothing of the token is known. */
  readonly foreign: boolean;
  /** "push to refs/heads/main" */
  readonly name: string;
}

/** Started from the default branch, whatever they are about. https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows */
const ON_DEFAULT_BRANCH = new Set([
  'branch_protection_rule',
  'check_run',
  'check_suite',
  'delete',
  'discussion',
  'discussion_comment',
  'fork',
  'gollum',
  'issue_comment',
  'issues',
  'label',
  'milestone',
  'page_build',
  'public',
  'repository_dispatch',
  'schedule',
  'status',
  'watch',
  'workflow_run',
]);

/** The events that `on` lists, each with its filters. */
export function eventsOf(workflow: Tree): ReadonlyMap<string, Tree | undefined> {
  const on = member(workflow, 'on');
  if (on?.kind === 'scalar') return new Map([[on.text, undefined]]);
  if (on?.kind === 'list') return new Map(on.items.map((item) => [scalarText(item) ?? '', undefined]));
  return new Map(on?.kind === 'map' ? on.entries.map(({ key, value }) => [key.text, value]) : []);
}

/** The runs that a workflow's events lead to, without those by another workflow's call. */
export function runsOf(workflow: Tree, repository: Repository): readonly Run[] {
  return [...eventsOf(workflow)].flatMap(([event, filters]) => runsOfEvent(event, filters, repository));
}

function runsOfEvent(event: string, filters: Tree | undefined, repository: Repository): readonly Run[] {
  const run = (ref: Text, contexts: Run['contexts'] = ['ref']): Run => ({
    event,
    ref,
    notRefs: [],
    contexts,
    foreign: false,
    name: isKnown(ref) && contexts[0] === 'ref' ? `${event} on ${ref}` : event,
  });
  switch (event) {
    case 'push':
      return pushedRefs(filters).map((ref) => run(ref));
    case 'pull_request':
      return [run(PULL, ['pull_request'])];
    // GitHub documents the subject of pull_request only; these run for a pull request, too.
    case 'pull_request_review':
    case 'pull_request_review_comment':
      return [run(PULL, ['pull_request', 'ref'])];
    case 'pull_request_target':
      return [run(chosenRef('refs/heads/', 'the base branch of the pull request'), ['pull_request', 'ref'])];
    case 'release':
      return [run(chosenRef('refs/tags/', 'the tag of the release'))];
    case 'merge_group':
      return [run(chosenRef('refs/heads/gh-readonly-queue/', 'the branch of the merge group'))];
    case 'workflow_call':
      return [];
    default:
      return [run(ON_DEFAULT_BRANCH.has(event) ? repository.defaultBranch : ANY_REF)];
  }
}

function chosenRef(start: string, what: string): Text {
  const unknown: Unknown = {
    id: `workflow:ref:${start}`,
    kind: 'open',
    shown: start === 'refs/' ? '…' : '${{ github.ref_name }}',
    missing: what,
    chosen: true,
  };
  return concat(start, unknown);
}

const PULL = concat(chosenRef('refs/pull/', 'the pull request'), '/merge');
const ANY_REF = chosenRef('refs/', 'the branch or tag that the workflow runs on');

/** A run by another repository's workflow, of which nothing is known. */
export const FOREIGN_RUN: Run = {
  event: 'workflow_call',
  ref: ANY_REF,
  notRefs: [],
  contexts: ['ref'],
  foreign: true,
  name: 'a call by another workflow',
};

/** With filters for branches alone no tag starts it, and the other way round. */
function pushedRefs(filters: Tree | undefined): readonly Text[] {
  const has = (name: string): boolean => member(filters, name) !== undefined;
  const branches = has('branches') || has('branches-ignore');
  const tags = has('tags') || has('tags-ignore');
  if (!branches && !tags) return [ANY_REF];
  return [
    ...(branches ? refsOf(member(filters, 'branches'), 'refs/heads/') : []),
    ...(tags ? refsOf(member(filters, 'tags'), 'refs/tags/') : []),
  ];
}

/** The refs that a filter lets through; what a later pattern takes away again is left in. */
function refsOf(patterns: Tree | undefined, start: string): readonly Text[] {
  const any = chosenRef(start, start === 'refs/heads/' ? 'the branch' : 'the tag');
  if (patterns === undefined) return [any];
  const items = patterns.kind === 'list' ? patterns.items : [patterns];
  const texts = items.map((item) => scalarText(item)).filter((text) => text !== undefined);
  return texts.filter((text) => !text.startsWith('!')).map((text) => refOf(text, start));
}

/** `*`, `?`, `+`, `[` and `\` have a meaning, the second and third for the character before them. */
function refOf(pattern: string, start: string): Text {
  const special = /[*+?[\\]/.exec(pattern);
  if (special === null) return start + pattern;
  const before = special[0] === '?' || special[0] === '+' ? special.index - 1 : special.index;
  const after = /[*+?\]][^*+?[\]\\]*$/.exec(pattern);
  const tail = after === null || pattern.includes('\\') ? '' : pattern.slice(after.index + 1);
  const unknown: Unknown = {
    id: `workflow:ref:${start}${pattern}`,
    kind: 'open',
    shown: pattern.slice(before, pattern.length - tail.length),
    missing: `the ref that ${pattern} lets through`,
    chosen: true,
  };
  return concat(start + pattern.slice(0, before), unknown, tail);
}

/** An unknown ref once for each literal one that conditions ask for, and for all others. */
export function splitByRefs(
  run: Run,
  literals: readonly string[],
  couldBe: (ref: Text, literal: string) => boolean,
): readonly Run[] {
  if (isKnown(run.ref) || run.contexts[0] !== 'ref') return [run];
  const own = literals.filter((literal) => couldBe(run.ref, literal));
  return [...own.map((ref): Run => ({ ...run, ref, name: `${run.event} on ${ref}` })), { ...run, notRefs: own }];
}
