import { describe, expect, test } from 'vitest';
import { corpusFiles } from '../support/corpus.ts';
import { CONFIGURATION, check, type Documents, json, lines, policy } from '../support/documents.ts';

const TOOLS = 'arn:aws:iam::111122223333:';
const PROD = 'arn:aws:iam::444455556666:';

const trust = (principal: string, type = 'AWS') => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { [type]: principal }, Action: 'sts:AssumeRole' }],
});
const grant = (role: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: role }],
});
const role = (account: string, name: string, more: object = {}) => ({
  RoleName: name,
  RoleId: 'AROAEXAMPLEEXAMPLE00',
  Arn: `${account}role/${name}`,
  Path: '/',
  AssumeRolePolicyDocument: trust('ec2.amazonaws.com', 'Service'),
  RolePolicyList: [],
  AttachedManagedPolicies: [],
  ...more,
});

const DEPLOYER = role(TOOLS, 'deployer', {
  RolePolicyList: [{ PolicyName: 'own', PolicyDocument: grant(`${PROD}role/target`) }],
});
const TARGET = role(PROD, 'target', { AssumeRolePolicyDocument: trust(`${TOOLS}role/deployer`) });

function decisions(documents: Documents, ...options: readonly string[]): readonly string[] {
  const { report } = check(documents, ...options);
  return report.assumptions.map(({ principal, role, decision }) => `${principal} ${role} ${decision}`).sort();
}

describe('a dump in any shape', () => {
  const expected = `${TOOLS}role/deployer ${PROD}role/target allowed`;

  test.each([
    ['as the command line prints it', (page: object) => page],
    ['with URL-encoded documents', (page: object) => encoded(page)],
    ['with documents that are encoded twice', (page: object) => encodedOnceMore(encoded(page))],
    [
      'with keys of any letters',
      (page: object) =>
        renamed(page, (key) =>
          key.replace(/.(.)?/g, (two) => (two[0] ?? '').toLowerCase() + (two[1] ?? '').toUpperCase()),
        ),
    ],
    ['with keys in camel case', (page: object) => renamed(page, (key) => key[0]?.toLowerCase() + key.slice(1))],
    ['with keys in snake case', (page: object) => renamed(page, snake)],
    [
      'without the sections that it does not need',
      ({ RoleDetailList }: { RoleDetailList: unknown }) => ({ RoleDetailList }),
    ],
    ['in a list of pages', (page: object) => [page, { UserDetailList: [], Policies: [] }]],
  ])('%s', (_, change) => {
    const page = { UserDetailList: [], GroupDetailList: [], RoleDetailList: [DEPLOYER, TARGET], Policies: [] };
    expect(decisions({ 'dump.json': json(change(page)) })).toContain(expected);
  });

  test.each([
    ['appended to one file', '\n'],
    ['one in each line', '\n\n  '],
    ['one right after the other', ''],
  ])('pages %s', (_, between) => {
    const pages = [
      { RoleDetailList: [DEPLOYER], IsTruncated: true, Marker: 'm' },
      { RoleDetailList: [TARGET], IsTruncated: false },
    ].map((page) => JSON.stringify(page));
    expect(decisions({ 'dump.json': pages.join(between) })).toContain(expected);
    // Of an inventory only what is asked is told.
    const expectation = `expect: [{principal: "${TOOLS}role/deployer", role: "${PROD}role/target"}]\n`;
    const named = { [CONFIGURATION]: expectation, 'dump.ndjson': pages.join(between) };
    expect(decisions(named, '--inventory', 'dump.ndjson')).toContain(expected);
  });

  test('a slip between pages is told, with its line', () => {
    const pages = `${JSON.stringify({ RoleDetailList: [DEPLOYER] })}\n, ${JSON.stringify({ RoleDetailList: [TARGET] })}\n`;
    const { report } = check({ 'dump.json': pages });
    expect(report.diagnostics).toMatchObject([
      { level: 'error', line: 2, message: expect.stringContaining('not valid JSON') },
    ]);
  });

  test('a place in a later page is where it stands in the file', () => {
    const open = role(PROD, 'open', { AssumeRolePolicyDocument: trust('*') });
    const pages = `${JSON.stringify({ RoleDetailList: [DEPLOYER] })}\n${JSON.stringify({ RoleDetailList: [open] })}\n`;
    const { report } = check({ 'dump.json': pages });
    expect(report.findings).toMatchObject([{ rule: 'open-trust', location: { startLine: 2 } }]);
    const { startColumn = 0, endColumn = 0 } = report.findings[0]?.location ?? {};
    expect(pages.split('\n')[1]?.slice(startColumn - 1, endColumn - 1)).toBe('*');
  });

  test('a policy on another page is found', () => {
    const arn = `${TOOLS}policy/deploy`;
    const pages = {
      'a.json': json({
        RoleDetailList: [role(TOOLS, 'deployer', { AttachedManagedPolicies: [{ PolicyArn: arn }] }), TARGET],
        IsTruncated: true,
      }),
      'b.json': json({
        Policies: [
          {
            Arn: arn,
            DefaultVersionId: 'v2',
            PolicyVersionList: [
              { VersionId: 'v1', Document: grant(`${PROD}role/other`), IsDefaultVersion: false },
              { VersionId: 'v2', Document: grant(`${PROD}role/target`), IsDefaultVersion: true },
            ],
          },
        ],
      }),
    };
    expect(decisions(pages)).toContain(expected);
  });
});

