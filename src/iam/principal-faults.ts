import { closest } from '../symbolic/distance.ts';
import { isKnown, partsOf, show, type Text } from '../symbolic/text.ts';
import { PARTITIONS, parseArn, resourceSort } from './arn.ts';
import type { PrincipalItem } from './policy.ts';
import { SERVICE_NAMES } from './services.ts';

/** What is wrong with a principal, and the text that was most likely meant. */
export interface PrincipalFault {
  readonly message: string;
  readonly meant: string | undefined;
}

/**
 * What AWS rejects in a trust policy's principal, or what can never match.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function principalFault(item: PrincipalItem, partition: string | undefined): PrincipalFault | undefined {
  if (item.type === '*') return bareFault(show(item.text));
  if (!isKnown(item.text)) return item.type === 'AWS' ? symbolicFault(item.text, partition) : undefined;
  switch (item.type) {
    case 'AWS':
      return awsFault(item.text, partition);
    case 'Service':
      return serviceFault(item.text);
    case 'Federated':
      return federatedFault(item.text);
    case 'CanonicalUser':
      return fault('a CanonicalUser is known to S3 alone');
  }
}

/** What shows although the account, the partition or a name is not known yet. */
function symbolicFault(text: Text, partition: string | undefined): PrincipalFault | undefined {
  const arn = parseArn(text);
  if (arn === undefined || !isKnown(arn.service) || resourceSort(arn.resource) === undefined) return undefined;
  const known = (part: Text, instead: string): string => (isKnown(part) ? part : instead);
  const shape = {
    partition: known(arn.partition, partition ?? 'aws'),
    service: arn.service,
    account: known(arn.account, '111122223333'),
  };
  const found = arnFault(literalOf(text), { ...shape, resource: literalOf(arn.resource) }, partition);
  return found === undefined ? undefined : { ...found, meant: undefined };
}

function literalOf(text: Text): string {
  return partsOf(text)
    .map((part) => (typeof part === 'string' ? part : 'x'))
    .join('');
}

function fault(message: string, meant?: string): PrincipalFault {
  return { message, meant };
}

function bareFault(text: string): PrincipalFault {
  if (text === '*')
    return fault('AWS rejects "Principal": "*" in a trust policy: {"AWS": "*"} is the form that it takes');
  const type = text.endsWith('.amazonaws.com') ? 'Service' : 'AWS';
  return fault(`a principal needs its type: {"${type}": "${text}"}`);
}

function awsFault(text: string, partition: string | undefined): PrincipalFault | undefined {
  if (text === '*' || /^\d{12}$/.test(text)) return undefined;
  if (text !== text.trim()) return fault('spaces around an ARN are part of it, so it names nobody', text.trim());
  if (/^\d+$/.test(text)) return fault(`an account id has 12 digits, this one has ${text.length}`);
  if (/^A(IDA|ROA|GPA|NPA|IPA)[A-Z0-9]{8,}$/.test(text))
    return fault(
      'this is the unique id of a principal that was deleted: it matches nobody, not even one made anew under the same name',
    );
  const reference = /\$\{[A-Za-z][\w:.]*\}/.exec(text);
  if (reference !== null)
    return fault(
      `${reference[0]} is not replaced here: a principal has no policy variables, and without Fn::Sub CloudFormation leaves it as it stands`,
    );
  const arn = parseArn(text);
  if (arn === undefined) {
    if (/\.amazonaws\.com(\.cn)?$/.test(text)) return fault('an AWS service is named under "Service", not under "AWS"');
    return fault(`${JSON.stringify(text)} is neither an account id nor an ARN`);
  }
  return arnFault(
    text,
    {
      partition: show(arn.partition),
      service: show(arn.service),
      account: show(arn.account),
      resource: show(arn.resource),
    },
    partition,
  );
}

interface ArnText {
  readonly partition: string;
  readonly service: string;
  readonly account: string;
  readonly resource: string;
}

