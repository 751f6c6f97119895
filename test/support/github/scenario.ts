import { join } from 'node:path';
import { type Conversation, conversationOf } from './conversation.ts';
import { type Files, openGitStore } from './git-store.ts';
import { type History, HUMAN, historyOf } from './history.ts';
import { fullName, type Repository, type World } from './state.ts';

export interface RepositorySeed {
  /** `owner/name` */
  readonly name: string;
  /** The first commit of the default branch. */
  readonly files: Files;
  readonly private?: boolean;
  readonly defaultBranch?: string;
}

/** What happens in a repository besides the requests of the action under test. */
export interface Scenario extends History, Conversation {
  readonly name: string;
  readonly world: World;
  readonly state: Repository;
}

export const startScenario = (world: World, seed: RepositorySeed, directory: string): Scenario => {
  const repository = addRepository(world, seed, directory);
  return {
    name: fullName(repository),
    world,
    state: repository,
    ...historyOf(world, repository, directory),
    ...conversationOf(world, repository),
  };
};

const addRepository = (world: World, seed: RepositorySeed, directory: string): Repository => {
  const [owner = '', name = ''] = seed.name.split('/');
  const defaultBranch = seed.defaultBranch ?? 'main';
  const id = world.nextId();
  const store = openGitStore(join(directory, `${id}.git`));
  const root = { parents: [], changes: seed.files, message: 'Initial commit', author: HUMAN, time: world.now() };
  const first = store.commit(root);
  store.setRef(`refs/heads/${defaultBranch}`, first);
  const repository: Repository = {
    id,
    owner,
    name,
    private: seed.private ?? false,
    defaultBranch,
    store,
    branches: new Map([[defaultBranch, first]]),
    pulls: new Map(),
    issues: new Map(),
    issueComments: new Map(),
    nextNumber: 1,
  };
  world.repositories.set(seed.name, repository);
  return repository;
};
