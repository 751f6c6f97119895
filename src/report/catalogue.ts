import { principalOf } from '../assumptions/assumption.ts';
import type { Decided } from '../assumptions/decided.ts';
import type { PrincipalItem, Statement } from '../iam/policy.ts';
import type { RoleDeclaration } from '../inventory/declarations.ts';
import type { Entity, Inventory } from '../inventory/inventory.ts';
import { keyOf, show } from '../symbolic/text.ts';
import type { GraphFilter } from './access-graph.ts';
import { isNamed } from './access-graph.ts';
import { codeSpan, inMarkdown } from './printable.ts';

/**
 * The roles as a page that a team can commit: what each is for, whom it trusts under which conditions, and who uses it. No line
 * numbers and no dates stand in it, so that it changes with the roles and with nothing else.
 */
export function renderCatalogue(inventory: Inventory, decided: readonly Decided[], filter: GraphFilter): string {
  const roles = inventory.entities
    .filter((entity) => entity.target !== undefined && isWanted(entity, decided, filter))
    .sort((one, other) => compare(show(one.declaration.arn), show(other.declaration.arn)));
  const accounts = [...new Set(roles.map(({ declaration }) => show(declaration.account)))];
  const parts = accounts.flatMap((account) => [
    `## Account ${codeSpan(account)}`,
    ...roles.filter(({ declaration }) => show(declaration.account) === account).map((role) => roleText(role, decided)),
  ]);
  const head =
    '# Roles\n\n<!-- Written by `assume-role-check graph --format markdown`: change the roles, not this page. -->';
  const none = inventory.entities.some(({ target }) => target !== undefined)
    ? 'No declared role is among those that are asked for.'
    : 'No document declares a role.';
  return `${[head, ...(roles.length === 0 ? [none] : parts)].join('\n\n')}\n`;
}

function isWanted({ declaration }: Entity, decided: readonly Decided[], filter: GraphFilter): boolean {
  const { role, principal, account } = filter;
  const users = usesOf(declaration, decided).map(({ assumption }) => principalOf(assumption));
  return (
    (role === undefined || isNamed(show(declaration.arn), role)) &&
    (account === undefined || show(declaration.account) === account) &&
    (principal === undefined || users.some((name) => isNamed(name, principal)))
  );
}

function roleText({ declaration, target }: Entity, decided: readonly Decided[]): string {
  const { arn, name, path, tags, place } = declaration;
  const described = declaration.kind === 'role' ? declaration.description : undefined;
  const session = declaration.kind === 'role' ? declaration.longestSession : undefined;
  const facts = [
    ['ARN', codeSpan(show(arn))],
    ['declared in', codeSpan(place.source.file.path)],
    ...(path === '/' ? [] : [['path', codeSpan(show(path))]]),
    ...[...tags.values]
      .sort(([a], [b]) => compare(a, b))
      .map(([key, value]) => [`tag ${codeSpan(key)}`, codeSpan(show(value))]),
    ...(session === undefined ? [] : [['longest session', `${show(session.text)} seconds`]]),
  ];
  const trusted = (target?.trust?.statements ?? []).flatMap(trustLines);
  const uses = usesOf(declaration, decided).flatMap(useLines);
  return [
    `### ${codeSpan(show(name))}`,
    described === undefined ? 'It does not say what it is for.' : inMarkdown(show(described.text)),
    ['| | |', '|---|---|', ...facts.map(([label, value]) => `| ${label} | ${value} |`)].join('\n'),
    `Trusted:\n\n${list(trusted, target?.trust === undefined ? 'its trust policy is not known' : 'nobody')}`,
    `Used by:\n\n${list([...new Set(uses)].sort(compare), 'nobody that the documents show')}`,
  ].join('\n\n');
}

function list(items: readonly string[], none: string): string {
  return (items.length === 0 ? [none] : items).map((item) => `- ${item}`).join('\n');
}

function trustLines(statement: Statement): readonly string[] {
  const { effect, principals, conditions, actions } = statement;
  const asks = conditions.map(
    ({ key, operatorName, values }) =>
      `${codeSpan(show(key))} ${operatorName} ${values.map(({ text }) => codeSpan(show(text))).join(' or ')}`,
  );
  const when = asks.length === 0 ? '' : `, ${effect === 'Deny' ? 'when' : 'if'} ${asks.join(' and ')}`;
  const what = actions.items.map(({ text }) => codeSpan(show(text))).join(', ');
  const how = `${actions.negated ? 'any action but ' : ''}${what}`;
  return (principals?.items ?? []).map(
    (item) => `${effect === 'Deny' ? '**denied**: ' : ''}${principalText(item)} (${how})${when}`,
  );
}

function principalText({ type, text }: PrincipalItem): string {
  return text === '*' ? '**anyone**' : `${type === 'Service' ? 'the service ' : ''}${codeSpan(show(text))}`;
}

/** Every declared call of it that is not denied. */
function usesOf({ arn }: Pick<RoleDeclaration, 'arn'>, decided: readonly Decided[]): readonly Decided[] {
  return decided.filter(
    ({ assumption, decision }) => decision.decision !== 'denied' && keyOf(assumption.question.role.arn) === keyOf(arn),
  );
}

function useLines({ assumption, decision }: Decided): readonly string[] {
  const needs = decision.requires.map(({ key }) => codeSpan(key));
  const how =
    decision.decision === 'unknown'
      ? ', as far as is known'
      : needs.length === 0
        ? ''
        : `, with ${needs.join(' and ')}`;
  // That a trust policy names it is no use of it.
  const users = assumption.declaredBy.filter(({ kind }) => kind !== 'trust' && kind !== 'expectation');
  return users.map(
    ({ place, text }) =>
      `${codeSpan(principalOf(assumption))}${how}: ${inMarkdown(text.replace('this role', 'it'))} (${codeSpan(place.source.file.path)})`,
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
