import { handlers, type OperationId } from './operations/index.ts';
import { type Address, paths } from './validate.ts';

export interface Route extends Address {
  readonly id: OperationId;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

const isHandled = (id: string): id is OperationId => id in handlers;

/** Only `path` may hold bare slashes, and be missing for the root; clients escape those of every other parameter. */
const patternOf = (template: string): RegExp => {
  const parts = template.split(/(\/\{path\}|\{\w+\})/).map((part) => {
    if (part === '/{path}') return '(?:/(.*))?';
    return part.startsWith('{') ? '([^/]+)' : part.replaceAll('.', '\\.');
  });
  return new RegExp(`^${parts.join('')}$`);
};

// `repos/compare-commits` is octokit's older name for the address of `repos/compare-commits-with-basehead`: it has no
// handler, hence no route.
const routes: readonly Route[] = Object.entries(paths).flatMap(([template, operations]) =>
  Object.entries(operations).flatMap(([method, operation]) => {
    const { operationId: id } = operation;
    const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
    return isHandled(id) ? [{ id, method, template, operation, names, pattern: patternOf(template) }] : [];
  }),
);

export const routeOf = (
  method: string,
  path: string,
): { readonly route: Route; readonly params: ReadonlyMap<string, string> } | undefined => {
  for (const route of routes) {
    const match = route.method === method.toLowerCase() ? route.pattern.exec(path) : null;
    if (match === null) continue;
    const params = new Map(route.names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')]));
    return { route, params };
  }
  return undefined;
};
