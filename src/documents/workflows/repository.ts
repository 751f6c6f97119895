import type { WorkflowSettings } from '../../config/schema.ts';
import { concat, type Text, unknownText } from '../../symbolic/text.ts';

/** What the rim knows of the repository whose workflows are checked. */
export interface RepositoryFacts {
  /** `octo-org/app`, in its own case. */
  readonly name: string | undefined;
  /** Told by somebody for this run: then all workflows are its own, wherever they are. */
  readonly told?: boolean;
  readonly ownerId?: string | undefined;
  readonly id?: string | undefined;
  /** Milliseconds since 1970. */
  readonly created?: number | undefined;
  readonly defaultBranch?: string | undefined;
}

export const NO_REPOSITORY: RepositoryFacts = { name: undefined };

/** The repository as tokens name it. */
export interface Repository {
  readonly name: Text;
  readonly owner: Text;
  readonly ownerId: Text | undefined;
  readonly id: Text | undefined;
  /** `repo:octo-org/app`, and how it reads with ids; the second alone where the repository is known to have them. */
  readonly subjects: readonly Text[];
  /** `refs/heads/main` */
  readonly defaultBranch: Text;
  readonly issuer: string;
  /** Which claims make up the subject. */
  readonly subjectClaims: readonly string[];
  readonly vars: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * Repositories made or renamed since then have the ids in their subjects; older ones may have asked for it.
 * https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/
 */
const IMMUTABLE_SINCE = Date.parse('2026-07-15');

function repositoryOf(facts: RepositoryFacts, settings: WorkflowSettings | undefined): Repository {
  const named = facts.name ?? settings?.repository;
  const name: Text =
    named ?? unknownName('github.repository', 'the repository whose workflows these are (--repository)');
  const [owner = '', short = ''] = named?.split('/') ?? [];
  const ownerId = settings?.['owner-id'] ?? facts.ownerId;
  const id = settings?.['repository-id'] ?? facts.id;
  const ids = (value: string | undefined, what: string): Text =>
    value ?? unknownName(`github.${what}`, `the ${what} of the repository (workflows in the configuration)`);
  const plain = concat('repo:', name);
  const immutable =
    named === undefined
      ? plain
      : concat('repo:', owner, '@', ids(ownerId, 'repository_owner_id'), '/', short, '@', ids(id, 'repository_id'));
  const known = settings?.['immutable-subject'] ?? (facts.created === undefined ? undefined : since(facts.created));
  return {
    name,
    owner: named === undefined ? unknownName('github.repository_owner', 'the owner of the repository') : owner,
    ownerId,
    id,
    subjects: known === true ? [immutable] : known === false ? [plain] : [plain, immutable],
    defaultBranch: concat(
      'refs/heads/',
      settings?.['default-branch'] ??
        facts.defaultBranch ??
        unknownName(
          'github.event.repository.default_branch',
          'the default branch (workflows.default-branch in the configuration)',
        ),
    ),
    issuer: settings?.issuer ?? 'token.actions.githubusercontent.com',
    subjectClaims: settings?.['subject-claims'] ?? ['repo', 'context'],
    vars: settings?.vars ?? {},
    secrets: settings?.secrets ?? {},
  };
}

/** An older repository may have asked for it, or been renamed: that is not known. */
function since(created: number): true | undefined {
  return created >= IMMUTABLE_SINCE ? true : undefined;
}

function unknownName(source: string, missing: string): Text {
  return unknownText({ id: `workflow:${source}`, kind: 'open', shown: `\${{ ${source} }}`, missing });
}

/** The repository of the workflows below a folder: what is found out of the checkout holds for its root. */
export function repositoriesOf(
  facts: RepositoryFacts,
  settings: WorkflowSettings | undefined,
): (root: string) => Repository {
  const own = repositoryOf(facts, settings);
  const other = facts.told === true || settings?.repository !== undefined ? own : repositoryOf(NO_REPOSITORY, settings);
  return (root) => (root === '' ? own : other);
}
