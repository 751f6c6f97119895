import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
  type Tags,
  visit,
  type YAMLError,
} from 'yaml';
import { withBraces, withoutBraces } from './braces.ts';
import { tooDeep } from './json.ts';
import type { Place, Source } from './source.ts';
import {
  type MapEntry,
  type ParsedText,
  type ScalarTree,
  type ScalarType,
  type TextProblem,
  type Tree,
  withoutDuplicates,
} from './tree.ts';

/** Beyond this the parser's own recursion is not safe: two deep documents abort Node 20. */
const MAX_DEPTH = 120;
/** What aliases may unfold to; a template has some ten thousand nodes. */
const MAX_NODES = 1_000_000;

const FUNCTIONS =
  'And Base64 Cidr Condition Equals FindInMap GetAtt GetAZs If ImportValue Join Not Or Ref Select Split Sub Transform';
/** CloudFormation's short forms: a tag that the library does not know costs it an error object with its stack. */
const TAGS = FUNCTIONS.split(' ').flatMap((name): Tags => {
  const tag = `!${name}`;
  return [
    { tag, resolve: (text: string) => text },
    { tag, collection: 'seq' },
    { tag, collection: 'map' },
  ];
});

/** Reads YAML (all documents of the text) with the place of every key and value, tags kept as written. */
export function parseYaml(source: Source): ParsedText {
  const deep = tooDeepAt(source.text);
  if (deep !== undefined) return { documents: [], problems: [tooDeep({ source, start: deep, end: deep })] };
  const filled = withoutBraces(source.text);
  // Failsafe: account ids and dates stay text. Unique keys are checked here, since the library's check is quadratic.
  const parsed = parseAllDocuments(filled.text, {
    schema: 'failsafe',
    customTags: TAGS,
    uniqueKeys: false,
    logLevel: 'silent',
    prettyErrors: false,
    stringKeys: false,
  });
  const problems: TextProblem[] = [];
  if (filled.first !== undefined) problems.push(filledIn({ source, start: filled.first, end: filled.first + 2 }));
  const documents: Tree[] = [];
  for (const document of Array.isArray(parsed) ? parsed : []) {
    // The first error is the slip; those after it are its echo.
    const [slip] = document.errors;
    if (slip !== undefined) {
      const [start, end] = openedAt(document, filled.text, slip);
      const message = `not valid YAML: ${firstSentence(slip.message)}`;
      problems.push({ message, level: 'error', place: { source, start, end } });
      continue;
    }
    if (document.contents === null) continue;
    const reader = new Reader(source, document, problems);
    const tree = reader.read(document.contents);
    if (tree !== undefined) documents.push(tree);
  }
  return { documents, problems };
}

class Reader {
  readonly #source: Source;
  readonly #document: Document;
  readonly #problems: TextProblem[];
  readonly #seen = new Map<Node, { readonly tree: Tree; readonly size: number }>();
  readonly #open = new Set<Node>();
  #nodes = 0;

  constructor(source: Source, document: Document, problems: TextProblem[]) {
    this.#source = source;
    this.#document = document;
    this.#problems = problems;
  }

