import type { Unknown } from './text.ts';

/** One step of a text or a pattern: a UTF-16 unit, `*`, `?`, or an unknown. */
export type Atom = number | typeof ANY | typeof ONE | Unknown;
export const ANY = Symbol('any run of characters');
export const ONE = Symbol('one character');

/** One character of some set, or (`run`) any number of them. */
interface Step {
  readonly run: boolean;
  readonly accepts: (code: number) => boolean;
  /** Set for a character that is known. */
  readonly code: number | undefined;
}

const ACCOUNT_ID_LENGTH = 12;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isAnything = (): boolean => true;
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names */
const inNames = (code: number): boolean => /[\w+=,.@-]/.test(String.fromCharCode(code));
const inRegions = (code: number): boolean => /[a-z0-9-]/.test(String.fromCharCode(code));

/**
 * Unknowns as any text of their sort, on both sides: is there a text that both could be? What fails here fails for every value
 * of the unknowns. Length times length steps for what lies between the letters that both begin and end with.
 */
export function couldMatch(wanted: readonly Atom[], given: readonly Atom[]): boolean {
  if (isAnyText(wanted) || isAnyText(given)) return true;
  const shorter = Math.min(wanted.length, given.length);
  let start = 0;
  while (start < shorter && areLetters(wanted[start], given[start])) {
    if (wanted[start] !== given[start]) return false;
    start += 1;
  }
  let end = 0;
  while (end < shorter - start && areLetters(wanted.at(-1 - end), given.at(-1 - end))) {
    if (wanted.at(-1 - end) !== given.at(-1 - end)) return false;
    end += 1;
  }
  const [wants, haves] = [wanted.slice(start, wanted.length - end), given.slice(start, given.length - end)];
  return isAnyText(wants) || isAnyText(haves) || couldMeet(wants, haves);
}

function isAnyText(atoms: readonly Atom[]): boolean {
  const [only] = atoms;
  return atoms.length === 1 && (only === ANY || (typeof only === 'object' && only.kind === 'open'));
}

function areLetters(one: Atom | undefined, other: Atom | undefined): boolean {
  return typeof one === 'number' && typeof other === 'number';
}

/** Which of the ends of what is given can be reached with what is wanted, one step after the other. */
function couldMeet(wanted: readonly Atom[], given: readonly Atom[]): boolean {
  const wants = wanted.flatMap(stepsOf);
  const haves = given.flatMap(stepsOf);
  let row = new Uint8Array(haves.length + 1);
  row[0] = 1;
  for (let j = 0; j < haves.length && haves[j]?.run === true; j++) row[j + 1] = 1;
  for (const want of wants) {
    const next = new Uint8Array(haves.length + 1);
    if (want.run) next[0] = row[0] ?? 0;
    let reached = next[0] === 1;
    let j = 0;
    for (const have of haves) {
      const stay = row[j + 1] ?? 0;
      const skip = next[j] ?? 0;
      // A run on either side may be empty, or swallow what it accepts of the other side.
      const way = want.run
        ? stay | (have.run || (skip === 1 && meet(want, have)) ? skip : 0)
        : have.run
          ? skip | (stay === 1 && meet(want, have) ? 1 : 0)
          : row[j] === 1 && meet(want, have)
            ? 1
            : 0;
      j += 1;
      next[j] = way;
      if (way === 1) reached = true;
    }
    if (!reached) return false;
    row = next;
  }
  return row[haves.length] === 1;
}

function stepsOf(atom: Atom): readonly Step[] {
  if (typeof atom === 'number') return [{ run: false, accepts: (code) => code === atom, code: atom }];
  if (atom === ANY) return [{ run: true, accepts: isAnything, code: undefined }];
  if (atom === ONE) return [{ run: false, accepts: isAnything, code: undefined }];
  switch (atom.kind) {
    case 'account-id':
      return Array.from({ length: ACCOUNT_ID_LENGTH }, () => ({ run: false, accepts: isDigit, code: undefined }));
    case 'generated-name':
      return [{ run: true, accepts: inNames, code: undefined }];
    case 'region':
      return [{ run: true, accepts: inRegions, code: undefined }];
    case 'open':
      return [{ run: true, accepts: isAnything, code: undefined }];
  }
}

/** Two sets of characters that are not known one by one are taken to meet, unless one is the digits and the other has none. */
function meet(left: Step, right: Step): boolean {
  if (left.code !== undefined) return right.accepts(left.code);
  if (right.code !== undefined) return left.accepts(right.code);
  return true;
}
