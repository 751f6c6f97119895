import { notFound, readOnly } from '../errors.ts';
import type { PullRequest, Repository, User, World } from '../state.ts';

/** A request that is already known to be well formed, and who sent it. */
export interface Context {
  readonly world: World;
  readonly repository: Repository;
  readonly actor: User;
  readonly path: string;
  readonly params: ReadonlyMap<string, string>;
  readonly query: ReadonlyMap<string, string>;
  /** Checked against the operation's schema before a handler sees it, so that handlers may name its type. */
  readonly body: unknown;
  readonly accept: string;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  /** In place of `body`: a media type other than JSON. */
  readonly raw?: { readonly type: string; readonly content: string | Buffer };
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handler = (context: Context) => Reply;

export const NO_CONTENT: Reply = { status: 204 };

export const param = ({ params }: Context, name: string): string => params.get(name) ?? '';

export const pullOf = (context: Context): PullRequest => {
  const pull = context.repository.pulls.get(Number(param(context, 'pull_number')));
  if (pull === undefined) throw notFound();
  return pull;
};

/** Stricter than GitHub, where write access reaches everybody's comments: an action has no business there. */
export const mustOwn = (context: Context, { user }: { readonly user: User }): void => {
  if (user.login !== context.actor.login) throw readOnly();
};

/**
 * One page of a list and the `link` header that leads on.
 * https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api
 */
export const page = <Item>(
  { world, path, query }: Context,
  items: readonly Item[],
  { fallback = 30, maximum = 100 }: { readonly fallback?: number; readonly maximum?: number } = {},
): { readonly items: readonly Item[]; readonly number: number; readonly headers: Readonly<Record<string, string>> } => {
  const size = Math.min(Math.max(Number(query.get('per_page') ?? fallback), 1), maximum);
  const number = Math.max(Number(query.get('page') ?? 1), 1);
  const last = Math.max(Math.ceil(items.length / size), 1);
  const link = (target: number, rel: string): string => {
    const search = new URLSearchParams([...query].filter(([name]) => name !== 'page'));
    search.set('page', String(target));
    return `<${world.apiUrl}${path}?${search}>; rel="${rel}"`;
  };
  const links = [
    ...(number > 1 ? [link(number - 1, 'prev'), link(1, 'first')] : []),
    ...(number < last ? [link(number + 1, 'next'), link(last, 'last')] : []),
  ];
  return {
    items: items.slice((number - 1) * size, number * size),
    number,
    headers: links.length === 0 ? {} : { link: links.join(', ') },
  };
};

/** Sorts and filters as `sort`, `direction` and `since` ask; the API ignores `direction` where comments have no `sort`. */
export const sifted = <Item extends { readonly createdAt: string; readonly updatedAt: string; readonly id: number }>(
  { query }: Context,
  items: readonly Item[],
  natural: 'asc' | 'desc' = 'asc',
): readonly Item[] => {
  const key = query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt';
  const direction = query.has('sort') || natural === 'desc' ? (query.get('direction') ?? 'desc') : natural;
  const sign = direction === 'desc' ? -1 : 1;
  const since = Date.parse(query.get('since') ?? '1970-01-01T00:00:00Z');
  return items
    .filter(({ updatedAt }) => Date.parse(updatedAt) >= since)
    .sort((a, b) => sign * (Date.parse(a[key]) - Date.parse(b[key]) || a.id - b.id));
};
