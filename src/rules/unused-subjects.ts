import { providerName } from '../iam/context-keys.ts';
import { isGitHubIssuer } from '../iam/identity-providers.ts';
import type { Item } from '../iam/item.ts';
import type { Statement } from '../iam/policy.ts';
import type { PresentedSubjects } from '../inventory/presented-subjects.ts';
import { overlap, pattern } from '../symbolic/pattern.ts';
import { isKnown, lowerCase, show } from '../symbolic/text.ts';
import type { Found, World } from './finding.ts';

/** What of a subject one branch, tag or environment is, or a pull request. */
const ONE_CONTEXT = /^(ref:refs\/(heads|tags)\/[^*?]|environment:[^*?]|pull_request$)/;

/** Subjects of the repository's own jobs that a role trusts, and that no job can have: a branch nobody deploys from. */
export function unusedSubjects({ inventory }: World): readonly Found[] {
  const roles = inventory.entities.flatMap(({ target, declaration }) =>
    (target?.trust?.statements ?? []).flatMap(subjectsIn).map((item) => ({ declaration, item })),
  );
  const presented = roles.length === 0 ? undefined : inventory.presented?.();
  if (presented === undefined) return [];
  return roles.flatMap(({ declaration, item }) => {
    const context = contextIn(item, presented);
    if (context === undefined || canArise(item, presented)) return [];
    return [
      {
        message: `role/${show(declaration.name)} trusts ${show(item.text)}, but no job of this repository’s workflows ${called(context)}`,
        place: item.place,
        weight: 'notice',
        identity: `${show(declaration.arn)} ${show(item.text)}`,
      },
    ];
  });
}

function subjectsIn({ effect, principals, conditions }: Statement): readonly Item[] {
  if (effect !== 'Allow' || principals?.negated !== false) return [];
  if (!principals.items.some(({ type, text }) => type === 'Federated' && isGitHubIssuer(show(providerName(text)))))
    return [];
  return conditions
    .filter(({ keyLower, operator }) => keyLower.endsWith(':sub') && operator !== undefined && !operator.negated)
    .filter(({ operator }) => operator?.comparison === 'StringEquals' || operator?.comparison === 'StringLike')
    .flatMap(({ values }) => values);
}

/** `environment:prod` of a subject of this very repository, with ids or without. */
function contextIn({ text }: Item, { repository }: PresentedSubjects): string | undefined {
  if (!isKnown(text)) return undefined;
  const [, subject = '', context = ''] = /^repo:([^:]+):(.*)$/.exec(text) ?? [];
  const named = subject.replace(/@[\d*]+/g, '').toLowerCase() === repository.toLowerCase();
  return named && ONE_CONTEXT.test(context) ? context : undefined;
}

/** Names of environments compare without case, and either form of the repository's name may be its own. */
function canArise({ text }: Item, { subjects }: PresentedSubjects): boolean {
  const wanted = pattern(withoutIds(lowerCase(text)));
  return subjects.some((subject) => overlap(wanted, pattern(lowerCase(subject))));
}

function withoutIds(text: Item['text']): Item['text'] {
  return isKnown(text) ? text.replace(/^repo:[^:]+/, (repository) => repository.replace(/@[\d*]+/g, '')) : text;
}

function called(context: string): string {
  const [, sort = '', name = ''] = /^(?:ref:refs\/)?(heads|tags|environment)[/:](.*)$/.exec(context) ?? [];
  if (sort === 'heads') return `runs on the branch ${name} without an environment`;
  if (sort === 'tags') return `runs on the tag ${name} without an environment`;
  return sort === 'environment' ? `has the environment ${name}` : 'runs for a pull request without an environment';
}
