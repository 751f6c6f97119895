import picomatch from 'picomatch';

/** Path patterns of the configuration, as .gitignore and shells have them: `*`, `?`, `**`, and `{name}`, which captures one path segment. */

export interface PathPattern {
  /** What the names captured, or undefined where the path does not match. */
  match(path: string): Readonly<Record<string, string>> | undefined;
}

export function pathPattern(pattern: string): PathPattern {
  if (!/\{[A-Za-z][\w-]*\}/.test(pattern)) {
    const matches = picomatch(pattern.replace(/^\.?\//, ''), { dot: true });
    return { match: (path) => (matches(path) ? {} : undefined) };
  }
  const names: string[] = [];
  const segments = pattern
    .replace(/^\.?\//, '')
    .split('/')
    .map((segment) => segmentExpression(segment, names));
  // The pattern comes from the configuration, never from a policy; each segment is matched on its own.
  return {
    match(path) {
      const found = matchSegments(segments, 0, path.split('/'), 0);
      if (found === undefined) return undefined;
      return Object.fromEntries(names.map((name) => [name, found[name] ?? '']));
    },
  };
}

type Segment = '**' | { readonly expression: RegExp };

function segmentExpression(segment: string, names: string[]): Segment {
  if (segment === '**') return '**';
  const source = segment
    .split(/(\{[A-Za-z][\w-]*\}|\*|\?)/)
    .map((piece) => {
      if (piece === '*') return '[^/]*';
      if (piece === '?') return '[^/]';
      const name = /^\{(.+)\}$/.exec(piece)?.[1];
      if (name === undefined) return piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
      names.push(identifier(name));
      return `(?<${identifier(name)}>[^/]+)`;
    })
    .join('');
  return { expression: new RegExp(`^${source}$`) };
}

function identifier(name: string): string {
  return name.replace(/-/g, '_');
}

function matchSegments(
  segments: readonly Segment[],
  at: number,
  path: readonly string[],
  from: number,
): Record<string, string> | undefined {
  const segment = segments[at];
  if (segment === undefined) return from === path.length ? {} : undefined;
  if (segment === '**') {
    for (let skip = from; skip <= path.length; skip++) {
      const rest = matchSegments(segments, at + 1, path, skip);
      if (rest !== undefined) return rest;
    }
    return undefined;
  }
  const own = path[from];
  const match = own === undefined ? null : segment.expression.exec(own);
  if (match === null) return undefined;
  const rest = matchSegments(segments, at + 1, path, from + 1);
  return rest === undefined ? undefined : { ...match.groups, ...rest };
}

/** `{name}` in a text, filled with what a path captured. */
export function fillNames(text: string, names: Readonly<Record<string, string>>): string {
  return text.replace(/\{([A-Za-z][\w-]*)\}/g, (whole, name: string) => names[name.replace(/-/g, '_')] ?? whole);
}
