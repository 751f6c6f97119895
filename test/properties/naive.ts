import type { Requirement } from '../../src/iam/requirements.ts';

/** Whether a text matches a pattern of `*` and `?`, in the plainest way. */
export function naiveGlob(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] === '*')
    return naiveGlob(pattern.slice(1), text) || (text !== '' && naiveGlob(pattern, text.slice(1)));
  return text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && naiveGlob(pattern.slice(1), text.slice(1));
}

/** Whether a key's values (`undefined`: it is not in the call) meet a requirement, in the plainest way. */
export function naiveHolds({ operator, values }: Requirement, given: string | readonly string[] | undefined): boolean {
  const [, set, base = '', ifExists] = /^(ForAllValues:|ForAnyValue:)?(.*?)(IfExists)?$/.exec(operator) ?? [];
  if (base === 'Null') return values.includes(given === undefined ? 'true' : 'false');
  const negated = base.includes('Not');
  if (given === undefined) return ifExists !== undefined || set === 'ForAllValues:' || (negated && set === undefined);
  const all = typeof given === 'string' ? [given] : given;
  const holds = (one: string): boolean =>
    values.some((value) => naiveMatch(base.replace('Not', ''), value, one)) !== negated;
  const every = set === 'ForAllValues:' || (set === undefined && negated);
  return every ? all.every(holds) : all.some(holds);
}

function naiveMatch(base: string, wanted: string, given: string): boolean {
  switch (base) {
    case 'StringLike':
    case 'ArnLike':
      return naiveGlob(wanted, given);
    case 'StringEqualsIgnoreCase':
      return wanted.toLowerCase() === given.toLowerCase();
    case 'IpAddress':
      return wanted.split('.').slice(0, 3).join() === given.split('.').slice(0, 3).join();
    default:
      return wanted === given;
  }
}
