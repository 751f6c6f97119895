import type { Place } from '../source/source.ts';
import { closest } from '../symbolic/distance.ts';
import { assignmentsOf, both, type Choice, collectChoices, type Guard, holdsUnder } from '../symbolic/guard.ts';
import { isKnown } from '../symbolic/text.ts';
import { branchesOf, guardedItemsOf, type Member, memberOf, type SettledValue, type Value } from '../symbolic/value.ts';
import { meantAction } from './actions.ts';
import { parseOperator } from './condition/test.ts';
import type { PolicyUse } from './parse-policy.ts';
import { sizeFault } from './policy-size.ts';

/** What AWS rejects in a policy, at the narrowest text; with the text that was meant, where one is plain. */
export interface PolicyFault {
  readonly message: string;
  readonly place: Place;
  readonly meant?: string | undefined;
  /** Set where an account may have a quota that takes it: no more than a warning. */
  readonly perhaps?: boolean;
}

interface Look {
  readonly use: PolicyUse;
  readonly faults: PolicyFault[];
}

const TOP = ['Version', 'Id', 'Statement'];
const ELEMENTS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];
const PRINCIPAL_TYPES = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

/**
 * What AWS refuses to save of a policy of one use. Only what is plain to see counts: a value that is not known is no fault.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
 */
export function policyFaults(document: Value, use: PolicyUse): readonly PolicyFault[] {
  const look: Look = { use, faults: [] };
  for (const { value } of branchesOf(document)) lookAtDocument(value, look);
  const size = sizeFault(document, use);
  if (size !== undefined) look.faults.push({ ...size, place: document.place });
  return look.faults;
}

function lookAtDocument(document: SettledValue, look: Look): void {
  if (document.kind === 'unknown' || document.kind === 'text') return;
  if (document.kind === 'list') {
    add(look, 'a policy is an object with a Statement, not a list', document.place);
    return;
  }
  // An empty object stands for a policy that is still to be written.
  if (document.members.length === 0) return;
  if (named(document.members, 'Statement') === undefined && document.members.every(hasPlainName)) {
    const meant = otherSpelling(document.members, 'Statement');
    add(look, `this is no policy: it has no Statement${meant}`, document.place);
    return;
  }
  unknownElements(document.members, TOP, 'a policy', look);
  const version = memberOf(document, 'Version');
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
  if (version?.kind === 'text' && isKnown(version.text) && !['2012-10-17', '2008-10-17'].includes(version.text))
    add(
      look,
      `there is no policy version ${JSON.stringify(version.text)}: the language has 2012-10-17 and the older 2008-10-17`,
      version.place,
      '2012-10-17',
    );
  const statements = guardedItemsOf(named(document.members, 'Statement')?.value);
  for (const { value } of statements) {
    if (value.kind === 'map') lookAtStatement(value.members, value.place, look);
    else if (value.kind === 'list' || (value.kind === 'text' && isKnown(value.text)))
      add(look, 'a statement is an object with Effect, Action and so on', value.place);
  }
  repeatedSids(statements, look);
}

function lookAtStatement(members: readonly Member[], place: Place, look: Look): void {
  const has = (name: string): boolean => named(members, name) !== undefined;
  unknownElements(members, ELEMENTS, 'a statement', look);
  for (const name of ['Action', 'Resource', 'Principal']) {
    const other = named(members, `Not${name}`);
    if (has(name) && other !== undefined) add(look, `a statement has ${name} or Not${name}, not both`, other.namePlace);
  }
  // A name that a document computes may be any of them.
  if (members.every(hasPlainName)) missingElements(members, place, look);
  if (look.use === 'trust') {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    const not = named(members, 'NotPrincipal');
    if (not !== undefined) add(look, 'NotPrincipal is not supported in a trust policy', not.namePlace);
    const resource = named(members, 'Resource') ?? named(members, 'NotResource');
    if (resource !== undefined)
      add(
        look,
        `a trust policy has no ${resource.name}: the role that it belongs to is the resource`,
        resource.namePlace,
      );
  } else {
    const principal = named(members, 'Principal') ?? named(members, 'NotPrincipal');
    if (principal !== undefined)
      add(
        look,
        `an identity policy has no ${principal.name}: it speaks of whoever it is attached to`,
        principal.namePlace,
      );
  }
  lookAtEffect(named(members, 'Effect'), look);
  lookAtSid(named(members, 'Sid'), look);
  lookAtPrincipal(named(members, 'Principal'), look);
  lookAtActions(named(members, 'Action') ?? named(members, 'NotAction'), look);
  const resource = named(members, 'Resource') ?? named(members, 'NotResource');
  if (look.use !== 'trust') textsOf(resource, look);
  lookAtCondition(named(members, 'Condition'), look);
}

