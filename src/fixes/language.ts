import type { Finding } from '../rules/apply.ts';
import type { Place, SourceFile } from '../source/source.ts';
import { hclValue, heredocs, isHcl, isTerraformJson } from './hcl.ts';
import { spelled } from './spell.ts';
import { flowScalar, isJson, yamlScalar } from './text-style.ts';

type Language = 'yaml' | 'json' | 'hcl';

/** What a place of a file is written in: a heredoc and a text that holds a policy are JSON within another language. */
export function languageAt({ source, start }: Place): Language {
  const { file } = source;
  if (isHcl(file)) return heredocAt(file, source.toFile(start)) ? 'json' : 'hcl';
  return source !== file || isJson(file) ? 'json' : 'yaml';
}

/** A principal or role as a list within brackets holds it at this place; undefined where it can only be computed. */
export function listed(wanted: string, place: Place, finding: Finding, neighbour?: string): string | undefined {
  const { file } = place.source;
  const language = languageAt(place);
  if (isHcl(file) || isTerraformJson(file)) {
    const value = hclValue(wanted, place, finding);
    const refers = value !== undefined && !value.startsWith('"');
    const text = refers && language === 'json' ? `"\${${value}}"` : value;
    return text === undefined || language !== 'json' ? text : escapedAt(place, text);
  }
  if (place.source !== file)
    // Within a text a role is named by its ARN, which a Sub may not be there to compute.
    return wanted.includes('${') ? undefined : escapedAt(place, JSON.stringify(wanted));
  const value = spelled(wanted, place, finding);
  return value === undefined ? undefined : flowScalar(value, file, neighbour);
}

/** The same in a block of YAML. */
export function inBlock(wanted: string, place: Place, finding: Finding, neighbour?: string): string | undefined {
  const value = spelled(wanted, place, finding);
  return value === undefined ? undefined : yamlScalar(value, neighbour);
}

/** JSON within a quoted text of JSON has its quotes escaped. */
export function escapedAt({ source, start, end }: Place, text: string): string {
  const { file } = source;
  const inner = file.text.slice(source.toFile(start), source.toFile(end));
  const escaped =
    source !== file && (inner.includes('\\"') || file.text.slice(source.toFile(start) - 2).startsWith('\\"'));
  return escaped ? JSON.stringify(text).slice(1, -1) : text;
}

function heredocAt(file: SourceFile, offset: number): boolean {
  return heredocs(file).some(({ start, end }) => offset >= start && offset < end);
}
