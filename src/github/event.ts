import { readFileSync } from 'node:fs';

/** What started the run, as far as it matters here. The payload is read defensively: it may be missing, or somebody's own. */
export type Event =
  | {
      readonly kind: 'pull-request';
      readonly name: string;
      /** Runs with the base's rights, for a change that may be a stranger's: nothing that is checked out may be believed. */
      readonly privileged: boolean;
      readonly number: number;
      readonly base: string;
      readonly head: string;
      readonly headRepository: string | undefined;
    }
  | { readonly kind: 'range'; readonly name: string; readonly base: string; readonly head: string }
  | { readonly kind: 'other'; readonly name: string };

export function readEvent(environment: Readonly<Record<string, string | undefined>>): Event {
  const name = environment.GITHUB_EVENT_NAME ?? '';
  const payload = readPayload(environment.GITHUB_EVENT_PATH);
  const pull = at(payload, 'pull_request');
  const number = at(pull, 'number');
  const base = sha(at(at(pull, 'base'), 'sha'));
  const head = sha(at(at(pull, 'head'), 'sha'));
  if (typeof number === 'number' && base !== undefined && head !== undefined) {
    const repository = at(at(at(pull, 'head'), 'repo'), 'full_name');
    return {
      kind: 'pull-request',
      name,
      privileged: name === 'pull_request_target',
      number,
      base,
      head,
      headRepository: typeof repository === 'string' ? repository : undefined,
    };
  }
  const group = at(payload, 'merge_group');
  const from = sha(at(group, 'base_sha')) ?? (name === 'push' ? sha(at(payload, 'before')) : undefined);
  const to = sha(at(group, 'head_sha')) ?? (name === 'push' ? sha(at(payload, 'after')) : undefined);
  // A new branch has no "before": it is all zeros.
  if (from !== undefined && to !== undefined && !/^0+$/.test(from))
    return { kind: 'range', name, base: from, head: to };
  return { kind: 'other', name };
}

export interface EventRepository {
  readonly name: string;
  readonly id?: string;
  readonly ownerId?: string;
  readonly created?: number;
  readonly defaultBranch?: string;
}

/** What the event says of the repository that it happened in. */
export function repositoryInEvent(
  environment: Readonly<Record<string, string | undefined>>,
): EventRepository | undefined {
  const repository = at(readPayload(environment.GITHUB_EVENT_PATH), 'repository');
  const name = at(repository, 'full_name');
  if (typeof name !== 'string') return undefined;
  const id = numeric(at(repository, 'id'));
  const ownerId = numeric(at(at(repository, 'owner'), 'id'));
  const created = timeOf(at(repository, 'created_at'));
  const branch = at(repository, 'default_branch');
  return {
    name,
    ...(id === undefined ? {} : { id }),
    ...(ownerId === undefined ? {} : { ownerId }),
    ...(created === undefined ? {} : { created }),
    ...(typeof branch === 'string' ? { defaultBranch: branch } : {}),
  };
}

function numeric(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined;
}

/** The payload of a push has seconds since 1970, the others a date. */
function timeOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value * 1000;
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

function readPayload(path: string | undefined): unknown {
  if (path === undefined || path === '') return undefined;
  try {
    const payload: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return payload;
  } catch {
    // Runs by hand have no payload; the check is then a full one.
    return undefined;
  }
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && key in value
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

function sha(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(value) ? value : undefined;
}
