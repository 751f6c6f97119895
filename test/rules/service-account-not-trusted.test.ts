import { lines, role, template } from '../support/documents.ts';
import { type BadCase, type GoodCase, ruleCases } from './rule-cases.ts';

const ISSUER = 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE';
const PROVIDER = `arn:aws:iam::111122223333:oidc-provider/${ISSUER}`;
const APP = 'arn:aws:iam::111122223333:role/app';
const call = { principal: PROVIDER, role: APP, action: 'sts:AssumeRoleWithWebIdentity' };
const options = ['--account', '111122223333'];

const trusting = (subject: string, more = '', provider = PROVIDER) =>
  template(
    role('App', {
      name: 'app',
      trust: `
        - Effect: Allow
          Principal: {Federated: ${provider}}
          Action: sts:AssumeRoleWithWebIdentity
          Condition: {StringEquals: {"${ISSUER}:sub": ${/^\[/.test(subject) ? subject : `"${subject}"`}${more}}}
      `,
    }),
  );

const account = (name: string, namespace = 'namespace: shop', more = '') =>
  lines(`
    apiVersion: v1
    kind: ServiceAccount
    metadata:
      name: ${name}
      ${namespace}
      annotations:
        eks.amazonaws.com/role-arn: ${APP}
        ${more}
  `);

const annotated = (who: string, path = 'account.yaml') =>
  [
    [path, `role-arn: «${APP}»`, `the service account ${who} is annotated with it`],
    ['roles.yaml', `Federated: «${PROVIDER}»`, 'trusts this principal'],
  ] as const;

const bad: readonly BadCase[] = [
  {
    name: 'another service account than the trusted one',
    options,
    documents: { 'roles.yaml': trusting('system:serviceaccount:shop:app'), 'account.yaml': account('app-worker') },
    findings: [
      {
        ...call,
        says: 'system:serviceaccount:shop:app-worker cannot assume role/app',
        at: ['roles.yaml', 'system:serviceaccount:shop:app'],
        related: annotated('shop/app-worker'),
      },
    ],
  },
  {
    name: 'a subject without a namespace, whatever the namespace of the account is',
    options,
    documents: {
      'roles.yaml': trusting('system:serviceaccount:app'),
      'account.yaml': account('app', 'labels: {a: b}'),
    },
    findings: [
      {
        ...call,
        says: ['system:serviceaccount:${namespace}:app', 'a subject has a namespace, too'],
        at: ['roles.yaml', 'system:serviceaccount:app'],
        related: annotated('app'),
      },
    ],
  },
  {
    name: 'the second of two accounts in one file',
    options,
    documents: {
      'roles.yaml': trusting('["system:serviceaccount:shop:app"]'),
      'account.yaml': `${account('app').replace(APP, `"${APP}"`)}---\n${account('cron')}`,
    },
    findings: [
      {
        ...call,
        says: 'system:serviceaccount:shop:cron cannot assume role/app',
        at: ['roles.yaml', 'system:serviceaccount:shop:app'],
        related: [
          ['account.yaml', `role-arn: «${APP}»`, 'the service account shop/cron is annotated with it'],
          ['roles.yaml', `Federated: «${PROVIDER}»`, 'trusts this principal'],
        ],
      },
    ],
  },
  {
    name: 'another audience',
    options,
    documents: {
      'roles.yaml': trusting('system:serviceaccount:shop:app', `, "${ISSUER}:aud": sts.amazonaws.com`),
      'account.yaml': account('app', 'namespace: shop', 'eks.amazonaws.com/audience: vault'),
    },
    findings: [
      {
        ...call,
        says: 'the call has vault',
        at: ['roles.yaml', 'aud": «sts.amazonaws.com»'],
        related: annotated('shop/app'),
      },
    ],
  },
  {
    name: 'a name that no namespace makes right, in the values of a chart',
    options,
    documents: {
      'roles.yaml': trusting('system:serviceaccount:shop:app'),
      'values.yaml': lines(`
        serviceAccount:
          create: true
          name: worker
          annotations: {eks.amazonaws.com/role-arn: "${APP}"}
      `),
    },
    findings: [
      {
        ...call,
        says: 'system:serviceaccount:${namespace}:worker cannot assume role/app',
        at: ['roles.yaml', 'system:serviceaccount:shop:app'],
        related: [
          ['values.yaml', APP, 'the service account worker of this chart is annotated with it'],
          ['roles.yaml', `Federated: «${PROVIDER}»`, 'trusts this principal'],
        ],
      },
    ],
  },
  {
    name: 'a role that only a service may assume',
    options,
    documents: {
      'roles.yaml': template(role('App', { name: 'app' })),
      'account.yaml': account('app'),
    },
    findings: [
      {
        principal: 'arn:aws:iam::111122223333:oidc-provider/${issuer}',
        role: APP,
        action: 'sts:AssumeRoleWithWebIdentity',
        says: 'the trust policy names ec2.amazonaws.com',
        at: ['roles.yaml', '{Service: ec2.amazonaws.com}'],
        related: [['account.yaml', `role-arn: «${APP}»`, 'the service account shop/app is annotated with it']],
      },
    ],
  },
];

