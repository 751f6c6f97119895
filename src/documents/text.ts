import { parseJson } from '../source/json.ts';
import type { Source, SourceFile } from '../source/source.ts';
import type { ParsedText } from '../source/tree.ts';
import { parseYaml } from '../source/yaml.ts';

const PARSED = new WeakMap<SourceFile, ParsedText>();

/** A file's documents, by what it holds rather than by its name; parsed once for each file. */
export function parseText(file: SourceFile): ParsedText {
  let parsed = PARSED.get(file);
  if (parsed === undefined) {
    parsed = parse(file);
    PARSED.set(file, parsed);
  }
  return parsed;
}

function parse(file: SourceFile): ParsedText {
  const named = /\.json$/i.test(file.path) ? 'JSON' : 'YAML';
  const looksJson = /^\uFEFF?\s*[[{]/.test(file.text.slice(0, 4096));
  if (!looksJson) {
    const parsed = parseYaml(file);
    if (named === 'YAML' || parsed.documents.every((tree) => tree.kind === 'scalar'))
      return named === 'YAML' ? parsed : parseJson(file);
    const place = { source: file, start: 0, end: 0 };
    return {
      ...parsed,
      problems: [
        { message: 'the name says JSON, but it holds YAML: read as YAML', level: 'warning', place },
        ...parsed.problems,
      ],
    };
  }
  const parsed = parseJson(file);
  if (parsed.documents.length > 0) return parsed;
  return valuesInTurn(file) ?? (named === 'JSON' ? parsed : parseYaml(file));
}

/** Several values one after the other, as pages that are appended to one file, or one in each line. */
function valuesInTurn(file: SourceFile): ParsedText | undefined {
  const sources = topLevelValues(file.text).map(
    ({ start, end }): Source => ({
      path: file.path,
      text: file.text.slice(start, end),
      toFile: (offset) => offset + start,
      file,
    }),
  );
  if (sources.length < 2) return undefined;
  const parsed = sources.map((source) => parseJson(source));
  if (parsed.some(({ documents }) => documents.length === 0)) return undefined;
  return {
    documents: parsed.flatMap(({ documents }) => documents),
    problems: parsed.flatMap(({ problems }) => problems),
  };
}

/** Objects and lists with nothing but blanks around them; none where something else stands there. */
function topLevelValues(text: string): readonly { readonly start: number; readonly end: number }[] {
  const values: { readonly start: number; readonly end: number }[] = [];
  let [depth, start, quoted] = [0, 0, false];
  for (let i = text.startsWith('\uFEFF') ? 1 : 0; i < text.length; i++) {
    const letter = text[i] ?? '';
    if (quoted) {
      if (letter === '\\') i += 1;
      else if (letter === '"') quoted = false;
    } else if (letter === '{' || letter === '[') {
      if (depth === 0) start = i;
      depth += 1;
    } else if (depth === 0) {
      if (!/\s/.test(letter)) return [];
    } else if (letter === '"') quoted = true;
    else if (letter === '}' || letter === ']') {
      depth -= 1;
      if (depth === 0) values.push({ start, end: i + 1 });
    }
  }
  return depth === 0 ? values : [];
}