function missingElements(members: readonly Member[], place: Place, look: Look): void {
  const has = (name: string): boolean => named(members, name) !== undefined;
  const lacks = (name: string, needed: boolean): void => {
    if (needed) add(look, `the statement has no ${name}${otherSpelling(members, name)}`, place);
  };
  lacks('Effect', !has('Effect'));
  lacks('Action', !has('Action') && !has('NotAction'));
  if (look.use === 'trust') lacks('Principal', !has('Principal') && !has('NotPrincipal'));
  else lacks('Resource', !has('Resource') && !has('NotResource'));
}

function lookAtEffect(member: Member | undefined, look: Look): void {
  for (const { value } of branchesOf(member?.value)) {
    if (value.kind === 'list' || value.kind === 'map') add(look, 'an Effect is Allow or Deny', value.place);
    if (value.kind !== 'text' || !isKnown(value.text) || value.text === 'Allow' || value.text === 'Deny') continue;
    const meant = closest(value.text, ['Allow', 'Deny'], 2);
    add(look, `the Effect ${JSON.stringify(value.text)} is neither Allow nor Deny`, value.place, meant);
  }
}

/** "Statement IDs (SID) must be alpha-numeric." https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html */
function lookAtSid(member: Member | undefined, look: Look): void {
  for (const { value } of branchesOf(member?.value)) {
    if (value.kind === 'list' || value.kind === 'map') add(look, 'a Sid is one text', value.place);
    if (value.kind !== 'text' || !isKnown(value.text) || /^[0-9A-Za-z]*$/.test(value.text)) continue;
    const meant = withoutOtherCharacters(value.text);
    add(
      look,
      `a Sid has letters and digits only, and ${JSON.stringify(value.text)} has others`,
      value.place,
      meant === '' ? undefined : meant,
    );
  }
}

