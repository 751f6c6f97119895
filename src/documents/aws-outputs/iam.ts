import { parsePolicy } from '../../iam/parse-policy.ts';
import { namedPolicy } from '../../iam/policy.ts';
import { type Attachment, type Declarations, type Deployment, NOTHING_DECLARED } from '../../inventory/declarations.ts';
import type { Tree } from '../../source/tree.ts';
import { valueFromTree } from '../../symbolic/from-tree.ts';
import { show, type Text } from '../../symbolic/text.ts';
import { itemsOf, type Value } from '../../symbolic/value.ts';
import { EntityReader, LISTED, ONE_ENTITY } from '../authorization-details/entities.ts';
import { field, identityDocument } from '../fields.ts';

const OWNERS = [
  ['RoleName', 'role'],
  ['UserName', 'user'],
  ['GroupName', 'group'],
] as const;

type Reading = (local: Deployment, deploymentOf: (account: Text) => Deployment) => Declarations;

/**
 * The outputs of `aws iam list-roles`, `list-users`, `get-user` and `get-role-policy` and its like. Others, such as
 * `list-attached-role-policies`, do not say whose they are.
 */
export function iamOutput(tree: Tree): Reading | undefined {
  if (tree.kind !== 'map') return undefined;
  const value = valueFromTree(tree);
  const roles = entitiesIn(field(value, 'Roles'));
  const users = entitiesIn(field(value, 'Users'));
  const one = entitiesIn(field(value, 'User'));
  if (roles.length + users.length + one.length > 0)
    return (_, deploymentOf) => {
      const [listed, whole] = [new EntityReader(deploymentOf, LISTED), new EntityReader(deploymentOf, ONE_ENTITY)];
      for (const item of roles) listed.role(item);
      for (const item of users) listed.user(item);
      for (const item of one) whole.user(item);
      const [first, second] = [listed.declarations(), whole.declarations()];
      return {
        ...first,
        entities: [...first.entities, ...second.entities],
        policies: [...first.policies, ...second.policies],
      };
    };
  const document = field(value, 'PolicyDocument');
  const name = field(value, 'PolicyName');
  const owner = OWNERS.map(([key, to]) => ({ to, name: field(value, key) })).find((found) => found.name !== undefined);
  if (document === undefined || name?.kind !== 'text' || owner?.name?.kind !== 'text') return undefined;
  const holder = { to: owner.to, text: owner.name.text, place: owner.name.place };
  return ({ account }) => inlinePolicy(document, show(name.text), { account, holder });
}

/** Of IAM: other services list users, too. */
function entitiesIn(value: Value | undefined): readonly Value[] {
  const items = value?.kind === 'map' ? [value] : itemsOf(value);
  const ours = items.every((item) => {
    const arn = field(item, 'Arn');
    return arn?.kind === 'text' && /^arn:[^:]*:iam::\d{12}:(role|user)\//.test(show(arn.text));
  });
  return ours ? items : [];
}

function inlinePolicy(
  document: Value,
  name: string,
  {
    account,
    holder,
  }: { readonly account: Text; readonly holder: { readonly to: Attachment['to'] } & Attachment['name'] },
): Declarations {
  const owner = `inline policy ${name} of ${show(holder.text)}`;
  const policy = namedPolicy(parsePolicy(identityDocument(document), 'identity', owner), name);
  const { to, ...item } = holder;
  return {
    ...NOTHING_DECLARED,
    policies: [{ policy, use: 'identity', owner }],
    attachments: [{ to, account, name: item, deployed: true, what: { kind: 'policy', policy } }],
  };
}