describe('what of a dump decides', () => {
  const policyArn = `${TOOLS}policy/deploy`;
  const target = `${PROD}role/target`;
  const versions = (current: object, ...PolicyVersionList: readonly object[]) => [
    { Arn: policyArn, ...current, PolicyVersionList },
  ];
  const old = { VersionId: 'v1', Document: grant(`${PROD}role/other`) };
  const now = { VersionId: 'v2', Document: grant(target) };
  const of = (caller: object, more: object = {}) => {
    const { report } = check({
      'dump.json': json({ RoleDetailList: [caller, TARGET], ...more }),
      [CONFIGURATION]: `expect: [{principal: "${TOOLS}role/deployer", role: "${target}"}]\n`,
    });
    return report.assumptions.find(({ principal, role: to }) => principal.endsWith('role/deployer') && to === target)
      ?.decision;
  };
  const attached = role(TOOLS, 'deployer', { AttachedManagedPolicies: [{ PolicyArn: policyArn }] });

  test.each<[string, readonly object[], string]>([
    ['named by its id', versions({ DefaultVersionId: 'v2' }, old, now), 'allowed'],
    ['marked', versions({}, { ...old, IsDefaultVersion: false }, { ...now, IsDefaultVersion: true }), 'allowed'],
    [
      'marked by a text',
      versions({}, { ...old, IsDefaultVersion: 'False' }, { ...now, IsDefaultVersion: 'True' }),
      'allowed',
    ],
    ['the old one', versions({ DefaultVersionId: 'v1' }, old, now), 'denied'],
    ['the only one, of which nothing is said', versions({}, now), 'allowed'],
    ['not shown', versions({ DefaultVersionId: 'v3' }, old, now), 'unknown'],
    ['not the only one that is shown', versions({}, { ...old, IsDefaultVersion: false }), 'unknown'],
    ['one of two, of which nothing is said', versions({}, old, now), 'unknown'],
  ])('the default version of a policy: %s', (_, Policies, decision) => {
    expect(of(attached, { Policies })).toBe(decision);
  });

  test('a boundary, by its policy', () => {
    const PermissionsBoundary = { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: policyArn };
    const limited = { ...DEPLOYER, PermissionsBoundary };
    expect(of(limited, { Policies: versions({ DefaultVersionId: 'v2' }, old, now) })).toBe('allowed');
    expect(of(limited, { Policies: versions({ DefaultVersionId: 'v1' }, old, now) })).toBe('denied');
    expect(of(limited)).toBe('unknown');
  });

  test('tags, of both ends', () => {
    const when = (Condition: object) => ({ Statement: [{ ...grant(target).Statement[0], Condition }] });
    const asking = (Condition: object, Tags: readonly object[]) =>
      of(role(TOOLS, 'deployer', { Tags, RolePolicyList: [{ PolicyName: 'own', PolicyDocument: when(Condition) }] }));
    const condition = { StringEquals: { 'aws:PrincipalTag/team': 'core' } };
    expect(asking(condition, [{ Key: 'team', Value: 'core' }])).toBe('allowed');
    expect(asking(condition, [{ Key: 'Team', Value: 'web' }])).toBe('denied');
  });

  test('groups, with what they have', () => {
    const Arn = `${TOOLS}user/anna`;
    const user = { UserName: 'anna', Path: '/', Arn, GroupList: ['deployers'] };
    const target2 = role(PROD, 'target', { AssumeRolePolicyDocument: trust(Arn) });
    const decide = (...GroupDetailList: readonly object[]) =>
      decisions({ 'd.json': json({ UserDetailList: [user], RoleDetailList: [target2], GroupDetailList }) });
    const group = (name: string, to: string) => ({
      GroupName: name,
      Arn: `${TOOLS}group/${name}`,
      GroupPolicyList: [{ PolicyName: 'p', PolicyDocument: grant(to) }],
    });
    expect(decide(group('deployers', target))).toContain(`${Arn} ${target} allowed`);
    expect(decide(group('deployers', `${PROD}role/other`))).toContain(`${Arn} ${target} denied`);
    expect(decide()).toContain(`${Arn} ${target} unknown`);
  });
});

