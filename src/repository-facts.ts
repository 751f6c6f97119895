import type { RepositoryFacts } from './documents/workflows/repository.ts';
import { defaultBranch, originUrl } from './git/repository.ts';
import { repositoryInEvent } from './github/event.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The repository whose workflows are checked: as an option says, as Actions says, or that of the origin remote. */
export function repositoryFacts(option: string | undefined, environment: Environment, folder: string): RepositoryFacts {
  const here = environment.GITHUB_REPOSITORY;
  const name = option ?? here ?? nameOf(originUrl(folder));
  const event = repositoryInEvent(environment);
  const same = here !== undefined && name === here;
  const branch = defaultBranch(folder);
  return {
    name,
    ...(option === undefined ? {} : { told: true }),
    ...(same && environment.GITHUB_REPOSITORY_ID !== undefined ? { id: environment.GITHUB_REPOSITORY_ID } : {}),
    ...(same && environment.GITHUB_REPOSITORY_OWNER_ID !== undefined
      ? { ownerId: environment.GITHUB_REPOSITORY_OWNER_ID }
      : {}),
    ...(branch === undefined ? {} : { defaultBranch: branch }),
    ...(event !== undefined && event.name === name ? event : {}),
  };
}

/** `git@github.com:octo-org/app.git`, `https://github.com/octo-org/app` */
function nameOf(url: string | undefined): string | undefined {
  return /^(?:https?:\/\/(?:[^@/]*@)?|ssh:\/\/(?:[^@/]*@)?|[\w.-]+@)(?:[\w-]+\.)*(?:github\.com|ghe\.com)(?::\d+)?[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(
    url ?? '',
  )?.[1];
}
