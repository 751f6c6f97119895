import type { Rule } from './finding.ts';
import { isCaseSlip, tokenDenials } from './token-denials.ts';

export const serviceAccountNotTrusted: Rule = {
  id: 'service-account-not-trusted',
  title: 'a Kubernetes service account cannot meet the role’s trust policy',
  severity: 'error',
  check: (world) => tokenDenials('service-account-not-trusted', 'service-account', world, adviceOn),
};

/** https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html */
function adviceOn(subject: string, written: readonly string[]): string | undefined {
  if (!subject.startsWith('system:serviceaccount:')) return undefined;
  if (written.some((one) => isCaseSlip(one, subject))) return 'they differ by upper and lower case';
  if (written.some((one) => /^system:serviceaccount:[^:*]+$/.test(one)))
    return 'a subject has a namespace, too: system:serviceaccount:NAMESPACE:NAME';
  if (written.some((one) => !one.startsWith('system:') && subject.endsWith(one)))
    return 'a subject starts with system:serviceaccount:';
  if (written.some((one) => one.includes('*') && subject.startsWith(one.slice(0, one.indexOf('*')))))
    return 'StringEquals takes * as a letter';
  return undefined;
}