describe('an account that is declared in full', () => {
  const config = lines(`
    expect:
      - {principal: "${TOOLS}role/deployer", role: "${PROD}role/nowhere"}
  `);
  const lacks = (dump: Documents): boolean =>
    check({ ...dump, [CONFIGURATION]: config }).report.findings.some(({ rule }) => rule === 'role-not-found');
  const whole = { UserDetailList: [], GroupDetailList: [], RoleDetailList: [TARGET], Policies: [] };

  test('has no other roles', () => expect(lacks({ 'd.json': json(whole) })).toBe(true));

  test('with all its pages', () => {
    const [first, last] = [
      { ...whole, IsTruncated: true, Marker: 'AAA' },
      { ...whole, RoleDetailList: [role(PROD, 'b')] },
    ];
    expect(lacks({ 'a.json': json(first), 'b.json': json({ ...last, IsTruncated: false }) })).toBe(true);
    expect(lacks({ 'a.json': json(first) })).toBe(false);
  });

  test('a last page alone shows that something is missing', () => {
    const count = { Arn: `${PROD}policy/p`, AttachmentCount: 2, PolicyVersionList: [] };
    expect(lacks({ 'b.json': json({ ...whole, Policies: [count], IsTruncated: false }) })).toBe(false);
  });

  test('but not one that is merely listed, or a page with more to come', () => {
    expect(lacks({ 'r.json': json({ Roles: [TARGET] }) })).toBe(false);
    expect(lacks({ 'd.json': json({ ...whole, NextToken: 'x' }) })).toBe(false);
    expect(lacks({ 'd.json': json({ ...whole, RoleDetailList: [], UserDetailList: [] }) })).toBe(false);
  });
});

describe('other outputs of aws iam', () => {
  const listed = { Roles: [{ ...TARGET, RolePolicyList: undefined, AttachedManagedPolicies: undefined }] };

  test('list-roles shows trust policies, and neither policies nor boundaries', () => {
    const all = decisions({ 'dump.json': json({ RoleDetailList: [DEPLOYER] }), 'roles.json': json(listed) });
    expect(all).toContain(`${TOOLS}role/deployer ${PROD}role/target allowed`);
    const listedCaller = { Roles: [{ ...DEPLOYER, RolePolicyList: undefined }, TARGET] };
    expect(decisions({ 'roles.json': json(listedCaller) })).toContain(
      `${TOOLS}role/deployer ${PROD}role/target unknown`,
    );
  });

  test('a dump tells more than a list, whichever is read first', () => {
    const dump = json({ RoleDetailList: [DEPLOYER, TARGET] });
    const list = json({ Roles: [DEPLOYER, TARGET] });
    const expected = decisions({ 'dump.json': dump });
    expect(decisions({ 'a.json': list, 'b.json': dump })).toEqual(expected);
    expect(decisions({ 'b.json': list, 'a.json': dump })).toEqual(expected);
  });

  test('a Deny of get-role-policy counts, whatever else the role has', () => {
    const deny = { Effect: 'Deny', Action: 'sts:AssumeRole', Resource: '*' };
    const inline = { RoleName: 'deployer', PolicyName: 'own', PolicyDocument: { Statement: [deny] } };
    const documents = { 'roles.json': json({ Roles: [DEPLOYER, TARGET] }), 'tools.json': json(inline) };
    expect(decisions(documents, '--account', '111122223333')).toContain(
      `${TOOLS}role/deployer ${PROD}role/target denied`,
    );
  });
});

