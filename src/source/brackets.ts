/** What does not fit together, by offsets; `unclosed` is what the text should still close. */
export type Unbalanced =
  | { readonly kind: 'pair'; readonly opened: number | undefined; readonly closed: number }
  | { readonly kind: 'unclosed'; readonly opened: number; readonly unclosed: string };

interface Open {
  readonly at: number;
  readonly closer: string;
  readonly indent: number;
}

/**
 * The first bracket of a JSON text that is closed by one of another sort, or by one that begins a line at another indent, or
 * never; and the first text that its line does not end.
 */
export function unbalanced(text: string): Unbalanced | undefined {
  const open: Open[] = [];
  let lineStart = 0;
  let indent = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (letter === '\n') {
      lineStart = at + 1;
      indent = /^[ \t]*/.exec(text.slice(lineStart, lineStart + 400))?.[0].length ?? 0;
    } else if (letter === '"') {
      const end = stringEnd(text, at);
      if (end === undefined) return { kind: 'pair', opened: at, closed: at };
      at = end;
    } else if (letter === '{' || letter === '[') open.push({ at, closer: letter === '{' ? '}' : ']', indent });
    else if (letter === '}' || letter === ']') {
      const last = open.pop();
      const begins = at === lineStart + indent;
      if (last === undefined || last.closer !== letter || (begins && last.indent !== indent))
        return { kind: 'pair', opened: last?.at, closed: at };
    }
  }
  const last = open.at(-1);
  const unclosed = open.map(({ closer }) => closer).reverse();
  return last === undefined ? undefined : { kind: 'unclosed', opened: last.at, unclosed: unclosed.join('') };
}

function stringEnd(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length && text[at] !== '\n'; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return undefined;
}
