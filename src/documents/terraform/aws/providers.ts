import { parseArn } from '../../../iam/arn.ts';
import type { Deployment } from '../../../inventory/declarations.ts';
import { isKnown, show, type Text, unknownText } from '../../../symbolic/text.ts';
import { itemsOf, type MapValue, memberOf, type Value } from '../../../symbolic/value.ts';
import { textOf } from './attributes.ts';

/** A `provider` block of the root module. */
export interface ProviderBlock {
  /** `aws`, `aws.prod` */
  readonly name: string;
  readonly body: MapValue;
}

/** Where a provider's resources land, and what it tags them with. */
export interface Provider {
  readonly deployment: Deployment;
  readonly defaultTags: Value | undefined;
}

/** What is known of the accounts from elsewhere. */
export interface Accounts {
  /** Whose the folder is, where its providers do not say. */
  readonly own: Deployment;
  ofAccount(account: Text): Deployment;
  /** The account that a provider is known to reach: a plan has asked it. */
  reached?(provider: string): Text | undefined;
}

/** The providers of a root module by name; one that it does not configure is the default one. */
export class Providers {
  readonly #blocks: ReadonlyMap<string, ProviderBlock>;
  readonly #accounts: Accounts;
  readonly #found = new Map<string, Provider>();

  constructor(blocks: readonly ProviderBlock[], accounts: Accounts) {
    this.#blocks = new Map(blocks.map((block) => [block.name, block]));
    this.#accounts = accounts;
  }

  of(name = 'aws'): Provider {
    const known = this.#found.get(name);
    if (known !== undefined) return known;
    const body = (this.#blocks.get(name) ?? this.#blocks.get(name.split('.')[0] ?? name))?.body;
    const provider = {
      deployment: this.#deployment(name, body),
      defaultTags: memberOf(itemsOf(memberOf(body, 'default_tags'))[0], 'tags'),
    };
    this.#found.set(name, provider);
    return provider;
  }

  ofAccount(account: Text): Deployment {
    return this.#accounts.ofAccount(account);
  }

  #deployment(name: string, body: MapValue | undefined): Deployment {
    const { own } = this.#accounts;
    const { account, partition } = this.#account(name, body);
    const base = account === undefined || account === own.account ? own : this.#accounts.ofAccount(account);
    const region = textOf(memberOf(body, 'region'))?.text;
    return {
      ...base,
      partition: partition ?? (region === undefined ? undefined : partitionOf(region)) ?? base.partition,
      region: region ?? base.region,
      parameters: own.parameters,
    };
  }

  /** https://registry.terraform.io/providers/hashicorp/aws/latest/docs#provider-configuration */
  #account(
    name: string,
    body: MapValue | undefined,
  ): { readonly account: Text | undefined; readonly partition: Text | undefined } {
    const reached = this.#accounts.reached?.(name);
    if (reached !== undefined) return { account: reached, partition: undefined };
    const assumed = [
      ...itemsOf(memberOf(body, 'assume_role')),
      ...itemsOf(memberOf(body, 'assume_role_with_web_identity')),
    ];
    // Several are assumed one after the other: the last one's account is reached.
    const last = assumed.at(-1);
    const role = textOf(memberOf(last, 'role_arn'))?.text;
    if (role !== undefined || last?.kind === 'unknown') {
      const arn = role === undefined ? undefined : parseArn(role);
      return { account: arn?.account ?? otherAccount(`the provider ${name}`, name), partition: arn?.partition };
    }
    const allowed = itemsOf(memberOf(body, 'allowed_account_ids')).map(textOf);
    const [only] = allowed;
    if (allowed.length === 1 && only !== undefined) return { account: only.text, partition: undefined };
    const profile = textOf(memberOf(body, 'profile'))?.text;
    const usual = name.includes('.') ? textOf(memberOf(this.#blocks.get('aws')?.body, 'profile'))?.text : profile;
    // Other credentials may be those of another account.
    if (profile !== undefined && (usual === undefined || show(profile) !== show(usual)))
      return {
        account: otherAccount(`the profile ${show(profile)}`, `profile ${show(profile)}`),
        partition: undefined,
      };
    return { account: undefined, partition: undefined };
  }
}

function otherAccount(what: string, name: string): Text {
  return unknownText({
    id: `account of ${what}`,
    kind: 'account-id',
    shown: `\${account of ${name}}`,
    missing: `the account that ${what} reaches`,
  });
}

/** https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
function partitionOf(region: Text): string | undefined {
  if (!isKnown(region)) return undefined;
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : undefined;
}
