import { concat, isKnown, keyOf, partsOf, show, type Text, type Unknown } from '../../symbolic/text.ts';
import type { Scope } from './scope.ts';

/** A private-use character stands for each unknown while references are looked for. */
const FIRST_MARK = 0xe000;

/**
 * `{{resolve:ssm:/path:version}}` and its like, which the deployment reads: from `imports`, where the configuration gives them.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 */
export function withDynamicReferences(text: Text, scope: Scope): Text {
  if (!partsOf(text).some((part) => typeof part === 'string' && part.includes('{{resolve:'))) return text;
  const unknowns: Unknown[] = [];
  const marked = partsOf(text).map((part) => {
    if (typeof part === 'string') return part;
    unknowns.push(part);
    return String.fromCharCode(FIRST_MARK + unknowns.length - 1);
  });
  const unmarked = (piece: string): Text =>
    concat(...piece.split(/([\uE000-\uF8FF])/).map((one) => unknowns[one.charCodeAt(0) - FIRST_MARK] ?? one));
  const pieces = marked.join('').split(/(\{\{resolve:[^}]*\}\})/);
  return concat(
    ...pieces.map((piece) => (piece.startsWith('{{resolve:') ? referenced(unmarked(piece), scope) : unmarked(piece))),
  );
}

function referenced(reference: Text, scope: Scope): Text | Unknown {
  const [, name] = isKnown(reference) ? (/^\{\{resolve:ssm(?:-secure)?:([^:}]+)/.exec(reference) ?? []) : [];
  const { outside, deployment } = scope.template;
  const given = name === undefined ? undefined : (outside.imports.get(name) ?? deployment.parameters.get(name));
  if (typeof given === 'string') return given;
  const shown = show(reference);
  return scope.named(
    `resolve:${keyOf(reference)}`,
    shown,
    `the value of ${shown}, which only the deployment reads (imports in the configuration)`,
  );
}
