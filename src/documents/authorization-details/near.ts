import { distance } from '../../symbolic/distance.ts';

/** Of many names those that are one edit from one of a few: with one letter gone, or none, the two read alike. */
export function oneEditFrom(wanted: ReadonlySet<string>, all: Iterable<string>): readonly string[] {
  const rests = new Set<number>();
  for (const name of wanted) eachRest(name, (rest) => rests.add(rest));
  if (rests.size === 0) return [];
  const found: string[] = [];
  for (const name of all) {
    let near = false;
    eachRest(name, (rest) => {
      near ||= rests.has(rest);
    });
    if (near) found.push(name);
  }
  return found;
}

const LONGEST = 600;

/** Hashes of a text and of what it leaves with one letter gone; two that meet by chance cost a look-up and no more. */
function eachRest(text: string, take: (hash: number) => void): void {
  if (text.length > LONGEST) {
    take(hashOf(text));
    return;
  }
  // Of what stands before each letter, and of what stands behind it.
  let power = 1;
  let behind = 0;
  const after: number[] = new Array(text.length + 1);
  const powers: number[] = new Array(text.length + 1);
  for (let at = text.length; at >= 0; at--) {
    after[at] = behind;
    powers[at] = power;
    behind = (behind + Math.imul(text.charCodeAt(at - 1), power)) | 0;
    power = Math.imul(power, BASE);
  }
  let before = 0;
  for (let at = 0; at < text.length; at++) {
    take((Math.imul(before, powers[at + 1] ?? 1) + (after[at + 1] ?? 0)) | 0);
    before = (Math.imul(before, BASE) + text.charCodeAt(at)) | 0;
  }
  take(before);
}

const BASE = 1_000_003;

function hashOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, BASE) + text.charCodeAt(at)) | 0;
  return hash;
}

/** Of many names those that are at most so many edits from one of a few. */
export function editsFrom(wanted: ReadonlySet<string>, all: Iterable<string>, limit: number): readonly string[] {
  const few = [...wanted].map((name) => ({ name, letters: lettersIn(name) }));
  const found: string[] = [];
  for (const other of few.length === 0 ? [] : all) {
    const letters = lettersIn(other);
    const near = few.some(
      (one) =>
        Math.abs(one.name.length - other.length) <= limit &&
        bits(one.letters ^ letters) <= 2 * limit &&
        distance(one.name, other, limit) <= limit,
    );
    if (near) found.push(other);
  }
  return found;
}

/** Which letters stand in it an odd number of times, in 32 classes: an edit changes two at most. */
function lettersIn(text: string): number {
  let letters = 0;
  for (let at = 0; at < text.length; at++) letters ^= 1 << (text.charCodeAt(at) & 31);
  return letters;
}

function bits(number: number): number {
  let count = 0;
  for (let rest = number; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
