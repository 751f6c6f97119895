import { partsOf, type Text } from '../symbolic/text.ts';
import { branchesOf, type Value } from '../symbolic/value.ts';
import type { PolicyUse } from './parse-policy.ts';

/** Every account has the first; the second is the most that AWS grants. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const TRUST = { everywhere: 2048, atMost: 8192 };
/** A role's inline policies together, which is more than any other identity policy may have. */
const INLINE_OF_A_ROLE = 10_240;

/** Over its limit; `perhaps`: where nobody had the limit raised. */
export interface SizeFault {
  readonly message: string;
  readonly perhaps?: boolean;
}

/** A policy over its limit: white space does not count, nor does what is not known. */
export function sizeFault(document: Value, use: PolicyUse): SizeFault | undefined {
  const size = leastSize(document);
  if (use === 'trust' && size > TRUST.atMost)
    return { message: `it has at least ${size} characters, and a trust policy at most ${TRUST.atMost}` };
  if (use === 'trust' && size > TRUST.everywhere)
    return {
      message: `it has at least ${size} characters, and a trust policy ${TRUST.everywhere} where nobody had the quota raised`,
      perhaps: true,
    };
  if (use !== 'trust' && size > INLINE_OF_A_ROLE)
    return {
      message: `it has at least ${size} characters, and no identity policy may have more than ${INLINE_OF_A_ROLE}`,
    };
  return undefined;
}

/** The characters of the shortest JSON that a value can become. */
function leastSize(value: Value): number {
  switch (value.kind) {
    case 'text':
      return lengthOf(value.text) + (value.type === 'string' ? 2 : 0);
    case 'list':
      return value.items.reduce((sum, item) => sum + leastSize(item) + 1, 1);
    case 'map':
      return value.members.reduce((sum, { key, value: one }) => sum + lengthOf(key) + leastSize(one) + 4, 1);
    case 'unknown':
      return 0;
    case 'choice': {
      const branches = branchesOf(value);
      const whole = value.whenTrue !== undefined && value.whenFalse !== undefined;
      return whole ? Math.min(...branches.map((branch) => leastSize(branch.value))) : 0;
    }
  }
}

function lengthOf(text: Text): number {
  return partsOf(text).reduce((sum, part) => sum + (typeof part === 'string' ? part.replace(/\s/g, '').length : 0), 0);
}
