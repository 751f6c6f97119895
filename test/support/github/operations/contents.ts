import { posix } from 'node:path';
import { readCommit, resolveRef } from '../commits.ts';
import { GitHubError, notFound } from '../errors.ts';
import type { GitStore } from '../git-store.ts';
import { apiOf, htmlOf, nodeId } from '../shapes/repository.ts';
import { type Context, type Handler, param, type Reply } from './context.ts';

interface Entry {
  readonly mode: string;
  readonly type: 'blob' | 'tree';
  readonly sha: string;
  readonly size: number | undefined;
  readonly path: string;
}

const entriesOf = (store: GitStore, tree: string, ...flags: readonly string[]): readonly Entry[] =>
  store
    .read('ls-tree', '-l', '-z', ...flags, tree)
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const [meta = '', path = ''] = line.split('\t');
      const [mode = '', type, sha = '', size = ''] = meta.split(/ +/);
      return {
        mode,
        type: type === 'tree' ? 'tree' : 'blob',
        sha,
        size: size === '-' ? undefined : Number(size),
        path,
      };
    });

/** The entry of a path, where the root is a tree like any other. */
const entryAt = (store: GitStore, tree: string, path: string): Entry | undefined => {
  if (path === '') return { mode: '040000', type: 'tree', sha: tree, size: undefined, path };
  const [name = '', ...rest] = path.split('/');
  const entry = entriesOf(store, tree).find((candidate) => candidate.path === name);
  if (entry === undefined || rest.length === 0) return entry;
  return entry.type === 'tree' ? entryAt(store, entry.sha, rest.join('/')) : undefined;
};

/** https://docs.github.com/rest/repos/contents#get-repository-content */
const getContent: Handler = (context) => {
  const { repository, world, query } = context;
  const commit = resolveRef(repository, query.get('ref') ?? repository.defaultBranch);
  if (commit === undefined) throw new GitHubError(404, `No commit found for the ref ${query.get('ref')}`);
  const { tree } = readCommit(repository.store, commit);
  const path = param(context, 'path').replace(/^\/+|\/+$/g, '');
  const entry = entryAt(repository.store, tree, path);
  if (entry === undefined) throw notFound();
  if (entry.type === 'tree') {
    const children = entriesOf(repository.store, entry.sha).slice(0, world.limits.directoryEntries);
    return { status: 200, body: children.map((child) => describe(context, child, posix.join(path, child.path))) };
  }
  if (entry.mode !== '120000') return file(context, entry, path);
  // "If the symlink's target is a normal file in the repository, the API responds with the content of the file."
  const target = repository.store.blob(entry.sha).toString();
  const pointedAt = entryAt(repository.store, tree, posix.join(posix.dirname(path), target));
  return pointedAt?.type === 'blob' && pointedAt.mode !== '120000'
    ? file(context, pointedAt, path)
    : { status: 200, body: { ...describe(context, entry, path), target } };
};

const file = (context: Context, entry: Entry, path: string): Reply => {
  const content = context.repository.store.blob(entry.sha);
  if (/application\/vnd\.github\.(v3\.)?raw/.test(context.accept)) {
    return { status: 200, raw: { type: 'application/vnd.github.raw; charset=utf-8', content } };
  }
  const isLarge = content.byteLength > context.world.limits.contentsBytes;
  const body = isLarge ? { content: '', encoding: 'none' } : { content: base64(content), encoding: 'base64' };
  return { status: 200, body: { ...describe(context, { ...entry, mode: '100644' }, path), ...body } };
};

const describe = ({ world, repository, query }: Context, entry: Entry, path: string) => {
  const ref = query.get('ref') ?? repository.defaultBranch;
  const place = path.split('/').map(encodeURIComponent).join('/');
  const kind = entry.type === 'tree' ? 'tree' : 'blob';
  const self = `${apiOf(world, repository)}/contents/${place}?ref=${encodeURIComponent(ref)}`;
  const git = `${apiOf(world, repository)}/git/${kind}s/${entry.sha}`;
  const html = `${htmlOf(world, repository)}/${kind}/${encodeURIComponent(ref)}/${place}`;
  return {
    type: entry.type === 'tree' ? 'dir' : entry.mode === '120000' ? 'symlink' : 'file',
    name: posix.basename(path),
    path,
    sha: entry.sha,
    size: entry.size ?? 0,
    url: self,
    git_url: git,
    html_url: html,
    download_url: entry.type === 'tree' ? null : html.replace('/blob/', '/raw/'),
    _links: { self, git, html },
  };
};

/** GitHub breaks base64 into lines of 60 characters, the last one included. */
const base64 = (content: Buffer): string => content.toString('base64').replace(/.{1,60}/g, '$&\n');

const getTree: Handler = (context) => {
  const { repository, world } = context;
  const { store } = repository;
  const name = param(context, 'tree_sha');
  const tree = store
    .tryRead('rev-parse', '--verify', '--quiet', `${resolveRef(repository, name) ?? name}^{tree}`)
    ?.trim();
  if (tree === undefined) throw notFound();
  // "Setting this parameter to any value" recurses, even `0` or `false`.
  const entries = context.query.has('recursive') ? entriesOf(store, tree, '-r', '-t') : entriesOf(store, tree);
  const api = `${apiOf(world, repository)}/git`;
  return {
    status: 200,
    body: {
      sha: tree,
      url: `${api}/trees/${tree}`,
      tree: entries.slice(0, world.limits.treeEntries).map(({ path, mode, type, sha, size }) => ({
        path,
        mode,
        type,
        sha,
        ...(size === undefined ? {} : { size }),
        url: `${api}/${type}s/${sha}`,
      })),
      truncated: entries.length > world.limits.treeEntries,
    },
  };
};

const getBlob: Handler = (context) => {
  const { repository, world } = context;
  const sha = param(context, 'file_sha');
  if (!/^[0-9a-f]{40}$/.test(sha)) throw new GitHubError(422, 'The sha parameter must be exactly 40 characters.');
  if (repository.store.tryRead('cat-file', '-t', sha)?.trim() !== 'blob') throw notFound();
  const content = repository.store.blob(sha);
  if (/application\/vnd\.github\.(v3\.)?raw/.test(context.accept)) {
    return { status: 200, raw: { type: 'application/vnd.github.raw; charset=utf-8', content } };
  }
  return {
    status: 200,
    body: {
      sha,
      node_id: nodeId('B', sha),
      size: content.byteLength,
      url: `${apiOf(world, repository)}/git/blobs/${sha}`,
      content: base64(content),
      encoding: 'base64',
    },
  };
};

export const contents = {
  'repos/get-content': getContent,
  'git/get-tree': getTree,
  'git/get-blob': getBlob,
} as const;