describe('outputs of aws organizations', () => {
  const summary = { Id: 'p-examplepolicy', Name: 'NoHops', Type: 'SERVICE_CONTROL_POLICY' };
  const content = policy({ Effect: 'Deny', Action: 'sts:AssumeRole', Resource: '*' });
  const described = { Policy: { PolicySummary: summary, Content: content } };
  const targets = { Targets: [{ TargetId: '111122223333', Name: 'tools', Type: 'ACCOUNT' }] };
  const dump = { 'dump.json': json({ RoleDetailList: [DEPLOYER, TARGET] }) };
  const denied = `${TOOLS}role/deployer ${PROD}role/target denied`;

  test.each<[string, Documents]>([
    ['beside each other', { 'scp.json': json({ ...described, ...targets }) }],
    ['named by the path', { 'scp.json': json(described), 'targets/p-examplepolicy.json': json(targets) }],
    [
      'by the target',
      {
        'scp.json': json(described),
        'policies-for-111122223333.json': json({ Policies: [{ ...summary, Arn: 'arn:aws:organizations::1:policy' }] }),
      },
    ],
  ])('an SCP denies in the accounts that it is attached to, %s', (_, documents) => {
    expect(decisions({ ...dump, ...documents })).toContain(denied);
  });

  test('targets of nobody knows which policy are told', () => {
    const { report } = check({ ...dump, 'scp.json': json(described), 'targets.json': json(targets) });
    expect(report.diagnostics.map(({ message }) => message)).toEqual([expect.stringContaining('p-…')]);
  });

  test('list-accounts says whose an account is, and which manages', () => {
    const account = (id: string) => ({
      Id: id,
      Arn: `arn:aws:organizations::111122223333:account/o-exampleorgid/${id}`,
      Name: id,
    });
    const orgTrust = {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: `${TOOLS}role/deployer` },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } },
        },
      ],
    };
    const target = role(PROD, 'target', { AssumeRolePolicyDocument: orgTrust });
    const roles = { 'dump.json': json({ RoleDetailList: [DEPLOYER, target] }) };
    const accounts = { 'accounts.json': json({ Accounts: [account('111122223333'), account('444455556666')] }) };
    const scp = { 'scp.json': json({ ...described, ...targets }) };
    expect(decisions(roles)).not.toContain(`${TOOLS}role/deployer ${PROD}role/target allowed`);
    expect(decisions({ ...roles, ...accounts })).toContain(`${TOOLS}role/deployer ${PROD}role/target allowed`);
    expect(decisions({ ...roles, ...accounts, ...scp })).toContain(`${TOOLS}role/deployer ${PROD}role/target allowed`);
  });
});

const DUMPS = corpusFiles('authz', /\.json$/);

describe.skipIf(DUMPS.size === 0)('public dumps', () => {
  test.each([...DUMPS.keys()])('%s loses nobody, and decides alike in any order', (path) => {
    const page: Page = JSON.parse(DUMPS.get(path) ?? '');
    const { report } = check({ 'dump.json': json(page) });
    const roles = new Set(page.RoleDetailList.map(({ Arn }) => Arn));
    const users = new Set(page.UserDetailList.map(({ Arn }) => Arn));
    expect(report.summary).toMatchObject({ roles: roles.size, principals: roles.size + users.size });
    const expected = decisions({ 'dump.json': json(page) });
    const reversed = Object.fromEntries(
      Object.entries(page)
        .reverse()
        .map(([key, list]) => [key, Array.isArray(list) ? [...list].reverse() : list]),
    );
    expect(decisions({ 'dump.json': json(reversed) })).toEqual(expected);
    const { RoleDetailList, ...rest } = page;
    const half = Math.floor(RoleDetailList.length / 2);
    const pages = {
      'z.json': json({ RoleDetailList: RoleDetailList.slice(0, half), IsTruncated: true }),
      'a.json': json({ ...rest, RoleDetailList: RoleDetailList.slice(half), IsTruncated: false }),
    };
    expect(decisions(pages)).toEqual(expected);
  });
});

interface Page {
  readonly RoleDetailList: readonly { readonly Arn: string }[];
  readonly UserDetailList: readonly { readonly Arn: string }[];
}

function renamed(value: unknown, name: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, name));
  if (typeof value !== 'object' || value === null) return value;
  // A policy's own elements keep their names.
  return Object.fromEntries(
    Object.entries(value).map(([key, own]) => [name(key), 'Statement' in Object(own) ? own : renamed(own, name)]),
  );
}

function encoded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(encoded);
  if (typeof value !== 'object' || value === null) return value;
  if ('Statement' in value) return encodeURIComponent(JSON.stringify(value));
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, encoded(own)]));
}

function encodedOnceMore(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(encodedOnceMore);
  if (typeof value === 'string') return value.startsWith('%7B') ? encodeURIComponent(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, encodedOnceMore(own)]));
}

function snake(key: string): string {
  return key.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
}
