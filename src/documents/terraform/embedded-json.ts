import { parseJson } from '../../source/json.ts';
import { type Place, SourceFile } from '../../source/source.ts';
import type { Tree } from '../../source/tree.ts';
import { parseYaml } from '../../source/yaml.ts';
import { isKnown, partsOf, type Text, type Unknown } from '../../symbolic/text.ts';
import { joinTexts } from './primitives.ts';
import { bool, listTerm, mapTerm, number, type Piece, type Term, type TextTerm, textTerm } from './term.ts';

/** A private-use character stands for each unknown while the text is parsed. */
const FIRST_MARK = 0xe000;
const LAST_MARK = 0xf8ff;

/** The value that a text holds as JSON, each part of it at the place where it was written; undefined where it is no JSON. */
export function embeddedJson(term: TextTerm): Term | undefined {
  if (term.origin?.kind === 'encoded') return term.origin.of;
  const unknowns: Unknown[] = [];
  const marked = partsOf(term.text)
    .map((part) => {
      if (typeof part === 'string') return part;
      unknowns.push(part);
      return String.fromCharCode(FIRST_MARK + unknowns.length - 1);
    })
    .join('');
  if (unknowns.length > LAST_MARK - FIRST_MARK || (unknowns.length > 0 && isKnown(term.text))) return undefined;
  const { json, offsets } = quotedMarks(marked, unknowns.length > 0);
  const [tree] = parseJson(new SourceFile(term.place.source.path, json)).documents;
  if (tree === undefined) return undefined;
  const finder = new PlaceFinder(term.origin?.pieces ?? wholePiece(term, marked.length), offsets, term.place);
  return fromTree(tree, unknowns, finder);
}

/** The same of YAML. */
export function embeddedYaml(term: TextTerm): Term | undefined {
  if (term.origin?.kind === 'encoded') return term.origin.of;
  if (!isKnown(term.text)) return undefined;
  const { documents, problems } = parseYaml(new SourceFile(term.place.source.path, term.text));
  const [tree] = documents;
  if (tree === undefined || documents.length > 1 || problems.length > 0 || !isPlainYaml(tree)) return undefined;
  const finder = new PlaceFinder(term.origin?.pieces ?? wholePiece(term, term.text.length), undefined, term.place);
  return fromTree(tree, [], finder);
}

/** Whether every library reads it alike: YAML 1.1 knows more numbers, truths and dates than 1.2. */
function isPlainYaml(tree: Tree): boolean {
  if (tree.tag !== undefined) return false;
  switch (tree.kind) {
    case 'scalar':
      return (
        tree.style !== 'plain' ||
        !/^([yn]|yes|no|on|off|~?|[-+.]?\d[\d_:.T+-]*\D.*|[-+]?0[\d_]+|[\d_]*_[\d_]*|\+\d.*)$/i.test(tree.text)
      );
    case 'list':
      return tree.items.every(isPlainYaml);
    case 'map':
      return tree.entries.every(({ key, value }) => key.text !== '<<' && isPlainYaml(value));
  }
}

function wholePiece({ place }: TextTerm, length: number): readonly Piece[] {
  return [{ length, place, linear: place.end - place.start === length }];
}

/** Puts quotes around what stands for a whole value. */
function quotedMarks(marked: string, any: boolean): { readonly json: string; readonly offsets: number[] | undefined } {
  if (!any) return { json: marked, offsets: undefined };
  let json = '';
  const offsets: number[] = [];
  let quoted = false;
  for (let at = 0; at < marked.length; at++) {
    const code = marked.charCodeAt(at);
    const bare = !quoted && code >= FIRST_MARK && code <= LAST_MARK;
    const piece = bare
      ? `"\uF8FF${marked[at]}"`
      : quoted && code === 92
        ? marked.slice(at, at + 2)
        : (marked[at] ?? '');
    if (code === 34) quoted = !quoted;
    for (let i = 0; i < piece.length; i++) offsets.push(bare ? at : at + i);
    if (piece.length === 2 && !bare) at += 1;
    json += piece;
  }
  offsets.push(marked.length);
  return { json, offsets };
}