  read(node: Node): Tree | undefined {
    if (isAlias(node)) return this.#alias(node);
    const before = this.#nodes;
    this.#nodes += 1;
    if (this.#nodes > MAX_NODES) {
      if (!this.#problems.some((problem) => problem.message.startsWith('its aliases'))) {
        this.#problems.push({
          message: 'its aliases unfold to too much, so it is not read',
          level: 'error',
          place: this.#place(node),
        });
      }
      return undefined;
    }
    this.#open.add(node);
    const tree = this.#convert(node);
    this.#open.delete(node);
    if (tree !== undefined && node.anchor !== undefined) this.#seen.set(node, { tree, size: this.#nodes - before });
    return tree;
  }

  #convert(node: Node): Tree | undefined {
    const place = this.#place(node);
    const tag = ownTag(node.tag);
    if (isScalar(node)) return this.#scalar(node, tag, place);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.read(item as Node)).filter((item) => item !== undefined);
      return { kind: 'list', items, tag, flow: node.flow === true, place };
    }
    if (!isMap(node)) return undefined;
    const entries: MapEntry[] = [];
    const merged: MapEntry[] = [];
    for (const pair of node.items as Pair<Node, Node | null>[]) this.#pair(pair, entries, merged);
    const own = withoutDuplicates(entries, this.#problems);
    const names = new Set(own.map((entry) => entry.key.text));
    const inherited = merged.filter((entry) => !names.has(entry.key.text));
    return { kind: 'map', entries: [...inherited, ...own], tag, flow: node.flow === true, place };
  }

  #pair(pair: Pair<Node, Node | null>, entries: MapEntry[], merged: MapEntry[]): void {
    const key = isScalar(pair.key) ? this.#scalar(pair.key, undefined, this.#place(pair.key)) : undefined;
    if (key === undefined) {
      if (pair.key !== null)
        this.#problems.push({
          message: 'a key that is not plain text is passed over',
          level: 'warning',
          place: this.#place(pair.key),
        });
      return;
    }
    const value = pair.value === null ? nothing(key.place) : this.read(pair.value);
    if (value === undefined) return;
    if (
      key.text === '<<' &&
      key.style === 'plain' &&
      pair.value !== null &&
      (isAlias(pair.value) || isSeq(pair.value) || isMap(pair.value))
    ) {
      for (const one of value.kind === 'list' ? value.items : [value])
        if (one.kind === 'map') merged.push(...one.entries);
      return;
    }
    entries.push({ key, value });
  }

  #alias(node: Alias): Tree | undefined {
    const target = node.resolve(this.#document);
    const known = target === undefined ? undefined : this.#seen.get(target);
    if (known === undefined) {
      const message =
        target !== undefined && this.#open.has(target) ? 'an alias that contains itself' : 'an alias without an anchor';
      this.#problems.push({ message, level: 'error', place: this.#place(node) });
      return undefined;
    }
    this.#nodes += known.size;
    return known.tree;
  }

  #scalar(node: { value: unknown; type?: string; source?: string }, tag: string | undefined, place: Place): ScalarTree {
    const text = withBraces(typeof node.value === 'string' ? node.value : (node.source ?? ''));
    const plain = node.type === undefined || node.type === 'PLAIN';
    const style =
      node.type === 'QUOTE_DOUBLE' ? 'double' : node.type === 'QUOTE_SINGLE' ? 'single' : plain ? 'plain' : 'block';
    // Findings point at the text, not at its quotes.
    const inner =
      style === 'double' || style === 'single' ? { ...place, start: place.start + 1, end: place.end - 1 } : place;
    return {
      kind: 'scalar',
      text,
      type: plain && tag === undefined ? plainType(text) : 'string',
      tag,
      style,
      place: inner,
    };
  }

  #place(node: Node): Place {
    const [start, valueEnd] = node.range ?? [0, 0];
    let end = valueEnd;
    // The library ends a block after its last line break.
    while (end > start && /\s/.test(this.#source.text[end - 1] ?? '')) end -= 1;
    return { source: this.#source, start, end };
  }
}

/** Where a quote or a bracket is that is never closed: the library finds out at its end only. */
function openedAt(document: Document, text: string, { message, pos }: YAMLError): readonly [number, number] {
  let found: readonly [number, number] = pos;
  if (!/^Missing closing|^Flow .* must be sufficiently indented and end with/.test(message)) return found;
  const [at] = pos;
  const note = ({ range }: Node): void => {
    if (range && range[0] <= at) found = [range[0], range[0] + 1];
  };
  visit(document, {
    Scalar: (_, node) => {
      const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE';
      if (quoted && node.range && at <= node.range[2]) note(node);
    },
    Collection: (_, node) => {
      const end = node.range?.[1] ?? 0;
      if (node.flow === true && !/[\]}]/.test(text[end - 1] ?? '')) note(node);
    },
  });
  return found;
}

function filledIn(place: Place): TextProblem {
  const message = 'another tool fills in {{ … }} before this is YAML: what stands there is unknown';
  return { message, level: 'warning', place };
}

function nothing(after: Place): ScalarTree {
  const place = { source: after.source, start: after.end, end: after.end };
  return { kind: 'scalar', text: '', type: 'null', tag: undefined, style: 'plain', place };
}

function ownTag(tag: string | undefined): string | undefined {
  return tag === undefined || tag.startsWith('tag:yaml.org') || tag === '!' ? undefined : tag;
}

/** YAML 1.1 as CloudFormation reads it, as far as it matters: numbers stay text, only their type is noted. */
function plainType(text: string): ScalarType {
  if (text === '' || text === '~' || /^null$/i.test(text)) return 'null';
  if (/^(true|false)$/i.test(text)) return 'boolean';
  return /^[-+]?(\d[\d_]*(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/.test(text) ? 'number' : 'string';
}

/** Where the nesting may be too deep, by brackets and by indentation, without parsing. */
function tooDeepAt(text: string): number | undefined {
  let brackets = 0;
  let unclosed = 0;
  let start = 0;
  const indents: number[] = [];
  for (const line of text.split('\n')) {
    const dashes = /^[ ]*(?:[-?][ ]+)*/.exec(line)?.[0] ?? '';
    if (dashes.length < line.trimEnd().length) {
      while (indents.length > 0 && (indents.at(-1) ?? 0) >= dashes.length) indents.pop();
      indents.push(dashes.length);
    }
    const inline = dashes.split(/[-?]/).length - 1;
    // Scripts in block scalars leave brackets open; a key at the margin ends them, as long as they are few.
    if (unclosed < 500 && /^[A-Za-z]\w*:/.test(line)) brackets = 0;
    let deepest = indents.length + inline;
    for (const character of line) {
      if (character === '[' || character === '{') {
        brackets += 1;
        unclosed += 1;
      } else if (character === ']' || character === '}') {
        brackets = Math.max(0, brackets - 1);
        unclosed = Math.max(0, unclosed - 1);
      }
      if (brackets + indents.length > deepest) deepest = brackets + indents.length;
    }
    if (deepest > MAX_DEPTH) return start;
    start += line.length + 1;
  }
  return undefined;
}

function firstSentence(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '').replace(/:$/, '');
}
