import type { Finding } from '../rules/apply.ts';
import { textAt } from '../source/source.ts';
import { replaceRange } from './edit-text.ts';
import type { Fix } from './fix.ts';
import { addressOf, isHcl, isInHeredoc } from './hcl.ts';
import { inFile, withQuotes } from './text-style.ts';

/** In HCL, the reference to the resource that was meant, where it stands in the same module. */
export function referTo({ place, related, replacement }: Finding): Omit<Fix, 'verified'> | undefined {
  const { file, start, end } = inFile(place);
  if (!isHcl(file) || replacement?.startsWith('arn:') !== true) return undefined;
  const address = related.map((one) => addressOf(one.place, file)).find((one) => one !== undefined);
  if (address === undefined || /[\n\r]/.test(textAt(place))) return undefined;
  const quoted = withQuotes(file, start, end);
  if (quoted.start === start) return undefined;
  const edit =
    place.source !== file || isInHeredoc(file, start)
      ? replaceRange(file, start, end, `\${${address}.arn}`)
      : replaceRange(file, quoted.start, quoted.end, `${address}.arn`);
  return { description: `write ${address}.arn`, edits: [edit] };
}
