import type { Document } from '../support/questions.ts';
import {
  APP,
  allowed,
  bars,
  denied,
  disputed,
  type Fact,
  given,
  grants,
  lets,
  may,
  type Piece,
  ROOT,
  TARGET,
  trusts,
} from './language.ts';

type Given = Parameters<typeof given>[0];

/** A condition that holds in a context, wherever it stands: it lets an Allow grant and a Deny deny. */
export function holds(
  what: string,
  source: string,
  condition: Document,
  context: Given,
  ...more: readonly Piece[]
): Fact {
  const { inTrust, inGrant, inDeny } = placesOf(condition, context, more);
  const cases = [
    ...allowed(what, source, ...inTrust).cases,
    ...allowed(what, source, ...inGrant).cases,
    ...denied('trust', what, source, ...inDeny).cases,
  ];
  return { what, source, cases };
}

/** A condition that does not hold in a context. */
export function fails(
  what: string,
  source: string,
  condition: Document,
  context: Given,
  ...more: readonly Piece[]
): Fact {
  const { inTrust, inGrant, inDeny } = placesOf(condition, context, more);
  const cases = [
    ...denied('trust', what, source, ...inTrust).cases,
    ...denied('identity', what, source, ...inGrant).cases,
    ...allowed(what, source, ...inDeny).cases,
  ];
  return { what, source, cases };
}

/** A condition of which AWS's pages do not say whether it holds. */
export function unclear(
  what: string,
  source: string,
  condition: Document,
  context: Given,
  ...more: readonly Piece[]
): Fact {
  const { inTrust, inGrant, inDeny } = placesOf(condition, context, more);
  return {
    what,
    source,
    cases: [inTrust, inGrant, inDeny].flatMap((pieces) => disputed(what, source, ...pieces).cases),
  };
}

/** The action is `sts:*`, so that a context with tags or a source identity needs nothing besides. */
function placesOf(condition: Document, context: Given, more: readonly Piece[]) {
  const usual = [given(context), ...more];
  return {
    inTrust: [...usual, trusts(lets(APP, 'sts:*', condition))],
    inGrant: [...usual, trusts(lets(ROOT, 'sts:*')), grants(may('sts:*', TARGET, condition))],
    inDeny: [...usual, trusts(lets(APP, 'sts:*'), bars(APP, 'sts:*', condition))],
  };
}
