import { parseArn } from '../../iam/arn.ts';
import { textItems } from '../../iam/item.ts';
import { isKnown } from '../../symbolic/text.ts';
import { itemsOf, type Value } from '../../symbolic/value.ts';
import { field, fieldText } from '../fields.ts';

/** What the pages of one account show together. */
interface Shown {
  ends: boolean;
  paged: boolean;
  readonly sections: Set<string>;
  readonly groups: Set<string>;
  readonly policies: Set<string>;
  /** Groups and customer managed policies that something shown belongs to or has. */
  readonly groupsNamed: Set<string>;
  readonly attached: Map<string, number>;
  /** How often AWS says that a policy is attached. */
  readonly counts: Map<string, number>;
}

/** Not of AWS's own shape: what IAM says is not there, where it was asked for by name, and of what it listed all. */
export const ABSENCES = ['Absent', 'Listed'] as const;
/** Nor these: what the calls that list providers give. */
export const PROVIDERS = ['OpenIDConnectProviderList', 'SAMLProviderList'] as const;

/** The lists of a dump. */
export const LISTS = ['UserDetailList', 'GroupDetailList', 'RoleDetailList', 'Policies'] as const;
export type ListName = (typeof LISTS)[number];

/** What an item of a list says of others. */
export interface ShownItem {
  readonly list: ListName;
  readonly arn: string | undefined;
  readonly groupName: string | undefined;
  readonly groups: readonly string[];
  readonly managed: readonly string[];
  readonly attachmentCount: number | undefined;
}

/** What a page says of itself. */
export interface ShownPage {
  /** `IsTruncated`, as it is written. */
  readonly truncated: string | undefined;
  readonly hasToken: boolean;
  readonly lists: ReadonlySet<ListName>;
}

/**
 * Which accounts the pages of dumps show in full. Each page alone may look whole: the last one says that nothing follows, not
 * that something went before. What is shown must not point at what is not.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
 */
export class Coverage {
  readonly #accounts = new Map<string, Shown>();
  readonly #absent = new Set<string>();
  /** Those that the page has shown something of so far. */
  #ofPage = new Set<string>();

  add(page: Value): void {
    for (const name of ABSENCES)
      this.absent(textItems(field(page, name)).flatMap(({ text }) => (isKnown(text) ? [text] : [])));
    for (const list of LISTS) for (const item of itemsOf(field(page, list))) this.item(shownItem(list, item));
    this.endPage({
      truncated: fieldText(page, 'IsTruncated'),
      hasToken: field(page, 'NextToken') !== undefined,
      lists: new Set(LISTS.filter((list) => field(page, list) !== undefined)),
    });
  }

  absent(arns: readonly string[]): void {
    for (const arn of arns) this.#absent.add(arn);
  }

  item({ list, arn, groupName, groups, managed, attachmentCount }: ShownItem): void {
    const account = accountOf(arn);
    if (account === undefined) return;
    this.#ofPage.add(account);
    const shown = this.#shown(account);
    if (list === 'Policies') {
      if (arn !== undefined) shown.policies.add(arn);
      if (arn !== undefined && attachmentCount !== undefined) shown.counts.set(arn, attachmentCount);
      return;
    }
    if (list === 'GroupDetailList' && groupName !== undefined) shown.groups.add(groupName);
    // A dump may have been asked for roles alone: one that shows none of a kind says nothing of it.
    if (list !== 'GroupDetailList') shown.sections.add(list === 'RoleDetailList' ? 'role' : 'user');
    for (const name of groups) shown.groupsNamed.add(name);
    for (const policy of managed)
      if (!/^arn:[^:]*:iam::aws:/.test(policy)) shown.attached.set(policy, (shown.attached.get(policy) ?? 0) + 1);
  }

  endPage({ truncated, hasToken, lists }: ShownPage): void {
    const more = truncated?.toLowerCase() === 'true' || hasToken;
    for (const account of this.#ofPage) {
      const shown = this.#shown(account);
      shown.ends ||= !more && lists.has('RoleDetailList') && lists.has('UserDetailList');
      shown.paged ||= truncated !== undefined || more;
    }
    this.#ofPage = new Set();
  }

  /** What other pages show, too. */
  include(other: Coverage): void {
    for (const text of other.#absent) this.#absent.add(text);
    for (const [account, { ends, paged, attached, counts, ...sets }] of other.#accounts) {
      const shown = this.#shown(account);
      shown.ends ||= ends;
      shown.paged ||= paged;
      for (const name of ['sections', 'groups', 'policies', 'groupsNamed'] as const)
        for (const one of sets[name]) shown[name].add(one);
      for (const [arn, count] of attached) shown.attached.set(arn, (shown.attached.get(arn) ?? 0) + count);
      for (const [arn, count] of counts) shown.counts.set(arn, count);
    }
  }

  /** The accounts of which a role or a user is shown. */
  accounts(): readonly string[] {
    return [...this.#accounts].flatMap(([account, { sections }]) => (sections.size > 0 ? [account] : []));
  }

  /** The policies that somebody shown has. */
  attached(): ReadonlySet<string> {
    return new Set([...this.#accounts.values()].flatMap(({ attached }) => [...attached.keys()]));
  }

  /** `role:111122223333`: of which kinds of entity, in which accounts, every one is shown; and ARNs of which nothing is there. */
  covered(): readonly string[] {
    const whole = [...this.#accounts].flatMap(([account, shown]) =>
      isWhole(shown) ? [...shown.sections].map((kind) => `${kind}:${account}`) : [],
    );
    return [...whole, ...this.#absent];
  }

  #shown(account: string): Shown {
    const shown = this.#accounts.get(account) ?? {
      ends: false,
      paged: false,
      sections: new Set(),
      groups: new Set(),
      policies: new Set(),
      groupsNamed: new Set(),
      attached: new Map(),
      counts: new Map(),
    };
    this.#accounts.set(account, shown);
    return shown;
  }
}

function isWhole({ ends, paged, groups, groupsNamed, policies, attached, counts }: Shown): boolean {
  if (!ends) return false;
  if (groups.size > 0 && [...groupsNamed].some((name) => !groups.has(name))) return false;
  if (policies.size > 0 && [...attached.keys()].some((arn) => !policies.has(arn))) return false;
  return !paged || [...counts].every(([arn, count]) => (attached.get(arn) ?? 0) >= count);
}

function shownItem(list: ListName, item: Value): ShownItem {
  const count = fieldText(item, 'AttachmentCount');
  return {
    list,
    arn: fieldText(item, 'Arn'),
    groupName: fieldText(item, 'GroupName'),
    groups: textItems(field(item, 'GroupList')).flatMap(({ text }) => (isKnown(text) ? [text] : [])),
    managed: itemsOf(field(item, 'AttachedManagedPolicies')).flatMap((one) => fieldText(one, 'PolicyArn') ?? []),
    attachmentCount: count === undefined ? undefined : Number(count),
  };
}

function accountOf(arn: string | undefined): string | undefined {
  const account = parseArn(arn ?? '')?.account;
  return account !== undefined && isKnown(account) && /^\d{12}$/.test(account) ? account : undefined;
}