/** `trusted_role arns` becomes `TrustedRoleArns`, as people write Sids. */
function withoutOtherCharacters(sid: string): string {
  const words = sid.split(/[^0-9A-Za-z]+/).filter((word) => word !== '');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function lookAtPrincipal(member: Member | undefined, look: Look): void {
  if (look.use !== 'trust') return;
  for (const { value } of branchesOf(member?.value)) {
    if (value.kind !== 'map') continue;
    for (const one of value.members) {
      if (!hasPlainName(one)) continue;
      if (!PRINCIPAL_TYPES.includes(one.name)) {
        const meant = closest(one.name, PRINCIPAL_TYPES, 2);
        const types = 'a principal is of type AWS, Service or Federated';
        add(look, `${types}, and ${JSON.stringify(one.name)} is none of them`, one.namePlace, meant);
      } else textsOf(one, look);
    }
  }
}

function lookAtActions(member: Member | undefined, look: Look): void {
  for (const { text, place } of textsOf(member, look)) {
    if (text === '*' || meantAction(text, look.use === 'trust') !== undefined) continue;
    const colon = text.indexOf(':');
    // "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
    if (colon === -1)
      add(look, `the action ${JSON.stringify(text)} names no service: an action is written service:Name`, place);
    // "AssumeRole policy may only specify STS AssumeRole actions."
    else if (look.use === 'trust' && /^[a-z0-9-]+$/i.test(text.slice(0, colon)) && !/^sts:/i.test(text))
      add(look, `a trust policy speaks of sts actions only, not of ${text}`, place);
  }
}

function lookAtCondition(member: Member | undefined, look: Look): void {
  for (const { value } of branchesOf(member?.value)) {
    if (value.kind === 'list' || (value.kind === 'text' && isKnown(value.text)))
      add(look, 'a Condition is an object: an operator, with the keys and values that it compares', value.place);
    for (const operator of value.kind === 'map' ? value.members : []) {
      if (!hasPlainName(operator)) continue;
      if (parseOperator(operator.name) === undefined) {
        const meant = closest(operator.name, OPERATORS, 3);
        const did = meant === undefined ? '' : `: did you mean ${meant}?`;
        add(look, `IAM knows no condition operator ${operator.name}${did}`, operator.namePlace, meant);
      } else lookAtComparison(operator, look);
    }
  }
}

function lookAtComparison(operator: Member, look: Look): void {
  for (const { value } of branchesOf(operator.value)) {
    if (value.kind === 'list' || (value.kind === 'text' && isKnown(value.text)))
      add(look, `the operator ${operator.name} takes keys with the values to compare`, value.place);
    for (const key of value.kind === 'map' ? value.members : [])
      for (const { value: wanted } of guardedItemsOf(key.value))
        if (wanted.kind === 'map') add(look, `the values of ${key.name} are texts, not an object`, wanted.place);
  }
}

const BASES = ['String', 'Numeric', 'Date', 'Arn'];
const OPERATORS = [
  ...BASES.flatMap((base) => [`${base}Equals`, `${base}NotEquals`]),
  ...['String', 'Arn'].flatMap((base) => [`${base}Like`, `${base}NotLike`]),
  ...['Numeric', 'Date'].flatMap((base) =>
    ['LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map((how) => `${base}${how}`),
  ),
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'Bool',
  'BinaryEquals',
  'IpAddress',
  'NotIpAddress',
  'Null',
  'ForAnyValue:StringEquals',
  'ForAnyValue:StringLike',
  'ForAllValues:StringEquals',
  'ForAllValues:StringLike',
];

/** The known texts of an element that is one text or a list of texts; anything else in it is a fault. */
function textsOf(member: Member | undefined, look: Look): readonly { readonly text: string; readonly place: Place }[] {
  return guardedItemsOf(member?.value).flatMap(({ value }) => {
    if (value.kind === 'map') add(look, `${member?.name} takes texts, not an object`, value.place);
    return value.kind === 'text' && isKnown(value.text) ? [{ text: value.text, place: value.place }] : [];
  });
}

function unknownElements(members: readonly Member[], known: readonly string[], where: string, look: Look): void {
  for (const { name, namePlace, key } of members) {
    if (!isKnown(key) || known.includes(name)) continue;
    const meant = closest(name, known, 2);
    const did = meant === undefined ? '' : `: did you mean ${meant}?`;
    const taken = meant !== undefined && members.some((one) => one.name === meant);
    add(look, `${where} has no element ${name}${did}`, namePlace, taken ? undefined : meant);
  }
}

/** "Statement IDs (SID) in a single policy must be unique." */
function repeatedSids(statements: ReturnType<typeof guardedItemsOf>, look: Look): void {
  const seen = new Map<string, Guard[]>();
  for (const { guard, value } of statements) {
    for (const sid of branchesOf(value.kind === 'map' ? named(value.members, 'Sid')?.value : undefined)) {
      if (sid.value.kind !== 'text' || !isKnown(sid.value.text) || sid.value.text === '') continue;
      const when = both(guard, sid.guard);
      const others = seen.get(sid.value.text) ?? [];
      if (others.some((other) => canBothHold(other, when)))
        add(look, `the Sid ${sid.value.text} is taken: each statement of a policy has its own`, sid.value.place);
      seen.set(sid.value.text, [...others, when]);
    }
  }
}

function canBothHold(one: Guard, other: Guard): boolean {
  const guard = both(one, other);
  const choices = new Map<string, Choice>();
  collectChoices(guard, choices);
  return assignmentsOf([...choices.values()])?.some((assignment) => holdsUnder(guard, assignment)) ?? false;
}

function named(members: readonly Member[], name: string): Member | undefined {
  return members.find((member) => member.name === name);
}

function hasPlainName({ key }: Member): boolean {
  return isKnown(key);
}

function otherSpelling(members: readonly Member[], name: string): string {
  const meant = closest(
    name,
    members.map((member) => member.name).filter((one) => !ELEMENTS.includes(one)),
    2,
  );
  return meant === undefined ? '' : `, only ${JSON.stringify(meant)}`;
}

function add(look: Look, message: string, place: Place, meant?: string): void {
  look.faults.push({ message, place, meant });
}
