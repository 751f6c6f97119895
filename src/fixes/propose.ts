import { ASSUME_ACTIONS, isAssumeAction } from '../iam/actions.ts';
import { namedInTrust } from '../iam/caller.ts';
import type { Item } from '../iam/item.ts';
import { difference, type NearMiss } from '../iam/near-miss.ts';
import { isKnownService } from '../iam/services.ts';
import type { Finding } from '../rules/apply.ts';
import { distance } from '../symbolic/distance.ts';
import { isKnown, show } from '../symbolic/text.ts';
import { addClaim } from './add-claim.ts';
import { addGrant } from './add-grant.ts';
import { addPrincipalType } from './add-principal.ts';
import { allowInLimit, policiesOf } from './allow-in-limit.ts';
import { attachPolicy } from './attach-policy.ts';
import { exceptFromDeny } from './except-from-deny.ts';
import type { Fix } from './fix.ts';
import { grantToken } from './grant-token.ts';
import { addressOf } from './hcl.ts';
import { addItem } from './list-item.ts';
import { mendCondition } from './mend-condition.ts';
import { mendPolicy } from './mend-policy.ts';
import { addStatement } from './new-statement.ts';
import { referTo } from './refer-to.ts';
import { replaceText } from './replace-text.ts';

type Proposal = Omit<Fix, 'verified'>;

/** Edits that may mend a finding, the smallest first; the run tries each and keeps the first that does. */
export function proposeFixes(finding: Finding): readonly Omit<Fix, 'verified'>[] {
  return proposals(finding)
    .flatMap((one) => [one, ...withoutReference(one, finding)])
    .filter(({ edits }) => edits.every(({ path }) => !isDump(finding, path)));
}

/** In Terraform two resources may not refer to each other: then the other's ARN is written out. */
function withoutReference({ description, edits }: Proposal, { subject }: Finding): readonly Proposal[] {
  const ends = [subject?.assumption.principal, subject?.assumption.role].flatMap((one) => one?.declaration ?? []);
  for (const { arn, place } of ends) {
    const address = addressOf(place, place.source.file);
    const text = show(arn);
    if (address === undefined || text.includes('${')) continue;
    // In a text of JSON it stands in a template, whose quotes may be escaped.
    const template = new RegExp(`(\\\\?")\\$\\{${address}\\.arn\\}\\1`, 'g');
    const bare = new RegExp(`\\b${address}\\.arn\\b`, 'g');
    if (!edits.some(({ newText }) => newText.includes(`${address}.arn`))) continue;
    const written = edits.map((edit) => ({
      ...edit,
      newText: edit.newText.replace(template, `$1${text}$1`).replace(bare, JSON.stringify(text)),
    }));
    return [{ description, edits: written }];
  }
  return [];
}

/** What a dump shows is deployed, and not mended in the dump's file. */
function isDump({ subject }: Finding, path: string): boolean {
  const ends = [subject?.assumption.principal, subject?.assumption.role];
  return ends.some(
    (one) => one !== undefined && one.declaration.standing !== 'document' && one.declaration.place.source.path === path,
  );
}

function proposals(finding: Finding): readonly Omit<Fix, 'verified'>[] {
  const proposals: Omit<Fix, 'verified'>[] = [];
  if (finding.place.source.derived === true) return proposals;
  const miss = finding.subject?.explanation().blockedBy?.miss;
  if (finding.replacement !== undefined && !(miss !== undefined && mayBeMeant(miss))) {
    const reference = referTo(finding);
    const edit = replaceText(finding.place, finding.replacement);
    if (reference !== undefined) proposals.push(reference);
    if (edit !== undefined) proposals.push({ description: `write ${finding.replacement}`, edits: [edit] });
  }
  const mended = mendPolicy(finding);
  if (mended !== undefined) proposals.push(mended);
  const token = grantToken(finding);
  if (token !== undefined) proposals.push(token);
  // Nothing that is added helps a policy that AWS does not take.
  if (isRejected(finding)) return proposals;
  const spared = exceptFromDeny(finding);
  if (spared !== undefined) proposals.push(spared);
  const attached = attachPolicy(finding);
  if (attached !== undefined) proposals.push(attached);
  const granted = addGrant(finding);
  const allowed = allowInLimit(finding);
  if (miss === undefined || miss.place.source.derived === true)
    return [...proposals, ...allowed, granted].filter((one) => one !== undefined);
  // An expectation fails at another place than its cause: the cause is what is mended.
  const anotherService = finding.rule === 'service-not-trusted';
  if (finding.replacement === undefined && !anotherService && isSlip(miss) && miss.wanted !== undefined) {
    const edit = replaceText(miss.place, miss.wanted);
    if (edit !== undefined) proposals.push({ description: `write ${miss.wanted}`, edits: [edit] });
  }
  const service = anotherService ? misspeltService(miss) : undefined;
  if (service !== undefined) proposals.push(service);
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
  const trusted = addTrust(miss, finding);
  return [...proposals, ...claims, addToList(miss, finding), typed, ...allowed, granted, trusted].filter(
    (one) => one !== undefined,
  );
}

