import type { Edit } from '../fixes/fix.ts';
import { replaceItem } from '../fixes/list-item.ts';
import { removeItem } from '../fixes/remove.ts';
import { parseArn } from '../iam/arn.ts';
import type { ConditionTest } from '../iam/condition/test.ts';
import type { Item } from '../iam/item.ts';
import type { Statement } from '../iam/policy.ts';
import type { Entity, Inventory } from '../inventory/inventory.ts';
import type { Place } from '../source/source.ts';
import { globMatches } from '../symbolic/pattern.ts';
import { isKnown, show } from '../symbolic/text.ts';
import { distinct, listed, type Suggestion } from './suggestion.ts';
import { callerOf, isLogged, madeBy, periodOf, type Usage } from './usage.ts';

/** A pattern of roles that was used for a few of them only. */
export function narrowerGrants({ entities }: Inventory, usage: Usage): readonly Suggestion[] {
  const holders = new Map<Place, number>();
  for (const { caller } of entities)
    for (const { policy } of caller.identity.policies) holders.set(policy.place, (holders.get(policy.place) ?? 0) + 1);
  return entities.flatMap(({ declaration, caller }) => {
    const own = usage.worked.filter(({ call }) => call.principal !== undefined && madeBy(call, caller));
    // A policy that others have, too, is used by them as well.
    const alone = caller.identity.policies.filter(
      ({ policy, attached }) => attached === true && holders.get(policy.place) === 1,
    );
    return alone.flatMap(({ policy: { statements } }) =>
      statements.filter(grantsAssuming).flatMap((statement) =>
        (statement.resources?.items ?? []).flatMap((item): readonly Suggestion[] => {
          if (!isKnown(item.text) || !/[*?]/.test(item.text) || item.place.source.derived === true) return [];
          const pattern = item.text;
          const account = show(parseArn(pattern)?.account ?? '');
          if (!isLogged(usage, show(caller.account), account)) return [];
          const roles = distinct(
            own.flatMap(({ call: { role } }) => (role !== undefined && globMatches(pattern, role) ? [role] : [])),
          );
          if (roles.length === 0 || unnamed(usage, show(caller.account), pattern, roles)) return [];
          const message = `${show(declaration.arn)} used this for ${listed(roles)} only, ${periodOf(usage)}`;
          return [{ kind: 'narrow-grant', message, place: item.place, edits: editsOf(replaceItem(item, roles)) }];
        }),
      ),
    );
  });
}

/** Whether somebody of the account, whom no event names, called another role of the pattern: it may have been by this very grant. */
function unnamed({ worked }: Usage, account: string, pattern: string, roles: readonly string[]): boolean {
  return worked.some(
    ({ call: { principal, role, account: own } }) =>
      principal === undefined &&
      own === account &&
      role !== undefined &&
      globMatches(pattern, role) &&
      !roles.includes(role),
  );
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
export function narrowerTrusts({ entities }: Inventory, usage: Usage): readonly Suggestion[] {
  return letIn(entities).flatMap(({ declaration, statement }) =>
    (statement.principals?.items ?? []).flatMap((item): readonly Suggestion[] => {
      const account = item.type === 'AWS' ? wholeAccount(item) : undefined;
      const role = show(declaration.arn);
      if (account === undefined || !isLogged(usage, account, show(declaration.account))) return [];
      const came = usage.worked
        .filter(({ call }) => call.role === role)
        .filter(({ call }) => (show(parseArn(call.principal ?? '')?.account ?? '') || call.account) === account)
        .map(({ call }) => callerOf(call, entities));
      // Who is not named, or whose path nobody knows, must not be shut out.
      if (!came.every((arn) => arn !== undefined)) return [];
      const callers = distinct(came);
      if (callers.length === 0) return [];
      const message = `of account ${account} only ${listed(callers)} assumed ${role}, ${periodOf(usage)}`;
      return [{ kind: 'narrow-trust', message, place: item.place, edits: editsOf(replaceItem(item, callers)) }];
    }),
  );
}

/** A pattern of subjects of which a few came: the branches, environments or service accounts that really call. */
export function narrowerSubjects({ entities }: Inventory, usage: Usage): readonly Suggestion[] {
  return letIn(entities).flatMap(({ declaration, statement }) => {
    const role = show(declaration.arn);
    const providers = (statement.principals?.items ?? []).filter(({ type }) => type === 'Federated');
    if (providers.length === 0 || !isLogged(usage, show(declaration.account))) return [];
    const calls = usage.worked.filter(
      ({ call }) => call.role === role && providers.some(({ text }) => show(text) === call.principal),
    );
    if (calls.length === 0) return [];
    return statement.conditions.filter(isAboutSubject).flatMap((test) =>
      test.values.flatMap((item): readonly Suggestion[] => {
        if (!isKnown(item.text)) return [];
        const pattern = item.text;
        const isLike = test.operator?.comparison === 'StringLike';
        const subjects = distinct(
          calls.flatMap(({ call }) =>
            subjectsIn(call.context, test.keyLower).filter((one) =>
              isLike ? globMatches(pattern, one) : pattern === one,
            ),
          ),
        );
        // Of several texts that a token may have, some had none.
        if (subjects.length === 0 && test.values.length > 1) {
          const message = `no token with ${pattern} assumed ${role}, ${periodOf(usage)}`;
          return [{ kind: 'unused', message, place: item.place, edits: editsOf(removeItem(item)) }];
        }
        const wild = isLike && /[*?]/.test(pattern);
        if (!wild || subjects.length === 0 || subjects.some((one) => /[*?]/.test(one))) return [];
        const message = `of ${pattern} only ${listed(subjects)} assumed ${role}, ${periodOf(usage)}`;
        return [{ kind: 'narrow-subject', message, place: item.place, edits: editsOf(replaceItem(item, subjects)) }];
      }),
    );
  });
}

function editsOf(edit: Edit | undefined): readonly Edit[] {
  return edit === undefined ? [] : [edit];
}

function isAboutSubject({ operator, keyLower }: ConditionTest): boolean {
  const comparison = operator?.comparison;
  return (
    (comparison === 'StringLike' || comparison === 'StringEquals') &&
    operator?.negated === false &&
    keyLower.endsWith(':sub')
  );
}

function subjectsIn(context: ReadonlyMap<string, readonly string[] | undefined>, keyLower: string): readonly string[] {
  return [...context].flatMap(([key, values]) => (key.toLowerCase() === keyLower ? (values ?? []) : []));
}

interface LetIn {
  readonly declaration: Entity['declaration'];
  readonly statement: Statement;
}

/** The statements of trust policies that let somebody in. */
function letIn(entities: readonly Entity[]): readonly LetIn[] {
  return entities.flatMap(({ declaration, target }) =>
    (target?.trust?.statements ?? [])
      .filter(
        ({ effect, open, rejected, principals }) =>
          effect === 'Allow' && open.length === 0 && rejected === undefined && principals?.negated === false,
      )
      .map((statement) => ({ declaration, statement })),
  );
}

function wholeAccount({ text }: Item): string | undefined {
  if (!isKnown(text)) return undefined;
  return /^(\d{12})$/.exec(text)?.[1] ?? /^arn:[\w-]+:iam::(\d{12}):root$/.exec(text)?.[1];
}
