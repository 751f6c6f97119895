import type { Deployment, Intent, IntentCaller } from '../../inventory/declarations.ts';
import { member, type ScalarTree, scalarText, type Tree } from '../../source/tree.ts';
import { unknownText } from '../../symbolic/text.ts';
import { serviceAccountToken, withPlaceholders } from './tokens.ts';

/** https://schema.eksctl.io : the file that `eksctl create cluster -f` takes */
export function isClusterConfig(text: string): boolean {
  return text.includes('eksctl.io/') && /^\s*apiVersion:\s*["']?eksctl\.io\//m.test(text) && /role_?arn/i.test(text);
}

/** The roles that a cluster's own configuration hands on: to its service accounts, to its pods, to its nodes, to EKS itself. */
export function clusterIntents(tree: Tree, path: string, deployment: Deployment): readonly Intent[] {
  if (scalarText(member(tree, 'kind')) !== 'ClusterConfig') return [];
  const region = scalarText(member(member(tree, 'metadata'), 'region'));
  const found: Intent[] = [];
  const hand = (role: Tree | undefined, caller: IntentCaller, text: string, kind: Intent['kind'] = 'service'): void => {
    if (!isRole(role)) return;
    const item = { text: withPlaceholders(role.text, path), place: role.place };
    found.push({ kind, role: item, caller, deployment, text, outside: true });
  };
  const service = (name: string): IntentCaller => ({
    kind: 'service',
    name,
    region:
      region ??
      unknownText({ id: `${path}#region`, kind: 'region', shown: '${region}', missing: 'the cluster’s region' }),
  });
  const pods = (association: Tree): void =>
    hand(
      member(association, 'roleARN'),
      service('pods.eks.amazonaws.com'),
      `is associated with the service account ${scalarText(member(association, 'serviceAccountName')) ?? ''}`.trimEnd(),
    );
  const iam = member(tree, 'iam');
  for (const account of itemsIn(iam, 'serviceAccounts')) {
    const role = member(account, 'attachRoleARN');
    const metadata = member(account, 'metadata');
    const name = scalarText(member(metadata, 'name'));
    const namespace = scalarText(member(metadata, 'namespace'));
    const token = serviceAccountToken({ name, namespace, at: `${path}:${account.place.start}`, path });
    hand(role, token, `eksctl annotates the service account ${name ?? ''} with it`, 'service-account');
  }
  for (const association of itemsIn(iam, 'podIdentityAssociations')) pods(association);
  for (const addon of itemsIn(tree, 'addons'))
    for (const association of itemsIn(addon, 'podIdentityAssociations')) pods(association);
  hand(member(iam, 'serviceRoleARN'), service('eks.amazonaws.com'), 'hands this role to eks.amazonaws.com');
  for (const group of [...itemsIn(tree, 'nodeGroups'), ...itemsIn(tree, 'managedNodeGroups')])
    hand(
      member(member(group, 'iam'), 'instanceRoleARN'),
      service('ec2.amazonaws.com'),
      'hands this role to the nodes of the cluster',
    );
  const fargate = [
    member(iam, 'fargatePodExecutionRoleARN'),
    ...itemsIn(tree, 'fargateProfiles').map((profile) => member(profile, 'podExecutionRoleARN')),
  ];
  for (const role of fargate)
    hand(role, service('eks-fargate-pods.amazonaws.com'), 'hands this role to pods on Fargate');
  return found;
}

function isRole(tree: Tree | undefined): tree is ScalarTree {
  return tree?.kind === 'scalar' && tree.type !== 'null' && tree.text !== '';
}

function itemsIn(tree: Tree | undefined, name: string): readonly Tree[] {
  const list = member(tree, name);
  return list?.kind === 'list' ? list.items : [];
}
