import type { Place, SourceFile } from '../source/source.ts';

/** A range of a file's own text. */
export interface Range {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

export function inFile({ source, start, end }: Place): Range {
  return { file: source.file, start: source.toFile(start), end: source.toFile(end) };
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

export function yamlScalar(text: string): string {
  const own = resourceNamed(text);
  if (own !== undefined) return `!GetAtt ${own}.Arn`;
  if (text.includes('${')) return `!Sub ${text}`;
  return /^\d+$/.test(text) ? `"${text}"` : text;
}

export function flowScalar(text: string, file: SourceFile): string {
  const own = resourceNamed(text);
  const sub = text.includes('${');
  if (!isJson(file)) return own !== undefined ? `!GetAtt ${own}.Arn` : `${sub ? '!Sub ' : ''}${JSON.stringify(text)}`;
  if (own !== undefined) return `{"Fn::GetAtt": ["${own}", "Arn"]}`;
  return sub ? `{"Fn::Sub": ${JSON.stringify(text)}}` : JSON.stringify(text);
}

/** The logical id of a role or user whose generated name ends an ARN: the template refers to it rather than to its name. */
function resourceNamed(arn: string): string | undefined {
  return /:(?:role|user)\/(?:[^$]*\/)?\$\{([A-Za-z0-9]+)\}$/.exec(arn)?.[1];
}
