import { parseArn } from '../iam/arn.ts';
import type { FederatedCaller, TargetRole } from '../iam/caller.ts';
import { providerName } from '../iam/context-keys.ts';
import { decide } from '../iam/decide.ts';
import { isGitHubIssuer } from '../iam/identity-providers.ts';
import type { GivenContext } from '../iam/question.ts';
import { sharedIssuer } from '../iam/shared-issuers.ts';
import type { Claims, TokenCaller } from '../inventory/declarations.ts';
import { concat, isKnown, keyOf, show, type Text, type Unknown, unknownText } from '../symbolic/text.ts';

interface PresentedToken {
  readonly caller: FederatedCaller;
  readonly given: GivenContext;
}

/** As whom a token calls on a role: the provider that stands for its issuer there, in the form that is not refused. */
export function presentedToken(token: TokenCaller, written: Text, target: TargetRole, now: number): PresentedToken {
  const ways = providersFor(token, written, target).flatMap((provider) =>
    withOtherCases(token.forms, target).map((claims) => present(provider, token.issuer, claims)),
  );
  const open = ways.find(
    ({ caller, given }) =>
      decide({ action: 'sts:AssumeRoleWithWebIdentity', caller, role: target, given, now }).decision !== 'denied',
  );
  return open ?? ways[0] ?? present(ownProvider(token, written, target), token.issuer, new Map());
}

function present(provider: Text, issuer: Text | undefined, claims: Claims): PresentedToken {
  const name = show(parseArn(provider) === undefined && issuer !== undefined ? issuer : providerName(provider));
  const keys = [...claims].map(
    ([claim, value]) => [`${name}:${claim}`, value === undefined ? undefined : [value]] as const,
  );
  return {
    caller: { kind: 'web-identity', provider },
    given: {
      keys: new Map(keys.map(([key, values]) => [key.toLowerCase(), values])),
      names: new Map(keys.map(([key]) => [key.toLowerCase(), key])),
      unknown: new Set(),
      complete: false,
      claims: new Map(
        [...claims].map(([claim, value]) => [claim.toLowerCase(), value === undefined ? undefined : [value]]),
      ),
    },
  };
}

/** The providers in the trust policy that could be the issuer's, then the one that its own account would have. */
function providersFor(token: TokenCaller, written: Text, target: TargetRole): readonly Text[] {
  const account = parseArn(written)?.account ?? target.account;
  const named = (target.trust?.statements ?? [])
    .filter(({ effect, principals }) => effect === 'Allow' && principals?.negated === false)
    .flatMap(({ principals }) => principals?.items ?? [])
    .filter(({ type }) => type === 'Federated')
    .map(({ text }) => text)
    .filter((provider) => couldBeIssuer(provider, token) && isIn(provider, account));
  return [...new Map([...named, ownProvider(token, written, target)].map((one) => [keyOf(one), one])).values()];
}

/** A provider in another account never matches: `{"Federated": …}` names one of the role's own. */
function isIn(provider: Text, account: Text): boolean {
  const own = parseArn(provider)?.account;
  return own === undefined || !isKnown(own) || !isKnown(account) || own === account;
}

function couldBeIssuer(provider: Text, { issuer, hosts }: TokenCaller): boolean {
  if (isKnown(provider) && parseArn(provider) === undefined) return false;
  const name = providerName(provider);
  if (!isKnown(name)) return true;
  if (/^https?:/.test(name)) return false;
  if (hosts !== undefined) return hosts.test(name);
  if (issuer === undefined) return sharedIssuer(name) === undefined && !isGitHubIssuer(name);
  // An enterprise's own issuer is named by nobody but the trust policy.
  if (!isKnown(issuer)) return false;
  return name.toLowerCase() === issuer.toLowerCase() || (isGitHubIssuer(issuer) && isGitHubIssuer(name));
}

function ownProvider({ issuer }: TokenCaller, written: Text, target: TargetRole): Text {
  const arn = parseArn(written);
  const partition = parseArn(target.arn)?.partition ?? arn?.partition ?? 'aws';
  const account = arn !== undefined && isKnown(arn.account) ? arn.account : target.account;
  return concat('arn:', partition, ':iam::', account, ':oidc-provider/', issuer ?? unknownText(CLUSTER));
}

const CLUSTER: Unknown = {
  id: 'kubernetes:issuer',
  kind: 'open',
  shown: '${issuer}',
  missing: 'the issuer of the cluster that the service account is in',
};

/**
 * Names of environments compare without case, and GitHub does not say how a token spells them: where the trust policy has
 * another spelling, nobody knows. https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments
 */
function withOtherCases(forms: readonly Claims[], { trust }: TargetRole): readonly Claims[] {
  const values = (trust?.statements ?? []).flatMap(({ conditions }) =>
    conditions.filter(({ keyLower }) => keyLower.endsWith(':sub')).flatMap((test) => test.values),
  );
  const spelt = forms.flatMap((claims) => {
    const sub = claims.get('sub');
    const [, repository] = sub !== undefined && isKnown(sub) ? (/^(.*:environment:)./.exec(sub) ?? []) : [];
    if (sub === undefined || repository === undefined) return [];
    const other = values.some(
      ({ text }) =>
        isKnown(text) && text !== sub && text.startsWith(repository) && text.toLowerCase() === show(sub).toLowerCase(),
    );
    return other
      ? [new Map([...claims, ['sub', concat(repository, environmentCase(show(sub).slice(repository.length)))]])]
      : [];
  });
  return [...forms, ...spelt];
}

function environmentCase(name: string): Text {
  return unknownText({
    id: `environment-case:${name.toLowerCase()}`,
    kind: 'open',
    shown: name,
    missing: `in which case the token spells the environment ${name}, as the workflow or as the repository’s settings`,
  });
}
