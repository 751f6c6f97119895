/** A path below the repository's root without `.` and `..`; undefined where it leads out of it. */
export function normalPath(path: string): string | undefined {
  const kept: string[] = [];
  for (const step of path.split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') kept.push(step);
    else if (kept.pop() === undefined) return undefined;
  }
  return kept.join('/');
}
