/** Edits (insert, delete, replace, swap of neighbours) between two texts, or `limit + 1` where there are more. */
export function distance(one: string, other: string, limit: number): number {
  if (one === other) return 0;
  if (Math.abs(one.length - other.length) > limit) return limit + 1;
  // What both share at their ends costs nothing, and most ARNs share most of it.
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  let end = 0;
  const room = Math.min(one.length, other.length) - start;
  while (end < room && one[one.length - 1 - end] === other[other.length - 1 - end]) end += 1;
  return edits(one.slice(start, one.length - end), other.slice(start, other.length - end), limit);
}

function edits(left: string, right: string, limit: number): number {
  if (left.length === 0 || right.length === 0) return Math.min(left.length + right.length, limit + 1);
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1];
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      next.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    before = row;
    row = next;
  }
  return row[right.length] ?? 0;
}

/** The candidate that a misspelt text most likely means: at most a fifth of its letters away, and clearly the closest. */
export function closest(
  text: string,
  candidates: Iterable<string>,
  mostEdits = Math.max(2, Math.floor(text.length / 5)),
): string | undefined {
  let best: string | undefined;
  let least = mostEdits + 1;
  for (const candidate of candidates) {
    const edits = distance(text.toLowerCase(), candidate.toLowerCase(), mostEdits);
    if (edits < least) {
      least = edits;
      best = candidate;
    }
  }
  return best;
}
