import { describe, expect, test } from 'vitest';
import { checkLive, grant, granting, trust } from './support/aws/checked-live.ts';
import { lines, role, template } from './support/documents.ts';

/** How what is declared is deployed, asked of an IAM over HTTP. */
const TOOLS = 'arn:aws:iam::111122223333:';
const OWN = ['--account', '111122223333', '--fail-on', 'never'];
const app = granting(`${TOOLS}role/target`);
const ec2 = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

describe('--aws-lookup drift', () => {
  test('asks for what is declared, too, and changes no decision', async () => {
    const accounts = {
      '111122223333': {
        roles: {
          target: { trust: trust(`${TOOLS}role/app`) },
          app: {
            trust: trust(`${TOOLS}role/other`),
            inline: { own: grant(`${TOOLS}role/target`), hand: grant('*') },
            longest: 7200,
          },
        },
      },
    };
    const missing = await checkLive({ 'app.yaml': app }, { accounts, options: OWN });
    expect(missing.calls).toEqual(['GetCallerIdentity', 'GetRole target']);
    expect(missing.report.drift).toEqual([]);
    const { report, calls } = await checkLive({ 'app.yaml': app }, { accounts, options: OWN, lookup: 'drift' });
    expect(calls).toContain('GetRole app');
    const decisions = (all: typeof report) =>
      all.assumptions.map(({ principal, role: to, decision }) => [principal, to, decision]);
    expect(decisions(report)).toEqual(decisions(missing.report));
    expect(report.findings).toEqual(missing.report.findings);
    expect(report.drift.map(({ part, arn, name }) => [part, arn, name])).toEqual([
      ['trust-policy', `${TOOLS}role/app`, undefined],
      ['max-session-duration', `${TOOLS}role/app`, undefined],
      ['inline-policy', `${TOOLS}role/app`, 'hand'],
    ]);
    expect(report.drift).toContainEqual(
      expect.objectContaining({
        location: expect.objectContaining({ path: 'app.yaml' }),
        deployedAt: expect.objectContaining({ path: 'aws-iam/111122223333.json' }),
      }),
    );
  });

  test('what is not there is not deployed yet', async () => {
    const documents = {
      'app.yaml': template(
        role('App', { name: 'app' }),
        lines(`
          Deploy:
            Type: AWS::IAM::ManagedPolicy
            Properties:
              ManagedPolicyName: deploy
              PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:*", Resource: "*"}]}
        `),
      ),
    };
    const { report } = await checkLive(documents, { accounts: { '111122223333': {} }, options: OWN, lookup: 'drift' });
    expect(report.drift.map(({ part, arn }) => [part, arn])).toEqual([
      ['existence', `${TOOLS}role/app`],
      ['existence', `${TOOLS}policy/deploy`],
    ]);
    expect(report.findings).toEqual([]);
    const policies = { deploy: grant('*') };
    const there = await checkLive(documents, {
      accounts: { '111122223333': { roles: { app: { trust: ec2 } }, policies } },
      options: OWN,
      lookup: 'drift',
    });
    expect(there.report.drift).toMatchObject([{ kind: 'policy', part: 'document', arn: `${TOOLS}policy/deploy` }]);
  });

  test('what may not be asked for is not compared, and named', async () => {
    const accounts = { '111122223333': { roles: { target: { trust: trust('*') }, app: { trust: ec2 } } } };
    const refused = { status: 403, code: 'AccessDenied' };
    const faults = { ListRolePolicies: refused, ListAttachedRolePolicies: refused };
    const { report } = await checkLive({ 'app.yaml': app }, { accounts, faults, options: OWN, lookup: 'drift' });
    // The inline policy that is declared may be there.
    expect(report.drift).toEqual([]);
    expect(report.diagnostics.map(({ message }) => /iam:\w+/.exec(message)?.[0]).sort()).toEqual([
      'iam:ListAttachedRolePolicies',
      'iam:ListRolePolicies',
    ]);
  });
});
