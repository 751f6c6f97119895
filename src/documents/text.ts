import { parseJson } from '../source/json.ts';
import type { SourceFile } from '../source/source.ts';
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
  if (parsed.documents.length > 0 || named === 'JSON') return parsed;
  return parseYaml(file);
}
