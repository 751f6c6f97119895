import type { SourceFile } from '../../source/source.ts';
import type { TextValue } from '../../symbolic/value.ts';

/** One section of an INI file: its settings by their lower-case names, the last of each name. */
export interface Section {
  /** What stands between the brackets: `profile prod`. */
  readonly name: string;
  readonly settings: ReadonlyMap<string, TextValue>;
}

/**
 * The sections of a file as the AWS SDKs read it. A line that is indented belongs to the setting above it.
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
export function sectionsOf(source: SourceFile): readonly Section[] {
  const sections: { name: string; settings: Map<string, TextValue> }[] = [];
  let start = 0;
  for (const line of source.text.split('\n')) {
    const equals = line.indexOf('=');
    if (line.startsWith('[')) {
      const end = line.indexOf(']');
      if (end !== -1) sections.push({ name: line.slice(1, end).trim(), settings: new Map() });
    } else if (equals > 0 && /^[A-Za-z]/.test(line)) {
      const written = withoutComment(line.slice(equals + 1));
      const text = written.trim();
      const from = start + equals + 1 + (written.length - written.trimStart().length);
      const place = { source, start: from, end: from + text.length };
      sections
        .at(-1)
        ?.settings.set(line.slice(0, equals).trim().toLowerCase(), { kind: 'text', text, type: 'string', place });
    }
    start += line.length + 1;
  }
  return sections;
}

/** A comment within a line has a space before it. */
function withoutComment(text: string): string {
  for (let at = 1; at < text.length; at++) {
    if ((text[at] === '#' || text[at] === ';') && /\s/.test(text[at - 1] ?? '')) return text.slice(0, at);
  }
  return text;
}
