import type { Place, SourceFile } from '../source/source.ts';

/** How a template writes an ARN: as an attribute of its own resource, or as a text, in which a Sub may stand. */
export type Spelled =
  | { readonly kind: 'attribute'; readonly of: string }
  | { readonly kind: 'text'; readonly text: string };

/** A range of a file's own text. */
export interface Range {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

export function inFile({ source, start, end }: Place): Range {
  const { file } = source;
  const from = source.toFile(start);
  let to = source.toFile(end);
  // In a folded text the next letter may stand in another line.
  if (source !== file && !/\s$/.test(source.text.slice(start, end)))
    while (to > from && /\s/.test(file.text.charAt(to - 1))) to -= 1;
  return { file, start: from, end: to };
}

export function withQuotes(file: SourceFile, start: number, end: number): Range {
  const quote = file.text[start - 1];
  const quoted = (quote === '"' || quote === "'") && file.text[end] === quote;
  return quoted ? { file, start: start - 1, end: end + 1 } : { file, start, end };
}

/** Flow style within brackets and quotes is JSON, or YAML that reads as JSON. */
export function isYaml(file: SourceFile, start: number): boolean {
  return !isJson(file) && file.text[start] !== '{';
}

export function isJson(file: SourceFile): boolean {
  return /^\uFEFF?\s*[[{]/.test(file.text);
}

/** In a block of YAML, in the quotes that its neighbour has. */
export function yamlScalar(value: Spelled, neighbour = ''): string {
  if (value.kind === 'attribute') return `!GetAtt ${value.of}.Arn`;
  const { text } = value;
  return `${text.includes('${') ? '!Sub ' : ''}${quoted(text, neighbour, /^[\w/$][\w/:.@+=,${}*-]*$/)}`;
}

/** Within brackets of YAML or of JSON. */
export function flowScalar(value: Spelled, file: SourceFile, neighbour = '"'): string {
  const json = isJson(file);
  if (value.kind === 'attribute') return json ? `{"Fn::GetAtt": ["${value.of}", "Arn"]}` : `!GetAtt ${value.of}.Arn`;
  const { text } = value;
  const sub = text.includes('${');
  if (json) return sub ? `{"Fn::Sub": ${JSON.stringify(text)}}` : JSON.stringify(text);
  // Within brackets old parsers take a colon for the end of a key: it stands without quotes where another does so already.
  const plain = neighbour.includes(':') ? /^[\w/][\w/:.@+=*-]*$/ : /^[\w/][\w/.@+=*-]*$/;
  return `${sub ? '!Sub ' : ''}${quoted(text, neighbour, plain)}`;
}

function quoted(text: string, neighbour: string, plain: RegExp): string {
  if (neighbour.startsWith("'") && !text.includes("'")) return `'${text}'`;
  if (neighbour.startsWith('"') || !plain.test(text) || /^\d+$/.test(text)) return JSON.stringify(text);
  return text;
}
