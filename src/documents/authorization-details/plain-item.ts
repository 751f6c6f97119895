import type { ListName, ShownItem } from './coverage.ts';
import { arnsIn, nameOf } from './mentions.ts';

/** Keys as they are compared: a dump repeats the same few. */
const PLAIN_NAMES = new Map<string, string>();

export function plainName(key: string): string {
  const known = PLAIN_NAMES.get(key);
  if (known !== undefined) return known;
  const plain = key.replace(/_/g, '').toLowerCase();
  if (PLAIN_NAMES.size < 1000) PLAIN_NAMES.set(key, plain);
  return plain;
}

export function plainField(item: unknown, name: string): unknown {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined;
  const members = item as Readonly<Record<string, unknown>>;
  const there = (key: string): boolean => Object.hasOwn(members, key) && members[key] !== null;
  if (there(name)) return members[name];
  const wanted = plainName(name);
  const key = Object.keys(members).find((one) => plainName(one) === wanted && there(one));
  return key === undefined ? undefined : members[key];
}

export function textsOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((one) => (typeof one === 'string' ? [one] : []));
}

export function shownItem(list: ListName, arn: string, item: unknown): ShownItem {
  const [groupName] = textsOf(plainField(item, 'GroupName'));
  const count = plainField(item, 'AttachmentCount');
  const managed = plainField(item, 'AttachedManagedPolicies');
  return {
    list,
    arn,
    groupName,
    groups: textsOf(plainField(item, 'GroupList')),
    managed: (Array.isArray(managed) ? managed : []).flatMap((one) => textsOf(plainField(one, 'PolicyArn'))),
    attachmentCount: typeof count === 'number' || typeof count === 'string' ? Number(count) : undefined,
  };
}

const NAMES = {
  UserDetailList: 'UserName',
  GroupDetailList: 'GroupName',
  RoleDetailList: 'RoleName',
  Policies: 'PolicyName',
};

/** Whom an entity mentions, its groups, and what it is called besides its ARN. */
export function namesIn(list: ListName, text: string, item: unknown): ReadonlySet<string> {
  const besides = [...textsOf(plainField(item, NAMES[list])), ...textsOf(plainField(item, 'GroupList'))];
  return new Set([...arnsIn(text, item).map(nameOf), ...besides.map((one) => one.toLowerCase())]);
}

export function nameBeside(arn: string, list: ListName, item: unknown): { readonly name?: string } {
  const name = textsOf(plainField(item, NAMES[list]))[0]?.toLowerCase();
  return name === undefined || name === nameOf(arn) ? {} : { name: copied(name) };
}

/** A part of a text keeps all of it in memory. */
export function copied(text: string): string {
  return JSON.parse(JSON.stringify(text));
}
