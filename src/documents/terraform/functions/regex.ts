/** Backtracking over so many ways is still quick; what could take more is not tried. */
const MOST_WAYS = 2_000_000;

/**
 * A pattern of Go's RE2 as one that JavaScript reads alike; `undefined` where the two may differ, or where matching a text of this
 * length could take long. https://github.com/google/re2/wiki/Syntax
 */
export function compile(pattern: string, length: number): RegExp | undefined {
  const translated = translate(pattern);
  if (translated === undefined || cost(translated.source, length) > MOST_WAYS) return undefined;
  try {
    return new RegExp(translated.source, translated.flags);
  } catch {
    return undefined;
  }
}

const CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  digit: '0-9',
  lower: 'a-z',
  upper: 'A-Z',
  space: '\\t\\n\\v\\f\\r ',
  xdigit: '0-9A-Fa-f',
  word: '0-9A-Za-z_',
};

function translate(pattern: string): { readonly source: string; readonly flags: string } | undefined {
  let flags = 'gu';
  let rest = pattern;
  const leading = /^\(\?([ims]+)\)/.exec(pattern);
  if (leading?.[1] !== undefined) {
    flags += [...new Set(leading[1])].join('');
    rest = pattern.slice(leading[0].length);
  }
  const dotAll = flags.includes('s');
  let source = '';
  let inClass = false;
  for (let at = 0; at < rest.length; at++) {
    const letter = rest[at] ?? '';
    if (letter === '\\') {
      const escaped = translatedEscape(rest[at + 1], inClass);
      if (escaped === undefined) return undefined;
      source += escaped;
      at += 1;
    } else if (inClass) {
      const named = /^\[:(\^?)([a-z]+):\]/.exec(rest.slice(at));
      const letters = named?.[1] === '' ? CLASSES[named[2] ?? ''] : undefined;
      if (named !== null && letters === undefined) return undefined;
      source += letters ?? (letter === '[' || letter === '&' ? `\\${letter}`.replace('\\&', '&') : letter);
      at += named === null ? 0 : named[0].length - 1;
      if (letter === ']') inClass = false;
    } else if (letter === '[') {
      inClass = true;
      source += letter;
      if (rest[at + 1] === '^') {
        source += '^';
        at += 1;
      }
      // A "]" that comes first is a letter of the class.
      if (rest[at + 1] === ']') {
        source += '\\]';
        at += 1;
      }
    } else if (letter === '(' && rest[at + 1] === '?') {
      const group = /^\(\?(?:P?<([A-Za-z_]\w*)>|:)/.exec(rest.slice(at));
      if (group === null) return undefined;
      source += group[1] === undefined ? '(?:' : `(?<${group[1]}>`;
      at += group[0].length - 1;
    } else if (letter === '.' && !dotAll) source += '[^\\n]';
    else if (letter === '{' && !/^\{\d+(,\d*)?\}/.test(rest.slice(at))) source += '\\{';
    else if (letter === '}' && !/\{\d+(,\d*)?$/.test(source)) source += '\\}';
    else source += letter;
  }
  return inClass ? undefined : { source, flags };
}

function translatedEscape(letter: string | undefined, inClass: boolean): string | undefined {
  if (letter === undefined) return undefined;
  if (/[dDwWnrtfv]/.test(letter)) return `\\${letter}`;
  if (letter === 's') return inClass ? '\\t\\n\\f\\r ' : '[\\t\\n\\f\\r ]';
  if (letter === 'S') return inClass ? undefined : '[^\\t\\n\\f\\r ]';
  if (letter === 'b' || letter === 'B') return inClass ? undefined : `\\${letter}`;
  if (letter === 'A') return inClass ? undefined : '^';
  if (letter === 'z') return inClass ? undefined : '$';
  if (/[\^$\\.*+?()[\]{}|/-]/.test(letter)) return letter === '-' && !inClass ? '-' : `\\${letter}`;
  return /[A-Za-z0-9]/.test(letter) || letter > '\u007f' ? undefined : letter;
}

/** How many ways a backtracking matcher could take at most, roughly: each repetition tries each length, one inside another all of them. */
function cost(source: string, length: number): number {
  const bare = source.replace(/\\./gs, 'a').replace(/\[[^\]]*\]/g, 'a');
  const groups: { repeats: boolean }[] = [{ repeats: false }];
  let power = 1;
  let doublings = 0;
  for (let at = 0; at < bare.length; at++) {
    const letter = bare[at];
    if (letter === '(') groups.push({ repeats: false });
    else if (letter === '|') {
      doublings += 1;
      for (const group of groups) group.repeats = true;
    }
    const closed = letter === ')' ? groups.pop() : undefined;
    const next = letter === ')' ? bare[at + 1] : letter;
    const repeated =
      next !== undefined && (/[*+]/.test(next) || /^\{\d+,\d*\}/.test(bare.slice(letter === ')' ? at + 1 : at)));
    const fixed = /^\{(\d+)\}/.exec(bare.slice(letter === ')' ? at + 1 : at));
    if (closed?.repeats === true && (repeated || fixed !== null)) return 2 ** length;
    if (letter === ')' || letter === undefined) continue;
    if (repeated) {
      power += 1;
      for (const group of groups) group.repeats = true;
    } else if (letter === '?') {
      doublings += 1;
      for (const group of groups) group.repeats = true;
    }
  }
  return (length + 1) ** power * 2 ** doublings;
}
