import type { Place } from '../source/source.ts';
import { type SourceFile, textAt } from '../source/source.ts';
import { replaceRange } from './edit-text.ts';
import type { Edit } from './fix.ts';
import { isHcl } from './hcl.ts';
import { inFile, isYaml, withQuotes } from './text-style.ts';

/** One scalar's text, its quotes kept. Only text that stands in the file as it reads is replaced. */
export function replaceText(place: Place, text: string): Edit | undefined {
  const { file, start, end } = inFile(place);
  if (/[\n\r]/.test(textAt(place)) || file.text.slice(start, end) !== textAt(place) || /["'\\]/.test(text))
    return undefined;
  if (!text.includes('${') || isSubstituted(file, start)) return replaceRange(file, start, end, text);
  const quoted = withQuotes(file, start, end);
  const quote = quoted.start < start ? file.text.charAt(quoted.start) : '';
  return isYaml(file, start) && !isHcl(file)
    ? replaceRange(file, quoted.start, quoted.end, `!Sub ${quote}${text}${quote}`)
    : undefined;
}

function isSubstituted(file: SourceFile, start: number): boolean {
  return /(!Sub\s+|"Fn::Sub"\s*:\s*|Fn::Sub:\s*)["']?$/.test(file.text.slice(Math.max(0, start - 30), start));
}