/** From the offsets of the joined text back to what was written. */
class PlaceFinder {
  readonly #pieces: readonly Piece[];
  readonly #starts: readonly number[];
  readonly #offsets: readonly number[] | undefined;
  readonly #whole: Place;

  constructor(pieces: readonly Piece[], offsets: readonly number[] | undefined, whole: Place) {
    let at = 0;
    this.#pieces = pieces;
    this.#starts = pieces.map(({ length }) => {
      at += length;
      return at - length;
    });
    this.#offsets = offsets;
    this.#whole = whole;
  }

  /** The one thing that a `${…}` put in here, where it fills the range. */
  filling(start: number, end: number): Term | undefined {
    const [from, to] = [this.#marked(start), this.#marked(end)];
    const index = this.#indexAt(from);
    const piece = this.#pieces[index];
    return piece !== undefined && this.#starts[index] === from && from + piece.length === to ? piece.term : undefined;
  }

  place(start: number, end: number): Place {
    const [from, to] = [this.#marked(start), this.#marked(end)];
    const first = this.#indexAt(from);
    const last = to > from ? this.#indexAt(to - 1) : first;
    const one = this.#pieces[first];
    const other = this.#pieces[last];
    if (one === undefined || other === undefined) return this.#whole;
    if (first === last) return this.#within(one, from - (this.#starts[first] ?? 0), to - from);
    // A text of several pieces stands in the outermost template, from its first letter to its last.
    const begins = this.#within(
      { ...one, place: one.within ?? one.place, linear: one.linear && one.within === undefined },
      from - (this.#starts[first] ?? 0),
      0,
    );
    const ends = this.#within(
      { ...other, place: other.within ?? other.place, linear: other.linear && other.within === undefined },
      to - 1 - (this.#starts[last] ?? 0),
      1,
    );
    if (begins.source !== ends.source || ends.end < begins.start) return this.#whole;
    return { source: begins.source, start: begins.start, end: ends.end };
  }

  #within({ place, linear }: Piece, from: number, length: number): Place {
    if (!linear) return place;
    return { source: place.source, start: place.start + from, end: place.start + from + length };
  }

  #marked(offset: number): number {
    return this.#offsets === undefined ? offset : (this.#offsets[offset] ?? offset);
  }

  #indexAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function fromTree(tree: Tree, unknowns: readonly Unknown[], finder: PlaceFinder): Term {
  const { start, end } = tree.place;
  const filling = finder.filling(start, end);
  const place = filling?.place ?? finder.place(start, end);
  switch (tree.kind) {
    case 'scalar': {
      if (tree.text.startsWith('\uF8FF')) {
        const unknown = unknowns[tree.text.charCodeAt(1) - FIRST_MARK];
        if (filling?.kind === 'text' && filling.origin?.kind === 'encoded') return filling.origin.of;
        if (unknown !== undefined) return { kind: 'unknown', unknown, place };
      }
      if (tree.type === 'null') return { kind: 'null', place };
      if (tree.type === 'boolean') return bool(tree.text === 'true', place);
      if (tree.type === 'number') return number(Number(tree.text), place);
      return textTerm(unmark(tree.text, unknowns), place);
    }
    case 'list':
      if (filling?.kind === 'text' && filling.origin?.kind === 'encoded') return filling.origin.of;
      return listTerm(
        tree.items.map((item) => fromTree(item, unknowns, finder)),
        place,
      );
    case 'map': {
      if (filling?.kind === 'text' && filling.origin?.kind === 'encoded') return filling.origin.of;
      const members = tree.entries.map(({ key, value }) => ({
        key: unmark(key.text, unknowns),
        keyPlace: finder.filling(key.place.start, key.place.end)?.place ?? finder.place(key.place.start, key.place.end),
        value: fromTree(value, unknowns, finder),
      }));
      return mapTerm(members, place);
    }
  }
}

function unmark(text: string, unknowns: readonly Unknown[]): Text {
  if (unknowns.length === 0) return text;
  return joinTexts(text.split(/([\uE000-\uF8FF])/).map((piece) => unknowns[piece.charCodeAt(0) - FIRST_MARK] ?? piece));
}
