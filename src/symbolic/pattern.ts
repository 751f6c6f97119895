import { ANY, type Atom, couldMatch, ONE } from './overlap.ts';
import { concat, isKnown, partsOf, show, split, type Text, type Unknown } from './text.ts';
import { and, dependsOnValue, type Truth } from './truth.ts';

/** One step of a pattern: literal text, any run (`*`), one character (`?`), or an unknown. */
export type Token = string | typeof ANY | typeof ONE | Unknown;

/** A pattern with `*` and `?`, prepared once. No regular expression is made: matching is linear on plain text. */
export interface Pattern {
  readonly text: Text;
  /** Set where the pattern is one literal without wildcards and unknowns: then matching is equality. */
  readonly literal: string | undefined;
  /** Set where nothing is unknown: the pattern as it is written. */
  readonly glob: string | undefined;
  /** The literal text before the first wildcard of a glob: what does not start so is soon told apart. */
  readonly prefix: string;
  readonly tokens: readonly Token[];
}

export function pattern(text: Text): Pattern {
  if (isKnown(text)) {
    const wild = /[*?]/.exec(text);
    const prefix = wild === null ? text : text.slice(0, wild.index);
    return {
      text,
      literal: wild === null ? text : undefined,
      glob: text,
      prefix,
      tokens: wild === null ? [text] : tokenize(text),
    };
  }
  return {
    text,
    literal: undefined,
    glob: undefined,
    prefix: '',
    tokens: text.parts.flatMap((part) => (typeof part === 'string' ? tokenize(part) : [part])),
  };
}

/** A pattern whose tokens are given, for texts in which some `*` are literal (substituted policy variables). */
export function patternOfTokens(tokens: readonly Token[]): Pattern {
  const joined: Token[] = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    if (typeof token === 'string' && typeof last === 'string') joined[joined.length - 1] = last + token;
    else if (token !== '') joined.push(token);
  }
  const literal = joined.every((token) => typeof token === 'string') ? joined.join('') : undefined;
  // A wildcard-free run of tokens is matched as one literal; `*` inside substituted text stays a letter.
  const text = concat(...joined.map((token) => (token === ANY ? '*' : token === ONE ? '?' : token)));
  const letters = joined.some(
    (token) => typeof token === 'object' || (typeof token === 'string' && /[*?]/.test(token)),
  );
  return { text, literal, glob: letters ? undefined : show(text), prefix: '', tokens: joined };
}

/** The parts between the first `count - 1` colons, as patterns; undefined where there are fewer. */
export function segmentsOf(tokens: readonly Token[], count = 6): readonly Pattern[] | undefined {
  const segments: Token[][] = [[]];
  for (const token of tokens) {
    let rest: Token = token;
    while (typeof rest === 'string' && segments.length < count && rest.includes(':')) {
      const colon = rest.indexOf(':');
      if (colon > 0) segments.at(-1)?.push(rest.slice(0, colon));
      segments.push([]);
      rest = rest.slice(colon + 1);
    }
    if (rest !== '') segments.at(-1)?.push(rest);
  }
  return segments.length === count ? segments.map(patternOfTokens) : undefined;
}

export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const piece of text.split(/([*?])/)) {
    if (piece === '*') {
      if (tokens.at(-1) !== ANY) tokens.push(ANY);
    } else if (piece === '?') tokens.push(ONE);
    else if (piece !== '') tokens.push(piece);
  }
  return tokens;
}

/** Does the pattern match the whole value, whatever the unknowns are, for none of them, or for some? */
export function matches(pattern: Pattern, value: Text): Truth {
  if (typeof value === 'string') {
    if (pattern.literal !== undefined) return pattern.literal === value;
    if (pattern.glob !== undefined) return value.startsWith(pattern.prefix) && globMatches(pattern.glob, value);
  }
  return tokensMatch(pattern.tokens, partsOf(value));
}

/** Is there a text that both patterns match? */
export function overlap(one: Pattern, other: Pattern): boolean {
  return couldMatch(atomsOf(one.tokens), atomsOf(other.tokens));
}

/** Are two texts the same, whatever the unknowns are, never, or for some values of them? `*` is literal. */
export function equal(left: Text, right: Text): Truth {
  if (typeof left === 'string' && typeof right === 'string') return left === right;
  if (differAtAnEnd(left, right)) return false;
  const parts = split(left, ':', ARN_PARTS);
  const others = split(right, ':', ARN_PARTS);
  if (parts.length < ARN_PARTS || others.length < ARN_PARTS || parts[0] !== 'arn' || others[0] !== 'arn')
    return tokensMatch(partsOf(left), partsOf(right));
  if (parts.some((part, index) => isKnown(part) && isKnown(others[index] ?? '') && part !== others[index]))
    return false;
  // Part by part an ARN shows more: an account may be unknown while the names differ.
  return parts.reduce<Truth>((all, part, index) => and(all, equal(part, others[index] ?? '')), true);
}

const ARN_PARTS = 6;

