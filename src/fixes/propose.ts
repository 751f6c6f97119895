import type { Item } from '../iam/item.ts';
import { difference, type NearMiss } from '../iam/near-miss.ts';
import type { Finding } from '../rules/apply.ts';
import { addClaim } from './add-claim.ts';
import { addGrant } from './add-grant.ts';
import { addPrincipalType } from './add-principal.ts';
import type { Fix } from './fix.ts';
import { grantToken } from './grant-token.ts';
import { addItem } from './list-item.ts';
import { mendCondition } from './mend-condition.ts';
import { mendPolicy } from './mend-policy.ts';
import { referTo } from './refer-to.ts';
import { replaceText } from './replace-text.ts';

/** Edits that may mend a finding, the smallest first; the run tries each and keeps the first that does. */
export function proposeFixes(finding: Finding): readonly Omit<Fix, 'verified'>[] {
  return proposals(finding).filter(({ edits }) => edits.every(({ path }) => !isDump(finding, path)));
}

/** What a dump shows is deployed, and not mended in the dump's file. */
function isDump({ subject }: Finding, path: string): boolean {
  const ends = [subject?.assumption.principal, subject?.assumption.role];
  return ends.some((one) => one?.declaration.standing === 'dump' && one.declaration.place.source.path === path);
}

function proposals(finding: Finding): readonly Omit<Fix, 'verified'>[] {
  const proposals: Omit<Fix, 'verified'>[] = [];
  if (finding.place.source.derived === true) return proposals;
  const miss = finding.subject?.explanation().blockedBy?.miss;
  if (finding.replacement !== undefined) {
    const reference = referTo(finding);
    const edit = replaceText(finding.place, finding.replacement);
    if (reference !== undefined) proposals.push(reference);
    else if (edit !== undefined) proposals.push({ description: `write ${finding.replacement}`, edits: [edit] });
  }
  const mended = mendPolicy(finding);
  if (mended !== undefined) proposals.push(mended);
  const token = grantToken(finding);
  if (token !== undefined) proposals.push(token);
  const granted = addGrant(finding);
  if (miss === undefined || miss.place.source.derived === true)
    return granted === undefined ? proposals : [...proposals, granted];
  // An expectation fails at another place than its cause: the cause is what is mended.
  const anotherService = finding.rule === 'service-not-trusted';
  if (finding.replacement === undefined && !anotherService && isSlip(miss) && miss.wanted !== undefined) {
    const edit = replaceText(miss.place, miss.wanted);
    if (edit !== undefined) proposals.push({ description: `write ${miss.wanted}`, edits: [edit] });
  }
  const [only] = miss.statement.actions.items;
  if (
    finding.rule === 'wrong-assume-action' &&
    only !== undefined &&
    miss.wanted !== undefined &&
    miss.statement.actions.items.length === 1
  ) {
    const edit = replaceText(only.place, miss.wanted);
    if (edit !== undefined) proposals.push({ description: `write ${miss.wanted}`, edits: [edit] });
  }
  const typed = miss.wanted === undefined ? undefined : addPrincipalType(miss, typeOf(miss.wanted), finding);
  const claims = [...mendCondition(finding), ...addClaim(miss, finding)];
  return [...proposals, ...claims, addToList(miss, finding), typed, granted].filter((one) => one !== undefined);
}

/** Text that differs by a slip is replaced; other text means something of its own. */
function isSlip({ written, wanted }: NearMiss): boolean {
  return written !== undefined && wanted !== undefined && difference(written, wanted) !== undefined;
}

/** The missing principal or role beside those that a statement lists already, where nothing else of it fails. */
function addToList(miss: NearMiss, finding: Finding): Omit<Fix, 'verified'> | undefined {
  if (miss.wanted === undefined) return undefined;
  const { statement, wanted } = miss;
  const items = listOf(miss, wanted);
  const edit = statement.resources?.negated === true ? undefined : addItem(items, wanted, finding);
  return edit === undefined ? undefined : { description: `add ${wanted}`, edits: [edit] };
}

/** The list in which the missing text belongs. */
function listOf({ element, statement }: NearMiss, wanted: string): readonly Item[] {
  switch (element) {
    case 'resource':
      return statement.resources?.items ?? [];
    case 'principal':
      return statement.principals?.items.filter(({ type }) => type === typeOf(wanted)) ?? [];
    case 'action':
      return statement.actions.negated ? [] : statement.actions.items;
    default:
      return [];
  }
}

function typeOf(wanted: string): string {
  if (/:(oidc|saml)-provider\//.test(wanted)) return 'Federated';
  return wanted.startsWith('arn:') || /^\d{12}$/.test(wanted) ? 'AWS' : 'Service';
}
