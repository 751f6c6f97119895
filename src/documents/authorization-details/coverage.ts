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

/**
 * Which accounts the pages of dumps show in full. Each page alone may look whole: the last one says that nothing follows, not
 * that something went before. What is shown must not point at what is not.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
 */
export class Coverage {
  readonly #accounts = new Map<string, Shown>();
  readonly #absent = new Set<string>();

  add(page: Value): void {
    // Not of AWS's own shape: what IAM says is not there, where it was asked for by name, and of what it listed all.
    for (const name of ['Absent', 'Listed'])
      for (const { text } of textItems(field(page, name))) if (isKnown(text)) this.#absent.add(text);
    const entities = ['UserDetailList', 'GroupDetailList', 'RoleDetailList'].flatMap((name) =>
      itemsOf(field(page, name)).map((item) => ({ name, item })),
    );
    const policies = itemsOf(field(page, 'Policies'));
    for (const account of new Set([...entities.map(({ item }) => item), ...policies].flatMap(accountOf)))
      this.#shown(account, page);
    for (const { name, item } of entities) for (const account of accountOf(item)) this.#entity(account, name, item);
    for (const item of policies) {
      const arn = fieldText(item, 'Arn');
      for (const account of accountOf(item)) {
        const shown = this.#accounts.get(account);
        if (arn === undefined || shown === undefined) continue;
        shown.policies.add(arn);
        const count = fieldText(item, 'AttachmentCount');
        if (count !== undefined) shown.counts.set(arn, Number(count));
      }
    }
  }

  /** `role:111122223333`: of which kinds of entity, in which accounts, every one is shown; and ARNs of which nothing is there. */
  covered(): readonly string[] {
    const whole = [...this.#accounts].flatMap(([account, shown]) =>
      isWhole(shown) ? [...shown.sections].map((kind) => `${kind}:${account}`) : [],
    );
    return [...whole, ...this.#absent];
  }

  #shown(account: string, page: Value): void {
    const truncated = fieldText(page, 'IsTruncated');
    const more = truncated?.toLowerCase() === 'true' || field(page, 'NextToken') !== undefined;
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
    shown.ends ||= !more && field(page, 'RoleDetailList') !== undefined && field(page, 'UserDetailList') !== undefined;
    shown.paged ||= truncated !== undefined || more;
    this.#accounts.set(account, shown);
  }

  #entity(account: string, list: string, item: Value): void {
    const shown = this.#accounts.get(account);
    if (shown === undefined) return;
    const name = fieldText(item, 'GroupName');
    if (list === 'GroupDetailList' && name !== undefined) shown.groups.add(name);
    // A dump may have been asked for roles alone: one that shows none of a kind says nothing of it.
    if (list !== 'GroupDetailList') shown.sections.add(list === 'RoleDetailList' ? 'role' : 'user');
    for (const { text } of textItems(field(item, 'GroupList'))) if (isKnown(text)) shown.groupsNamed.add(text);
    for (const one of itemsOf(field(item, 'AttachedManagedPolicies'))) {
      const arn = fieldText(one, 'PolicyArn');
      if (arn !== undefined && !/^arn:[^:]*:iam::aws:/.test(arn))
        shown.attached.set(arn, (shown.attached.get(arn) ?? 0) + 1);
    }
  }
}

function isWhole({ ends, paged, groups, groupsNamed, policies, attached, counts }: Shown): boolean {
  if (!ends) return false;
  if (groups.size > 0 && [...groupsNamed].some((name) => !groups.has(name))) return false;
  if (policies.size > 0 && [...attached.keys()].some((arn) => !policies.has(arn))) return false;
  return !paged || [...counts].every(([arn, count]) => (attached.get(arn) ?? 0) >= count);
}

function accountOf(item: Value): readonly string[] {
  const account = parseArn(fieldText(item, 'Arn') ?? '')?.account;
  return account !== undefined && isKnown(account) && /^\d{12}$/.test(account) ? [account] : [];
}
