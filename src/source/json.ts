import { type JSONVisitor, type ParseErrorCode, printParseErrorCode, visit } from 'jsonc-parser';
import type { Place, Source } from './source.ts';
import {
  type MapEntry,
  type ParsedText,
  type ScalarTree,
  type TextProblem,
  type Tree,
  withoutDuplicates,
} from './tree.ts';

const MAX_DEPTH = 400;

interface OpenMap {
  readonly kind: 'map';
  readonly start: number;
  readonly entries: MapEntry[];
  key: ScalarTree | undefined;
}
interface OpenList {
  readonly kind: 'list';
  readonly start: number;
  readonly items: Tree[];
}

/**
 * Reads JSON with the place of every key and value. A byte order mark is passed over. Commas that are missing or too many may be
 * taken as they are meant.
 */
export function parseJson(source: Source, commas: 'strict' | 'mended' = 'strict'): ParsedText {
  const deep = tooDeepAt(source.text);
  if (deep !== undefined) return { documents: [], problems: [tooDeep({ source, start: deep, end: deep + 1 })] };
  const problems: TextProblem[] = [];
  const stack: (OpenMap | OpenList)[] = [];
  let root: Tree | undefined;
  const skipped = source.text.startsWith('\uFEFF') ? 1 : 0;
  const text = skipped === 1 ? source.text.slice(1) : source.text;
  const place = (start: number, length: number): Place => ({
    source,
    start: start + skipped,
    end: start + skipped + length,
  });
  const add = (tree: Tree): void => {
    const top = stack.at(-1);
    if (top === undefined) root ??= tree;
    else if (top.kind === 'list') top.items.push(tree);
    else if (top.key !== undefined) {
      top.entries.push({ key: top.key, value: tree });
      top.key = undefined;
    }
  };
  const scalar = (value: unknown, offset: number, length: number): ScalarTree => ({
    kind: 'scalar',
    text: typeof value === 'string' ? value : text.slice(offset, offset + length),
    type: value === null ? 'null' : (typeof value as 'string' | 'number' | 'boolean'),
    tag: undefined,
    style: typeof value === 'string' ? 'double' : 'plain',
    // Findings point at the text, not at its quotes.
    place: typeof value === 'string' ? place(offset + 1, length - 2) : place(offset, length),
  });
  const close = (offset: number, length: number): void => {
    const top = stack.pop();
    if (top === undefined) return;
    const whole = place(top.start, offset + length - top.start);
    if (top.kind === 'list') add({ kind: 'list', items: top.items, tag: undefined, flow: true, place: whole });
    else {
      const entries = withoutDuplicates(top.entries, problems);
      add({ kind: 'map', entries, tag: undefined, flow: true, place: whole });
    }
  };
  const visitor: JSONVisitor = {
    onObjectBegin: (offset) => {
      stack.push({ kind: 'map', start: offset, entries: [], key: undefined });
    },
    onObjectProperty: (name, offset, length) => {
      const top = stack.at(-1);
      if (top?.kind === 'map') top.key = scalar(name, offset, length);
    },
    onObjectEnd: close,
    onArrayBegin: (offset) => {
      stack.push({ kind: 'list', start: offset, items: [] });
    },
    onArrayEnd: close,
    onLiteralValue: (value, offset, length) => add(scalar(value, offset, length)),
    onError: (code, offset, length) => {
      if (commas === 'strict' || printParseErrorCode(code) !== 'CommaExpected')
        problems.push({ message: errorText(code), level: 'error', place: place(offset, length) });
    },
  };
  visit(text, visitor, { allowTrailingComma: commas === 'mended' });
  // The first error is the slip; those after it are its echo.
  const [failure] = problems.filter((problem) => problem.level === 'error');
  if (failure !== undefined) return { documents: [], problems: [failure] };
  return { documents: root === undefined ? [] : [root], problems };
}

/** The library's recursion ends in a stack overflow, so brackets are counted first. */
function tooDeepAt(text: string): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (quoted) {
      // As the library has it, a text ends with its line, too.
      if (code === 92) i += 1;
      else if (code === 34 || code === 10 || code === 13) quoted = false;
    } else if (code === 34) quoted = true;
    else if (code === 123 || code === 91) {
      depth += 1;
      if (depth > MAX_DEPTH) return i;
    } else if (code === 125 || code === 93) depth -= 1;
  }
  return undefined;
}

export function tooDeep(place: Place): TextProblem {
  return { message: 'it is nested too deep to be read', level: 'error', place };
}

function errorText(code: ParseErrorCode): string {
  const words = printParseErrorCode(code)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return `not valid JSON: ${words}`;
}
