import { fullName, type Repository, timestamp, type User, userNamed, type World } from '../state.ts';

export const apiOf = (world: World, repository: Repository): string => `${world.apiUrl}/repos/${fullName(repository)}`;

export const htmlOf = (world: World, repository: Repository): string => `${world.htmlUrl}/${fullName(repository)}`;

/** Opaque to clients, so that any stable text will do. */
export const nodeId = (kind: string, id: number | string): string => `${kind}_${id}`;

export const showUser = (world: World, user: User) => {
  const url = `${world.apiUrl}/users/${encodeURIComponent(user.login)}`;
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId(user.type === 'Bot' ? 'BOT' : 'U', user.id),
    avatar_url: `https://avatars.githubusercontent.com/u/${user.id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `${world.htmlUrl}/${user.type === 'Bot' ? `apps/${user.login.replace('[bot]', '')}` : user.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: user.type,
    user_view_type: 'public',
    site_admin: false,
  };
};

/** `contributor` for whoever is not of the repository's owner; GitHub has finer grades that nothing here depends on. */
export const associationOf = (repository: Repository, user: User): string => {
  if (user.login === repository.owner) return 'OWNER';
  return user.type === 'Bot' ? 'NONE' : 'CONTRIBUTOR';
};

// Suffixes to a repository's URL, as api.github.com itself gives them.
const TEMPLATES = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
};

const CREATED = timestamp(1_700_000_000);

export const ownerOf = (repository: Repository): User =>
  userNamed(repository.owner, repository.parent === undefined ? 'Organization' : 'User');

export const showRepository = (world: World, repository: Repository) => {
  const api = apiOf(world, repository);
  const html = htmlOf(world, repository);
  const host = new URL(world.htmlUrl).host;
  const openIssues = [...repository.issues.values(), ...repository.pulls.values()].filter(
    (issue) => issue.state === 'open',
  ).length;
  const forks = [...world.repositories.values()].filter(({ parent }) => parent === repository).length;
  return {
    ...Object.fromEntries(Object.entries(TEMPLATES).map(([key, suffix]) => [key, `${api}${suffix}`])),
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: fullName(repository),
    private: repository.private,
    visibility: repository.private ? 'private' : 'public',
    owner: showUser(world, ownerOf(repository)),
    url: api,
    html_url: html,
    clone_url: `${html}.git`,
    git_url: `git://${host}/${fullName(repository)}.git`,
    ssh_url: `git@${host}:${fullName(repository)}.git`,
    svn_url: html,
    mirror_url: null,
    homepage: null,
    description: null,
    fork: repository.parent !== undefined,
    default_branch: repository.defaultBranch,
    language: null,
    license: null,
    topics: [],
    archived: false,
    disabled: false,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    size: 1,
    forks,
    forks_count: forks,
    open_issues: openIssues,
    open_issues_count: openIssues,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    created_at: CREATED,
    pushed_at: CREATED,
    updated_at: CREATED,
  };
};

export const showFullRepository = (world: World, repository: Repository) => ({
  ...showRepository(world, repository),
  network_count: 0,
  subscribers_count: 0,
  ...(repository.parent === undefined
    ? {}
    : { parent: showRepository(world, repository.parent), source: showRepository(world, repository.parent) }),
});
