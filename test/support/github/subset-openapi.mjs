// Cuts GitHub's published OpenAPI description down to what the test double speaks.
// Usage, outside this repository, after `npm install @octokit/openapi@23.0.2` (394 MB, hence not a dependency):
//   node subset-openapi.mjs node_modules/@octokit/openapi/generated/api.github.com.json > openapi.json
import { readFileSync } from 'node:fs';

const OPERATIONS = [
  'git/get-blob',
  'git/get-tree',
  'issues/create',
  'issues/create-comment',
  'issues/delete-comment',
  'issues/list-comments',
  'issues/list-for-repo',
  'issues/update',
  'issues/update-comment',
  'pulls/create-reply-for-review-comment',
  'pulls/create-review',
  'pulls/create-review-comment',
  'pulls/delete-review-comment',
  'pulls/get',
  'pulls/list-files',
  'pulls/list-review-comments',
  'pulls/list-reviews',
  'pulls/update-review',
  'pulls/update-review-comment',
  'repos/compare-commits',
  'repos/compare-commits-with-basehead',
  'repos/get',
  'repos/get-commit',
  'repos/get-content',
];
const WEBHOOKS = ['merge-group-checks-requested', 'pull-request-opened', 'pull-request-synchronize', 'push'];

// Keywords that validate nothing. `example` and friends are also legal property names, so maps of names are kept whole.
const PROSE = new Set(['description', 'example', 'examples', 'externalDocs', 'summary', 'tags', 'title', 'deprecated']);
const MAPS_OF_NAMES = new Set(['properties', 'schemas', 'parameters', 'responses', 'headers', 'paths']);

const strip = (node, isMapOfNames = false) => {
  if (Array.isArray(node)) return node.map((item) => strip(item));
  if (node === null || typeof node !== 'object') return node;
  const kept = Object.entries(node).filter(([key]) => isMapOfNames || (!PROSE.has(key) && !/^x-/.test(key)));
  return Object.fromEntries(kept.map(([key, value]) => [key, strip(value, MAPS_OF_NAMES.has(key) && !isMapOfNames)]));
};

const operation = ({ operationId, externalDocs, parameters, requestBody, responses }) => ({
  operationId,
  externalDocs: { url: externalDocs.url },
  ...strip({ parameters, requestBody, responses: withoutHeaders(responses) }),
});

const withoutHeaders = (responses) =>
  Object.fromEntries(Object.entries(responses).map(([status, { headers, ...rest }]) => [status, rest]));

const source = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const subset = { openapi: source.openapi, info: { title: source.info.title, version: source.info.version }, paths: {} };

for (const [path, item] of Object.entries(source.paths)) {
  for (const [method, candidate] of Object.entries(item)) {
    if (!OPERATIONS.includes(candidate.operationId)) continue;
    subset.paths[path] = { ...subset.paths[path], [method]: operation(candidate) };
  }
}
subset['x-webhooks'] = Object.fromEntries(
  WEBHOOKS.map((name) => [name, { post: { requestBody: strip(source['x-webhooks'][name].post.requestBody) } }]),
);

// Whatever is referred to, transitively.
const components = {};
const pending = [subset];
while (pending.length > 0) {
  const node = pending.pop();
  if (node === null || typeof node !== 'object') continue;
  if (typeof node.$ref === 'string') {
    const [kind, name] = node.$ref.replace('#/components/', '').split('/');
    if (kind !== undefined && name !== undefined && components[kind]?.[name] === undefined) {
      components[kind] = { ...components[kind], [name]: strip(source.components[kind][name]) };
      pending.push(components[kind][name]);
    }
  }
  pending.push(...Object.values(node));
}
subset.components = components;

process.stdout.write(`${JSON.stringify(subset)}\n`);
