import type { Location } from '../source/source.ts';
import { codeLink, codeSpan, inAddress } from './printable.ts';

/** A place as Markdown: its path and line, and where it can be looked at, the way to it. */
export type Linked = (location: Location) => string;

/** `blob` is the address of a commit's files, `https://github.com/o/r/blob/SHA/`. */
export function linksTo(blob: string | undefined): Linked {
  return ({ path, startLine }) =>
    codeLink(`${path}:${startLine}`, blob === undefined ? undefined : `${blob}${inAddress(path)}#L${startLine}`);
}

/** Without lines and commits: a text that stays the same when lines shift. */
export const pathsOnly: Linked = ({ path }) => codeSpan(path);

/** The page that explains a rule. */
export function rulePage(rule: string): string {
  return `https://github.com/assume-role-check/assume-role-check/blob/main/docs/rules/${inAddress(rule)}.md`;
}

export function ruleLink(rule: string): string {
  return codeLink(rule, rulePage(rule));
}
