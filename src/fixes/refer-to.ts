import type { Finding } from '../rules/apply.ts';
import { textAt } from '../source/source.ts';
import { show } from '../symbolic/text.ts';
import { replaceRange } from './edit-text.ts';
import type { Fix } from './fix.ts';
import { addressOf, isHcl, isInHeredoc } from './hcl.ts';
import { inFile, withQuotes } from './text-style.ts';

/** In HCL, the reference to the resource that was meant, where it stands in the same module. */
export function referTo({ rule, place, related, replacement, subject }: Finding): Omit<Fix, 'verified'> | undefined {
  const { file, start, end } = inFile(place);
  if (!isHcl(file) || replacement?.startsWith('arn:') !== true) return undefined;
  const ends = [subject?.assumption.principal, subject?.assumption.role].flatMap((one) => one?.declaration ?? []);
  // What a denial is related to are its declarations; of a name that is not there, the one that was meant.
  const meant = ends.filter(({ arn }) => show(arn) === replacement).map((one) => one.place);
  const places = rule.endsWith('-not-found') ? related.map((one) => one.place) : meant;
  const address = places.map((one) => addressOf(one, file)).find((one) => one !== undefined);
  if (address === undefined || /[\n\r]/.test(textAt(place))) return undefined;
  const quoted = withQuotes(file, start, end);
  if (quoted.start === start) return undefined;
  const edit =
    place.source !== file || isInHeredoc(file, start)
      ? replaceRange(file, start, end, `\${${address}.arn}`)
      : replaceRange(file, quoted.start, quoted.end, `${address}.arn`);
  return { description: `write ${address}.arn`, edits: [edit] };
}
