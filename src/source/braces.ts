/** `{{ … }}` that begins a value or a key without quotes: a tool fills it in, and only then is the text YAML. */
const UNQUOTED = /(?:^|[:-])[ \t]+(\{\{[^{}\n]*\}\})|^(\{\{[^{}\n]*\}\})/m;

/** Private-use characters stand for those between the braces, one for one, so that every place stays. */
const SHIFT = 0xe100;

export interface Filled {
  readonly text: string;
  /** Where the first such braces stand; undefined where there are none, or loops besides, of which nobody knows the outcome. */
  readonly first: number | undefined;
}

export function withoutBraces(text: string): Filled {
  const found = text.includes('{{') && !text.includes('{%') ? UNQUOTED.exec(text) : null;
  if (found === null) return { text, first: undefined };
  const hidden = text.replace(/\{\{[^{}\n]*\}\}/g, (braces) =>
    [...braces].every((letter) => letter.charCodeAt(0) < 0x100)
      ? braces.replace(/./g, (letter) => String.fromCharCode(letter.charCodeAt(0) + SHIFT))
      : braces,
  );
  return { text: hidden, first: found.index + found[0].indexOf('{{') };
}

/** The text as it is written. */
export function withBraces(text: string): string {
  return text.replace(/[\uE100-\uE1FF]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - SHIFT));
}