function arnFault(text: string, arn: ArnText, partition: string | undefined): PrincipalFault | undefined {
  if (/[*?]/.test(text))
    return fault(
      'AWS rejects a wildcard inside a principal’s ARN: name the account, and narrow it with a condition on aws:PrincipalArn',
    );
  if (!PARTITIONS.includes(arn.partition)) return fault(`there is no partition ${arn.partition}`);
  if (partition !== undefined && arn.partition !== partition)
    return fault(
      `a role of partition ${partition} cannot be assumed from partition ${arn.partition}`,
      text.replace(`arn:${arn.partition}:`, `arn:${partition}:`),
    );
  if (arn.service === 'iam' && arn.resource.startsWith('group/'))
    return fault('a group is not a principal: name its users, or the account');
  if (arn.service === 'iam' && /^(oidc|saml)-provider\//.test(arn.resource))
    return fault('an identity provider is named under "Federated", not under "AWS"');
  const iam = arn.service === 'iam' && (arn.resource === 'root' || /^(role|user)\/./.test(arn.resource));
  const sts = arn.service === 'sts' && /^(assumed-role\/[^/]+\/[^/]+|federated-user\/.+|self)$/.test(arn.resource);
  if (!iam && !sts) return shapeFault(text, arn);
  if (!/^\d{12}$/.test(arn.account))
    return arn.account === ''
      ? fault('the ARN has no account id')
      : fault(`an account id has 12 digits: ${JSON.stringify(arn.account)} is none`);
  return undefined;
}

function shapeFault(text: string, { service, resource, account }: ArnText): PrincipalFault {
  if (service === 'sts' && /^(role|user)\//.test(resource))
    return fault(`a ${resource.split('/')[0]} has an iam ARN`, text.replace(':sts:', ':iam:'));
  if (service === 'iam' && resource.startsWith('assumed-role/'))
    return fault('a session has an sts ARN', text.replace(':iam:', ':sts:'));
  const sort = resource.split('/')[0] ?? '';
  const meant = resource.includes('/') ? closest(sort, ['role', 'user'], 2) : closest(resource, ['root'], 2);
  if (service === 'iam' && meant !== undefined && /^\d{12}$/.test(account))
    return fault(`${sort} is no sort of principal`, text.replace(`:${sort}`, `:${meant}`));
  return fault(`${text} names no user, role, session or account`);
}

function serviceFault(text: string): PrincipalFault | undefined {
  if (text === '*') return fault('a service must be named: AWS rejects "Service": "*"');
  const suffix =
    /\.(amazonaws\.com(\.cn)?|amazonaws\.eu|aws\.internal|aws\.com|alexa\.com|amazon\.com|c2s\.ic\.gov|sc2s\.sgov\.gov)$/.exec(
      text,
    );
  if (suffix === null) {
    if (SERVICE_NAMES.includes(text)) return fault('a service principal ends in its domain', `${text}.amazonaws.com`);
    const host = /^(.+?)\.am[a-z]*\.c[a-z]*m?$/.exec(text)?.[1];
    return fault(
      `${JSON.stringify(text)} is no service principal`,
      host !== undefined && SERVICE_NAMES.includes(host) ? `${host}.amazonaws.com` : undefined,
    );
  }
  if (text.startsWith('arn:')) return fault('a service principal is a name, not an ARN');
  const name = text.slice(0, suffix.index);
  const base = name.replace(/\.[a-z]{2}(-[a-z]+)+-\d+$/, '');
  if (SERVICE_NAMES.includes(base) || base.length < 5) return undefined;
  // One letter, or two in a long name: real services differ by more, or by a version at their end.
  const meant = closest(base, SERVICE_NAMES, base.length < 12 || base.includes('.') ? 1 : 2);
  const longer = meant !== undefined && (base.startsWith(meant) || meant.startsWith(base));
  return meant === undefined || longer ? undefined : fault(`there is no service ${text}`, text.replace(base, meant));
}

function federatedFault(text: string): PrincipalFault | undefined {
  if (/[*?]/.test(text)) return fault('a provider is named exactly: AWS rejects wildcards in it');
  const arn = parseArn(text);
  if (arn === undefined) return undefined;
  if (resourceSort(arn.resource) !== 'oidc-provider' && resourceSort(arn.resource) !== 'saml-provider')
    return fault(`${text} names no OIDC or SAML provider`);
  if (/oidc-provider\/https?:/.test(text))
    return fault('a provider’s ARN has no https://', text.replace(/oidc-provider\/https?:\/\//, 'oidc-provider/'));
  return undefined;
}
