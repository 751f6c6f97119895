import type { Entity } from '../inventory/inventory.ts';
import type { Finding } from '../rules/apply.ts';
import { replaceRange } from './edit-text.ts';
import type { Edit } from './fix.ts';
import { escapedAt, languageAt, listed } from './language.ts';
import { inFile } from './text-style.ts';

/** A statement more in a JSON policy that is the role's or user's alone. */
export function addStatement(
  { declaration }: Entity,
  actions: readonly string[],
  arn: string,
  finding: Finding,
): Edit | undefined {
  const last = declaration.inline.findLast(({ place }) => languageAt(place) === 'json')?.statements.at(-1);
  if (last === undefined || last.place.source.derived === true) return undefined;
  const { file, start, end } = inFile(last.place);
  const resource = listed(arn, last.place, finding);
  if (resource === undefined || file.text[start] !== '{' || file.text[end - 1] !== '}') return undefined;
  const action = JSON.stringify(actions.length === 1 ? actions[0] : actions).replaceAll(',', ', ');
  const head = escapedAt(last.place, `"Effect": "Allow", "Action": ${action}, "Resource": `);
  const statement = `{${head}${resource}}`;
  if (!/^\s*[\],]/.test(file.text.slice(end, end + 200)))
    return replaceRange(file, start, end, `[${file.text.slice(start, end)}, ${statement}]`);
  const before = file.text.slice(file.lineStart(file.position(start).line), start);
  const alone = before.trim() === '' && /^\s*(\n|\])/.test(file.text.slice(end, end + 200));
  return replaceRange(file, end, end, `,${alone ? `\n${before}` : ' '}${statement}`);
}
