import { equal } from '../symbolic/pattern.ts';
import { concat, isKnown, keyOf, show, split, type Text, type Unknown, unknownsIn } from '../symbolic/text.ts';
import { and, dependsOn, dependsOnAll, dependsOnValue, type Truth } from '../symbolic/truth.ts';
import { parseArn } from './arn.ts';
import type { Caller, EntityCaller, ServiceCaller } from './caller.ts';
import type { PrincipalItem } from './policy.ts';
import { readRegional, readService } from './service-name.ts';

/** As what a principal element names the caller: it decides what else the call needs in the same account. */
export type NamedAs = 'account' | 'user' | 'role' | 'session' | 'anyone' | 'service' | 'provider';

export interface PrincipalMatch {
  readonly as: NamedAs;
  readonly truth: Truth;
}

const NONE: readonly PrincipalMatch[] = [];

/**
 * As what does one principal of a statement name the caller? Nothing is expanded inside an ARN: AWS rejects wildcards there.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function principalMatches(
  item: PrincipalItem,
  caller: Caller,
  effect: 'Allow' | 'Deny',
  bareStar: boolean,
): readonly PrincipalMatch[] {
  if (item.type === '*') return bareStar && item.text === '*' ? [{ as: 'anyone', truth: true }] : NONE;
  if (item.type === 'AWS' && item.text === '*') return [{ as: 'anyone', truth: everyoneCovers(caller, effect) }];
  // A text that is not known may turn out to be the star.
  const star =
    item.type === 'AWS' && !isKnown(item.text) ? and(equal(item.text, '*'), everyoneCovers(caller, effect)) : false;
  const named = lostOr(namedBy(item, caller), item);
  return star === false ? named : [...named, { as: 'anyone', truth: star }];
}

/** Who has the ARN now is another than the one that was trusted. */
function lostOr(named: readonly PrincipalMatch[], item: PrincipalItem): readonly PrincipalMatch[] {
  const { lost } = item;
  if (lost === undefined) return named;
  if (lost.fate === 'anew') return NONE;
  const perhaps = dependsOnValue({
    id: `lost:${item.place.source.path}:${item.place.start}`,
    kind: 'open',
    shown: show(item.text),
    missing: `whether the trust policy that names ${show(item.text)} is saved after the new one is there`,
  });
  return named.map(({ as, truth }) => ({ as, truth: and(truth, perhaps) }));
}

function namedBy(item: PrincipalItem, caller: Caller): readonly PrincipalMatch[] {
  switch (caller.kind) {
    case 'user':
    case 'role':
      return item.type === 'AWS' ? entityMatches(item.text, caller) : NONE;
    case 'service':
      return item.type === 'Service' ? one('service', serviceMatches(item.text, caller)) : NONE;
    case 'web-identity':
    case 'saml':
      return item.type === 'Federated' ? one('provider', equal(item.text, caller.provider)) : NONE;
    default:
      return item.type === 'AWS' ? one('session', equal(item.text, caller.arn)) : NONE;
  }
}

/** `{"AWS": "*"}` is everybody to a Deny; whether it admits a service or a token by an Allow, AWS does not say. */
function everyoneCovers(caller: Caller, effect: 'Allow' | 'Deny'): Truth {
  if (caller.kind === 'user' || caller.kind === 'role' || effect === 'Deny') return true;
  const who = caller.kind === 'service' ? 'an AWS service' : 'a federated identity';
  return dependsOn({ kind: 'disputed', reason: `AWS does not document whether {"AWS": "*"} admits ${who}: name it` });
}

function one(as: NamedAs, truth: Truth): readonly PrincipalMatch[] {
  return truth === false ? NONE : [{ as, truth }];
}

interface Forms {
  readonly root: Text;
  readonly session: Text | undefined;
  readonly sessions: Text | undefined;
}
const FORMS = new WeakMap<EntityCaller, Forms>();