const good: readonly GoodCase[] = [
  {
    name: 'the account that is trusted',
    options,
    documents: {
      'roles.yaml': trusting('system:serviceaccount:shop:app', `, "${ISSUER}:aud": sts.amazonaws.com`),
      'account.yaml': account('app'),
    },
    decided: [[PROVIDER, APP, 'allowed']],
  },
  {
    name: 'an account in a list of manifests',
    options,
    documents: {
      'roles.yaml': trusting('system:serviceaccount:shop:app'),
      'account.yaml': `kind: List\nitems:\n${account('app')
        .replace(/^(?=.)/gm, '    ')
        .replace('    api', '  - api')}`,
    },
    decided: [[PROVIDER, APP, 'allowed']],
  },
  {
    name: 'an account whose namespace is chosen when it is applied',
    options,
    documents: {
      'roles.yaml': trusting('system:serviceaccount:shop:app'),
      'account.yaml': account('app', 'labels: {a: b}'),
    },
    others: ['unresolved-value'],
    decided: [[PROVIDER, APP, 'unknown']],
  },
  {
    name: 'an account that a kustomization moves to another namespace',
    options,
    documents: {
      'roles.yaml': trusting('system:serviceaccount:prod:app'),
      'base/account.yaml': account('app'),
      'base/kustomization.yaml': 'resources: [account.yaml]\n',
      'prod/kustomization.yaml': 'namespace: prod\nresources: [../base]\n',
    },
    others: ['unresolved-value'],
    decided: [[PROVIDER, APP, 'unknown']],
  },
  {
    name: 'one of the clusters that the trust policy names',
    options,
    documents: {
      'roles.yaml': template(
        role('App', {
          name: 'app',
          trust: `
            - Effect: Allow
              Principal: {Federated: "${PROVIDER}2"}
              Action: sts:AssumeRoleWithWebIdentity
              Condition: {StringEquals: {"${ISSUER}2:sub": "system:serviceaccount:test:app"}}
            - Effect: Allow
              Principal: {Federated: ${PROVIDER}}
              Action: sts:AssumeRoleWithWebIdentity
              Condition: {StringEquals: {"${ISSUER}:sub": "system:serviceaccount:shop:app"}}
          `,
        }),
      ),
      'account.yaml': account('app'),
    },
    decided: [[PROVIDER, APP, 'allowed']],
  },
];

const cluster = (iam: string) =>
  `apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: main, region: eu-west-1}\niam: ${iam}\n`;
const attaching = (name: string) =>
  cluster(`{withOIDC: true, serviceAccounts: [{metadata: {name: ${name}, namespace: shop}, attachRoleARN: "${APP}"}]}`);

const inClusters: readonly BadCase[] = [
  {
    name: 'a service account of an eksctl cluster that is given the role of another one',
    options,
    documents: { 'roles.yaml': trusting('system:serviceaccount:shop:app'), 'cluster.yaml': attaching('worker') },
    findings: [
      {
        ...call,
        says: 'system:serviceaccount:shop:worker cannot assume role/app',
        at: ['roles.yaml', 'system:serviceaccount:shop:app'],
        related: [
          ['cluster.yaml', `«${APP}»`, 'eksctl annotates the service account worker with it'],
          ['roles.yaml', `Federated: «${PROVIDER}»`, 'trusts this principal'],
        ],
      },
    ],
  },
];

const inGoodClusters: readonly GoodCase[] = [
  {
    name: 'a service account of an eksctl cluster',
    options,
    documents: { 'roles.yaml': trusting('system:serviceaccount:shop:app'), 'cluster.yaml': attaching('app') },
    decided: [[PROVIDER, APP, 'allowed']],
  },
  {
    name: 'pods and nodes of an eksctl cluster, which call as services',
    options,
    others: ['service-not-trusted', 'missing-tag-session'],
    documents: {
      'roles.yaml': template(
        role('App', {
          name: 'app',
          trust: '- {Effect: Allow, Principal: {Service: pods.eks.amazonaws.com}, Action: sts:AssumeRole}',
        }),
        role('Node', {
          name: 'node',
          trust: '- {Effect: Allow, Principal: {Service: eks.amazonaws.com}, Action: sts:AssumeRole}',
        }),
      ),
      'cluster.yaml': `${cluster(
        `{podIdentityAssociations: [{namespace: shop, serviceAccountName: app, roleARN: "${APP}"}]}`,
      )}managedNodeGroups: [{name: a, iam: {instanceRoleARN: "${APP.replace('app', 'node')}"}}]\n`,
    },
    decided: [
      ['pods.eks.amazonaws.com', APP, 'denied'],
      ['ec2.amazonaws.com', APP.replace('app', 'node'), 'denied'],
    ],
  },
];

ruleCases('service-account-not-trusted', { bad: [...bad, ...inClusters], good: [...good, ...inGoodClusters] });