/** Whether they begin or end with other literals, which most texts do: told without looking at each letter. */
function differAtAnEnd(left: Text, right: Text): boolean {
  const some = partsOf(left);
  const others = partsOf(right);
  let from = 0;
  while (from < some.length && isSamePart(some[from], others[from])) from += 1;
  const [begin, other] = [some[from], others[from]];
  if (typeof begin === 'string' && typeof other === 'string') {
    const shared = Math.min(begin.length, other.length);
    if (!begin.startsWith(other.slice(0, shared))) return true;
  }
  const [end, last] = [some.at(-1), others.at(-1)];
  if (typeof end !== 'string' || typeof last !== 'string') return false;
  const shared = Math.min(end.length, last.length);
  return !end.endsWith(last.slice(last.length - shared));
}

function isSamePart(left: string | Unknown | undefined, right: string | Unknown | undefined): boolean {
  if (typeof left === 'string' || typeof right === 'string' || left === undefined || right === undefined)
    return left === right;
  return left.id === right.id;
}

/** `*` and `?` on plain text in at most length times length steps, usually one pass. */
export function globMatches(glob: string, value: string): boolean {
  let at = 0;
  let p = 0;
  let star = -1;
  let resume = 0;
  while (at < value.length) {
    const code = p < glob.length ? glob.charCodeAt(p) : -1;
    if (code === 42) {
      star = p++;
      resume = at;
    } else if (code === 63 || (code !== -1 && code === value.charCodeAt(at))) {
      p += 1;
      at += 1;
    } else if (star !== -1) {
      p = star + 1;
      at = ++resume;
    } else return false;
  }
  while (p < glob.length && glob.charCodeAt(p) === 42) p += 1;
  return p === glob.length;
}

function tokensMatch(tokens: readonly Token[], parts: readonly (string | Unknown)[]): Truth {
  const wanted = atomsOf(tokens);
  const given = atomsOf(parts);
  if (matchesAlways(wanted, given)) return true;
  const unknowns = [...wanted, ...given].filter((atom) => typeof atom === 'object');
  if (unknowns.length === 0) return false;
  if (!couldMatch(wanted, given) || differBySort(wanted, given)) return false;
  let result: Truth = true;
  const seen = new Set<string>();
  for (const unknown of unknowns) {
    if (seen.has(unknown.id)) continue;
    seen.add(unknown.id);
    result = and(result, dependsOnValue(unknown));
  }
  return result;
}

function atomsOf(tokens: readonly (Token | string)[]): Atom[] {
  const atoms: Atom[] = [];
  for (const token of tokens) {
    if (typeof token !== 'string') atoms.push(token);
    else for (let i = 0; i < token.length; i++) atoms.push(token.charCodeAt(i));
  }
  return atoms;
}

/** Unknowns as opaque letters: what matches so matches for every value of them. */
function matchesAlways(wanted: readonly Atom[], given: readonly Atom[]): boolean {
  let at = 0;
  let p = 0;
  let star = -1;
  let resume = 0;
  while (at < given.length) {
    const want = wanted[p];
    const have = given[at];
    if (want === ANY) {
      star = p++;
      resume = at;
    } else if (want !== undefined && (sameAtom(want, have) || (want === ONE && typeof have === 'number'))) {
      p += 1;
      at += 1;
    } else if (star !== -1) {
      p = star + 1;
      at = ++resume;
    } else return false;
  }
  while (wanted[p] === ANY) p += 1;
  return p === wanted.length;
}

function sameAtom(left: Atom, right: Atom | undefined): boolean {
  if (typeof left === 'object' && typeof right === 'object') return left.id === right.id;
  return left === right && typeof left === 'number';
}

/** Beside equal literal ends, what remains is one unknown of a sort that cannot be the other side's literal. */
function differBySort(wanted: readonly Atom[], given: readonly Atom[]): boolean {
  let start = 0;
  while (start < wanted.length && start < given.length && sameAtom(wanted[start] ?? ANY, given[start])) start += 1;
  let end = 0;
  while (
    end < wanted.length - start &&
    end < given.length - start &&
    sameAtom(wanted[wanted.length - 1 - end] ?? ANY, given[given.length - 1 - end])
  )
    end += 1;
  const left = wanted.slice(start, wanted.length - end);
  const right = given.slice(start, given.length - end);
  const [a] = left;
  const [b] = right;
  if (left.length === 1 && right.length === 1 && typeof a === 'object' && typeof b === 'object')
    return a.kind === 'generated-name' && b.kind === 'generated-name';
  if (left.length === 1 && typeof a === 'object')
    return literalOf(right) !== undefined && !couldBe(a, literalOf(right) ?? '');
  if (right.length === 1 && typeof b === 'object')
    return literalOf(left) !== undefined && !couldBe(b, literalOf(left) ?? '');
  return false;
}

function literalOf(atoms: readonly Atom[]): string | undefined {
  if (!atoms.every((atom) => typeof atom === 'number')) return undefined;
  return String.fromCharCode(...atoms);
}

/** Could the unknown be this very text? */
function couldBe(unknown: Unknown, literal: string): boolean {
  if (unknown.choices !== undefined) return unknown.choices.includes(literal);
  switch (unknown.kind) {
    case 'open':
      return true;
    case 'account-id':
      return /^\d{12}$/.test(literal);
    case 'region':
      return /^[a-z]{2,4}(-[a-z]+)+-\d+$/.test(literal);
    case 'generated-name':
      // Services end a generated name with a separator and a random run that nobody writes by hand.
      return /[-.][A-Za-z0-9]{8,}$/.test(literal) && /\d|[A-Z]{6}/.test(literal.slice(-12));
  }
}
