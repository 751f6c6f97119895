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
    const header = /^\[\s*([^\]]*?)\s*\]/.exec(line);
    const setting = /^([A-Za-z]\w*)(\s*=\s*)(.*?)\s*$/.exec(line);
    if (header !== null) sections.push({ name: header[1] ?? '', settings: new Map() });
    else if (setting !== null) {
      const [, name = '', between = '', written = ''] = setting;
      // A comment within a line has a space before it.
      const text = written.replace(/\s+[#;].*$/, '');
      const from = start + name.length + between.length;
      const place = { source, start: from, end: from + text.length };
      sections.at(-1)?.settings.set(name.toLowerCase(), { kind: 'text', text, type: 'string', place });
    }
    start += line.length + 1;
  }
  return sections;
}
