import { parseArn, resourceSort } from '../iam/arn.ts';
import type { Caller } from '../iam/caller.ts';
import { providerName } from '../iam/context-keys.ts';
import type { GivenContext, Withheld } from '../iam/question.ts';
import type { ProviderDeclaration } from '../inventory/declarations.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Place } from '../source/source.ts';
import { isKnown, show } from '../symbolic/text.ts';

/**
 * Why STS refuses a token before it asks a policy: the account has no provider for its issuer, or one that does not take its
 * audience. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
 */
export function refusedToken(
  caller: Caller,
  given: GivenContext,
  { providers, covered }: Pick<Inventory, 'providers' | 'covered'>,
  place: Place,
): Withheld | undefined {
  if ((caller.kind !== 'web-identity' && caller.kind !== 'saml') || !isKnown(caller.provider)) return undefined;
  const arn = parseArn(caller.provider);
  const sort = arn === undefined ? undefined : resourceSort(arn.resource);
  if (arn === undefined || sort === undefined || !isKnown(arn.account)) return undefined;
  const name = show(providerName(caller.provider));
  const base = { caller: bearerOf(given, name), place };
  const found = providers.find(caller.provider);
  if (found.length === 0)
    return covered.has(`${sort}:${arn.account}`)
      ? {
          ...base,
          reason: `account ${arn.account} has no identity provider ${name}`,
          answer:
            sort === 'saml-provider'
              ? `InvalidIdentityToken: Specified provider doesn't exist`
              : `InvalidIdentityToken: No OpenIDConnect provider found in your account for https://${name}`,
          lacks: 'provider',
        }
      : undefined;
  const [only, ...more] = found;
  const taken = only === undefined || more.length > 0 || only.truth !== true ? undefined : audiencesOf(only.value);
  const presented = audienceOf(given, name);
  if (only === undefined || taken === undefined || presented === undefined || taken.includes(presented))
    return undefined;
  const { place: at } = only.value;
  return {
    ...base,
    reason: `its audience is ${presented}, and the identity provider ${name} of account ${arn.account} takes ${taken.join(', ')} only`,
    answer: 'InvalidIdentityToken: Incorrect token audience',
    related: { place: at, message: 'the identity provider' },
  };
}

/** All of them, where there are some and all are known. */
function audiencesOf({ clientIds, guard }: ProviderDeclaration): readonly string[] | undefined {
  const known = (clientIds ?? []).flatMap(({ text, guard: when }) =>
    isKnown(text) && when === undefined ? [text] : [],
  );
  return guard === undefined && known.length > 0 && known.length === clientIds?.length ? known : undefined;
}

/** Where a token has an authorized party, that one is compared. */
function audienceOf({ keys }: GivenContext, name: string): string | undefined {
  const claim = (key: string) => keys.get(`${name}:${key}`.toLowerCase());
  const [audience, ...more] = claim('aud') ?? [];
  return claim('azp') === undefined && more.length === 0 && audience !== undefined && isKnown(audience)
    ? audience
    : undefined;
}

function bearerOf({ keys }: GivenContext, name: string): string {
  const [subject] = keys.get(`${name}:sub`.toLowerCase()) ?? [];
  return subject === undefined ? `a token of ${name}` : show(subject);
}