/** A name that no service is known by, next to the one that calls. Of two real ones neither replaces the other. */
function misspeltService({ statement, wanted }: NearMiss): Proposal | undefined {
  if (wanted === undefined || !isKnownService(wanted)) return undefined;
  const written = statement.principals?.items.find(
    ({ type, text }) => type === 'Service' && isKnown(text) && !isKnownService(text) && distance(text, wanted, 2) <= 2,
  );
  const edit = written === undefined ? undefined : replaceText(written.place, wanted);
  return edit === undefined ? undefined : { description: `write ${wanted}`, edits: [edit] };
}

function isRejected({ subject }: Finding): boolean {
  const layer = subject?.explanation().blockedBy?.layer;
  if (subject === undefined || layer === undefined) return false;
  const { caller, role } = subject.assumption.question;
  const policies = layer === 'trust' ? (role.trust === undefined ? [] : [role.trust]) : policiesOf(caller, layer);
  return policies.some(({ statements }) => statements.some(({ rejected }) => rejected !== undefined));
}

/** Text that differs by a slip is replaced; other text means something of its own. */
function isSlip(miss: NearMiss): boolean {
  const { written, wanted } = miss;
  if (written === undefined || wanted === undefined || mayBeMeant(miss)) return false;
  return difference(written, wanted) !== undefined;
}

/** A pattern, or a name in a list that is some letters off, may be another one's. */
function mayBeMeant({ element, statement, written, wanted }: NearMiss): boolean {
  const list =
    element === 'principal' ? statement.principals : element === 'resource' ? statement.resources : undefined;
  if (list === undefined || written === undefined || wanted === undefined) return false;
  // What a wildcard stands for is more than one name.
  if (/[*?]/.test(show(written))) return true;
  if (list.items.length < 2) return false;
  return /letters off$/.test(difference(written, wanted) ?? '');
}

/** The missing principal or role beside those that a statement lists already, where nothing else of it fails. */
function addToList(miss: NearMiss, finding: Finding): Omit<Fix, 'verified'> | undefined {
  if (miss.wanted === undefined) return undefined;
  const { statement, wanted } = miss;
  if (!isNarrow(miss, finding)) return undefined;
  const items = listOf(miss, wanted);
  const edit = statement.resources?.negated === true ? undefined : addItem(items, wanted, finding);
  return edit === undefined ? undefined : { description: `add ${wanted}`, edits: [edit] };
}

/** Whether one text more in its list allows this call and no other. */
function isNarrow({ statement, element }: NearMiss, { subject }: Finding): boolean {
  if (subject === undefined) return false;
  const { question } = subject.assumption;
  const { actions, resources, principals } = statement;
  switch (element) {
    // Of actions on a role there are others than to assume it.
    case 'resource':
      return actions.items.every(({ text }) => /^(?!iam:)[a-z0-9-]+:/i.test(show(text)));
    case 'action': {
      const role = show(question.role.arn);
      const caller = show(namedInTrust(question.caller));
      // Who may assume a role may be let tag its session, too.
      if (resources !== undefined && !isAssumeAction(subject.explanation().action)) return true;
      const items =
        resources?.items.map(({ text }) => show(text)) ?? principals?.items.map(({ text }) => show(text)) ?? [];
      return items.every((text) => text === (resources === undefined ? caller : role)) || coversAssume(statement);
    }
    default:
      return true;
  }
}

/** A trust statement that lets its principals in already. */
function coversAssume({ actions, principals }: NearMiss['statement']): boolean {
  return principals !== undefined && ASSUME_ACTIONS.some((action) => actions.covers[action] === true);
}

/** A statement of its own for a principal that no statement of the trust policy could name besides. */
function addTrust({ statement, wanted, element }: NearMiss, finding: Finding): Omit<Fix, 'verified'> | undefined {
  const { subject } = finding;
  const explanation = subject?.explanation();
  const caller = subject?.assumption.question.caller;
  const trust = subject?.assumption.question.role.trust;
  if (explanation?.blockedBy?.layer !== 'trust' || caller === undefined || trust === undefined) return undefined;
  if (caller.kind === 'web-identity' || caller.kind === 'saml' || wanted === undefined) return undefined;
  // What others are asked for is not left out for this one.
  const type = typeOf(show(namedInTrust(caller)));
  const others = statement.principals?.items.some((item) => item.type === type || item.type === '*') ?? true;
  if (element === 'condition' || (others && statement.conditions.length > 0)) return undefined;
  const name = show(namedInTrust(caller));
  const principal = { type, name };
  const edit = addStatement(trust.statements, { actions: [explanation.action], principal }, finding);
  return edit === undefined ? undefined : { description: `allow ${explanation.action} for ${name}`, edits: [edit] };
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
