import { check } from './check.ts';
import { overlay } from './documents/overlay.ts';
import type { FailedCall } from './explain/failed-call.ts';
import { callerOf, callKey } from './explain/usage.ts';
import { askedBy } from './explain-call.ts';
import { applyFixes, type FixedFile } from './fixes/apply-fixes.ts';
import type { Edit } from './fixes/fix.ts';
import { replaceItem } from './fixes/list-item.ts';
import { parseArn } from './iam/arn.ts';
import type { Item } from './iam/item.ts';
import type { Statement } from './iam/policy.ts';
import type { Inventory } from './inventory/inventory.ts';
import { configurationOf, type RunInput } from './run.ts';
import { type Place, SourceFile } from './source/source.ts';
import { globMatches } from './symbolic/pattern.ts';
import { isKnown, show } from './symbolic/text.ts';

/** What the calls of some time say of one text: it could be narrower, or nobody used it. */
export interface Suggestion {
  readonly kind: 'narrow-grant' | 'narrow-trust' | 'unused';
  readonly message: string;
  readonly place: Place;
  readonly edit: Edit | undefined;
}

export interface Suggested {
  /** The calls that worked, each once. */
  readonly used: readonly FailedCall[];
  readonly suggestions: readonly Suggestion[];
  /** The files with all edits; with them every call that worked before still does, as far as the documents decide it. */
  readonly files: readonly FixedFile[];
}

/** Least privilege from what really happened: what each grant and trust was used for, and which were not. */
export function suggest(events: readonly FailedCall[], input: RunInput): Suggested {
  const used = [...new Map(events.filter(isUse).map((call) => [callKey(call), call])).values()];
  const configuration = configurationOf(input);
  const asked = (inventory: Inventory) => used.flatMap((call) => askedBy(call, '', inventory, input.now));
  const checkInput = { ...input, configuration, suppressing: configuration, asked };
  const before = check(checkInput);
  const suggestions = [
    ...narrowerGrants(before.inventory, used),
    ...narrowerTrusts(before.inventory, used),
    ...unused(before, used),
  ];
  const fixes = suggestions.flatMap(({ edit, message }) =>
    edit === undefined ? [] : [{ description: message, edits: [edit], verified: true }],
  );
  const { files } = applyFixes(fixes, (path) => input.files.read(path)?.text);
  const changes = new Map(files.map(({ path, after, shownPath }) => [path, new SourceFile(path, after, shownPath)]));
  const after = check({ ...checkInput, files: overlay(input.files, changes) });
  const open = new Set(before.decided.filter(isOpen).map(questionOf));
  const still = new Set(after.decided.filter(isOpen).map(questionOf));
  const broken =
    used.length > 0 &&
    before.decided.some((one) => isAsked(one) && open.has(questionOf(one)) && !still.has(questionOf(one)));
  if (!broken) return { used, suggestions, files };
  // Something that happened would no longer work: nothing is written that would break it.
  return { used, suggestions: suggestions.map((one) => ({ ...one, edit: undefined })), files: [] };
}

function isUse({ succeeded, role, principal }: FailedCall): boolean {
  return succeeded && role !== undefined && principal !== undefined;
}

type Decided = ReturnType<typeof check>['decided'][number];

function isOpen({ decision }: Decided): boolean {
  return decision.decision !== 'denied';
}

function isAsked({ assumption }: Decided): boolean {
  return assumption.declaredBy.some(({ place }) => place.source.path === 'message');
}

function questionOf({ assumption: { question } }: Decided): string {
  const { caller, role, action } = question;
  const who = 'arn' in caller ? show(caller.arn) : caller.kind;
  return `${who} ${show(role.arn)} ${action}`;
}