/** The texts besides its ARN by which a trust policy may name a user or a role. */
export function formsOf(caller: EntityCaller): Forms {
  let forms = FORMS.get(caller);
  if (forms === undefined) {
    const partition = parseArn(caller.arn)?.partition ?? 'aws';
    const sessions =
      caller.kind === 'role'
        ? concat('arn:', partition, ':sts::', caller.account, ':assumed-role/', caller.name, '/')
        : undefined;
    const session =
      sessions === undefined || caller.session === undefined ? undefined : concat(sessions, caller.session);
    forms = { root: concat('arn:', partition, ':iam::', caller.account, ':root'), session, sessions };
    FORMS.set(caller, forms);
  }
  return forms;
}

const UNIQUE_ID = 'AWS does not document whether a principal may be named by its unique id';

function entityMatches(text: Text, caller: EntityCaller): readonly PrincipalMatch[] {
  const { root, session, sessions } = formsOf(caller);
  const named = caller.kind;
  if (isKnown(text) && isKnown(caller.arn)) {
    if (text === caller.arn) return [{ as: named, truth: true }];
    if (text === caller.account || text === root) return [{ as: 'account', truth: true }];
    // A trust policy keeps unique ids and shows ARNs: an id that shows is left of a deleted principal, or was written so.
    if (caller.uniqueId !== undefined && text === caller.uniqueId)
      return one(named, dependsOn({ kind: 'disputed', reason: UNIQUE_ID }));
  } else {
    const found: PrincipalMatch[] = [
      ...one(named, equal(text, caller.arn)),
      ...one('account', equal(text, caller.account)),
      ...one('account', equal(text, root)),
      ...one('session', sessions === undefined ? false : sessionTruth(text, session, sessions)),
    ];
    const sure = found.filter((match) => match.truth === true);
    return sure.length > 0 ? sure : found;
  }
  if (sessions === undefined) return NONE;
  return one('session', sessionTruth(text, session, sessions));
}

/** Whether a text names the caller's own session; asked about any session of the role, the caller must bring that name. */
function sessionTruth(text: Text, session: Text | undefined, sessions: Text): Truth {
  // Every session's ARN has this in it, and most principals are none.
  if (isKnown(text) && !text.includes(':assumed-role/')) return false;
  if (session !== undefined) return equal(text, session);
  const any: Unknown = {
    id: `session:${keyOf(sessions)}`,
    kind: 'open',
    shown: '${session}',
    missing: 'the name of the session',
  };
  const parts = split(text, '/');
  const last = parts.at(-1);
  if (parts.length !== 3 || last === undefined) return isKnown(text) ? false : equal(text, concat(sessions, any));
  const same = equal(concat(parts[0] ?? '', '/', parts[1] ?? '', '/'), sessions);
  if (same === false) return false;
  const name = isKnown(last)
    ? dependsOn({ kind: 'key', key: 'aws:userid', operator: 'StringLike', values: [`*:${last}`] })
    : dependsOnAll(unknownsIn(last));
  return and(same, name);
}

/**
 * `states.eu-west-1.amazonaws.com` and `states.amazonaws.com` are one service where it works in that region.
 * https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_iam.ServicePrincipalOpts.html
 */
function serviceMatches(written: Text, caller: ServiceCaller): Truth {
  const exact = equal(written, caller.name);
  if (exact === true || !isKnown(caller.name)) return exact;
  const wanted = readService(caller.name);
  const named = isKnown(written) ? readService(written) : readRegional(written);
  if (wanted === undefined || named === undefined || wanted.service !== named.service) return exact;
  const region = named.region ?? wanted.region;
  if (region !== undefined && (!isKnown(region) || wanted.region === undefined || named.region === undefined)) {
    const where = caller.region;
    if (where !== undefined) return equal(region, where);
    return dependsOn({
      kind: 'disputed',
      reason: `the regional name ${caller.name} is trusted for its own region only`,
    });
  }
  return exact;
}
