import { type Declarations, type Deployment, together } from '../../inventory/declarations.ts';
import type { Tree } from '../../source/tree.ts';
import { valueFromTree } from '../../symbolic/from-tree.ts';
import type { Text } from '../../symbolic/text.ts';
import { itemsOf } from '../../symbolic/value.ts';
import { field, fieldText } from '../fields.ts';
import { Coverage, PROVIDERS } from './coverage.ts';
import { DECLARED, EntityReader, EVERYTHING } from './entities.ts';

/** Whether a tree is the output of `aws iam get-account-authorization-details`, whole, one page of it, or a list of pages. */
export function isAuthorizationDetails(tree: Tree): boolean {
  if (tree.kind === 'list') return tree.items.length > 0 && tree.items.every(isAuthorizationDetails);
  if (tree.kind !== 'map') return false;
  return tree.entries.some(({ key, value }) => {
    if (value.kind !== 'list') return false;
    const name = key.text.toLowerCase().replaceAll('_', '');
    if (name === 'policies') return value.items.length > 0 && value.items.every(hasVersions);
    return name === 'roledetaillist' || name === 'userdetaillist' || name === 'groupdetaillist';
  });
}

/** A page may hold policies alone; other outputs list policies without their documents. */
function hasVersions(tree: Tree): boolean {
  return tree.kind === 'map' && tree.entries.some(({ key }) => /^policy_?version_?list$/i.test(key.text));
}

/** Dumps of accounts. `deploymentOf` gives what the configuration says of an account id. */
export class AuthorizationDetails {
  readonly #deploymentOf: (account: Text) => Deployment;
  /** What all pages that were read show. */
  readonly coverage = new Coverage();

  constructor(deploymentOf: (account: Text) => Deployment) {
    this.#deploymentOf = deploymentOf;
  }

  /** Every entity of a page, or of several. */
  read(tree: Tree): Declarations {
    if (tree.kind === 'list') return together(tree.items.map((page) => this.read(page)));
    const value = valueFromTree(tree);
    const declared = fieldText(value, 'Declared') === 'true';
    const reader = new EntityReader(this.#deploymentOf, declared ? DECLARED : EVERYTHING);
    for (const item of itemsOf(field(value, 'Policies'))) reader.managedPolicy(item);
    for (const item of itemsOf(field(value, 'GroupDetailList'))) reader.group(item);
    for (const item of itemsOf(field(value, 'UserDetailList'))) reader.user(item);
    for (const item of itemsOf(field(value, 'RoleDetailList'))) reader.role(item);
    for (const name of PROVIDERS) for (const item of itemsOf(field(value, name))) reader.provider(item);
    this.coverage.add(value);
    return reader.declarations();
  }
}