/** A pattern that was used for a few roles only. */
function narrowerGrants({ entities }: Inventory, used: readonly FailedCall[]): readonly Suggestion[] {
  const holders = new Map<Place, number>();
  for (const { caller } of entities)
    for (const { policy } of caller.identity.policies) holders.set(policy.place, (holders.get(policy.place) ?? 0) + 1);
  return entities.flatMap(({ declaration, caller }) => {
    const own = used.filter((call) => isBy(call, show(declaration.arn), show(declaration.name), show(caller.account)));
    const who = `${declaration.kind}/${show(declaration.name)}`;
    // A policy that others have, too, is used by them as well.
    const alone = caller.identity.policies.filter(
      ({ policy, attached }) => attached === true && holders.get(policy.place) === 1,
    );
    return alone.flatMap(({ policy: { statements } }) =>
      statements.filter(grantsAssuming).flatMap((statement) =>
        (statement.resources?.items ?? []).flatMap((item): readonly Suggestion[] => {
          if (!isKnown(item.text) || !/[*?]/.test(item.text) || item.place.source.derived === true) return [];
          const pattern = item.text;
          const roles = distinct(
            own.flatMap(({ role }) => (role !== undefined && globMatches(pattern, role) ? [role] : [])),
          );
          if (roles.length === 0) return [];
          const message = `${who} used this for ${listed(roles)} only`;
          return [{ kind: 'narrow-grant', message, place: item.place, edit: replaceItem(item, roles) }];
        }),
      ),
    );
  });
}

/** Where sts:AssumeRole is all that is allowed: other actions have other resources. */
function grantsAssuming({ effect, actions, resources, open, rejected }: Statement): boolean {
  const only = actions.items.every(({ text }) => isKnown(text) && /^sts:/i.test(text));
  return (
    effect === 'Allow' &&
    only &&
    !actions.negated &&
    actions.covers['sts:AssumeRole'] === true &&
    resources?.negated === false &&
    open.length === 0 &&
    rejected === undefined
  );
}

/** An account as a whole, of which a few principals came. */
function narrowerTrusts({ entities }: Inventory, used: readonly FailedCall[]): readonly Suggestion[] {
  return entities.flatMap(({ declaration, target }) =>
    (target?.trust?.statements ?? []).filter(letsIn).flatMap((statement) =>
      (statement.principals?.items ?? []).flatMap((item): readonly Suggestion[] => {
        const account = item.type === 'AWS' ? wholeAccount(item) : undefined;
        if (account === undefined) return [];
        const calls = used.filter(
          ({ role, principal = '' }) =>
            role === show(declaration.arn) && show(parseArn(principal)?.account ?? '') === account,
        );
        const came = calls.map((call) => callerOf(call, entities));
        // Whose path nobody knows cannot be named, and must not be shut out.
        if (!came.every((arn) => arn !== undefined)) return [];
        const callers = distinct(came);
        if (callers.length === 0) return [];
        const message = `of account ${account} only ${listed(callers)} assumed role/${show(declaration.name)}`;
        return [{ kind: 'narrow-trust', message, place: item.place, edit: replaceItem(item, callers) }];
      }),
    ),
  );
}

function letsIn({ effect, open, rejected, principals }: Statement): boolean {
  return effect === 'Allow' && open.length === 0 && rejected === undefined && principals?.negated === false;
}

function wholeAccount({ text }: Item): string | undefined {
  if (!isKnown(text)) return undefined;
  return /^(\d{12})$/.exec(text)?.[1] ?? /^arn:[\w-]+:iam::(\d{12}):root$/.exec(text)?.[1];
}

/** Declared calls that work, and that nobody made. They are told; whether a yearly job needs one only people know. */
function unused({ decided, inventory }: ReturnType<typeof check>, used: readonly FailedCall[]): readonly Suggestion[] {
  const made = new Set(used.map((call) => `${callerOf(call, inventory.entities) ?? ''} ${call.role ?? ''}`));
  return decided.flatMap((one) => {
    const { caller, role } = one.assumption.question;
    if (isAsked(one) || !isOpen(one) || (caller.kind !== 'role' && caller.kind !== 'user')) return [];
    const [declared] = one.assumption.declaredBy.filter(({ kind }) => kind === 'grant' || kind === 'trust');
    if (declared === undefined || made.has(`${show(caller.arn)} ${show(role.arn)}`)) return [];
    const message = `${show(caller.arn)} never assumed ${show(role.arn)} in that time`;
    return [{ kind: 'unused' as const, message, place: declared.place, edit: undefined }];
  });
}

function isBy(call: FailedCall, arn: string, name: string, account: string): boolean {
  return call.principal === arn || call.principal?.startsWith(`arn:aws:sts::${account}:assumed-role/${name}/`) === true;
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

function listed(texts: readonly string[]): string {
  return `${texts.slice(0, 5).join(', ')}${texts.length > 5 ? ` and ${texts.length - 5} others` : ''}`;
}
