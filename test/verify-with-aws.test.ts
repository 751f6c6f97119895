import { describe, expect, test } from 'vitest';
import { CREDENTIALS, checkLive, commandIn, grant, granting, trust, trusting } from './support/aws/checked-live.ts';
import { iamServer, type ServerFault } from './support/aws/iam-server.ts';
import { json, lines, role, run, template } from './support/documents.ts';

/** AWS's policy simulator as a second opinion, over HTTP. */
const TOOLS = 'arn:aws:iam::111122223333:';
const PROD = 'arn:aws:iam::444455556666:';
const OWN = ['--account', '111122223333', '--fail-on', 'never', '--verify-with-aws'];
const target = `${PROD}role/target`;
const account = { '111122223333': {} };

const agrees = (answer: string): ServerFault => ({
  body: `<SimulateCustomPolicyResponse><SimulateCustomPolicyResult><EvaluationResults><member><EvalActionName>sts:AssumeRole</EvalActionName><EvalDecision>${answer}</EvalDecision></member></EvaluationResults></SimulateCustomPolicyResult></SimulateCustomPolicyResponse>`,
});

/** Callers of each sort that the simulator can be asked about, and of each sort that it cannot. */
const CALLERS = template(
  role('Plain', { name: 'plain', grants: `- {Effect: Allow, Action: "sts:*", Resource: "${target}"}` }),
  role('Denied', {
    name: 'denied',
    grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${target}"}\n- {Effect: Deny, Action: "*", NotResource: "arn:aws:s3:::*"}`,
  }),
  role('Limited', {
    name: 'limited',
    grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${target}"}`,
    more: `PermissionsBoundary: !Ref Limit\nManagedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]`,
  }),
  lines(`
    Limit:
      Type: AWS::IAM::ManagedPolicy
      Properties:
        ManagedPolicyName: limit
        PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:*", Resource: "*"}]}
  `),
  role('Tagged', {
    name: 'tagged',
    grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${target}", Condition: {StringLike: {"aws:PrincipalTag/team": "co*", "aws:PrincipalArn": "*tagged"}}}`,
    more: 'Tags: [{Key: team, Value: "cöre"}]',
  }),
  role('External', {
    name: 'external',
    grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${target}", Condition: {StringEquals: {"sts:ExternalId": a}}}`,
  }),
  role('Open', {
    name: 'open',
    grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${target}"}`,
    more: `ManagedPolicyArns: ["${TOOLS}policy/unknown"]`,
  }),
);

describe('the simulator agrees', () => {
  test('on what is known beforehand, and is not asked for the rest', async () => {
    const documents = { 'app.yaml': CALLERS };
    const { report, calls } = await checkLive(documents, { accounts: account, options: OWN, lookup: 'off' });
    expect(calls.filter((call) => call !== 'SimulateCustomPolicy')).toEqual(['GetCallerIdentity']);
    expect(report.verification).toMatchObject({ agreed: 4, disagreed: 0 });
    expect(report.verification?.notAsked.map(({ principal, reason }) => [principal, reason])).toEqual(
      expect.arrayContaining([
        [`${TOOLS}role/external`, 'the policies ask for sts:ExternalId, of which nothing is known beforehand'],
        [`${TOOLS}role/open`, expect.stringContaining('policy/unknown')],
      ]),
    );
    expect(report.diagnostics).toEqual([]);
    const without = await checkLive(documents, { accounts: account, options: OWN.slice(0, -1), lookup: 'off' });
    expect(without.report.verification).toBeUndefined();
    expect(without.calls).toEqual([]);
    expect(report.assumptions).toEqual(without.report.assumptions);
  });

  test('a caller that was looked up is simulated by name', async () => {
    const roles = { deployer: { trust: trust('*'), inline: { own: grant(`${TOOLS}role/app`) } } };
    const documents = {
      'app.yaml': trusting('arn:aws:iam::111122223333:root'),
      '.github/assume-role-check.yml': `expect: [{principal: "${TOOLS}role/deployer", role: "${TOOLS}role/app"}]\n`,
    };
    const { report, calls } = await checkLive(documents, { accounts: { '111122223333': { roles } }, options: OWN });
    expect(calls).toContain(`SimulatePrincipalPolicy ${TOOLS}role/deployer`);
    expect(report.verification).toMatchObject({ agreed: 1, disagreed: 0 });
  });
});

describe('the simulator disagrees', () => {
  const faults = { SimulateCustomPolicy: agrees('implicitDeny') };
  const live = { accounts: account, faults, lookup: 'off' as const };

  test('then it asks for a report, and what was decided stands', async () => {
    const { report, status } = await checkLive({ 'app.yaml': granting(target) }, { ...live, options: OWN });
    const [first, ...more] = report.diagnostics;
    expect(more).toEqual([]);
    expect(first).toMatchObject({ level: 'warning', message: expect.stringContaining('answers implicitDeny') });
    expect(first?.message).toContain('/issues/new');
    expect(report.verification).toMatchObject({ agreed: 0, disagreed: 1 });
    expect(status).toBe(0);
  });

  test.each(['plain', 'denied', 'limited', 'tagged'])(
    'and the command that is attached decides %s again',
    async (name) => {
      const documents = { 'app.yaml': CALLERS };
      const answers = await Promise.all(
        ['allowed', 'explicitDeny'].map((answer) =>
          checkLive(documents, { ...live, faults: { SimulateCustomPolicy: agrees(answer) }, options: OWN }),
        ),
      );
      const cases = answers.flatMap(({ report }, index) =>
        report.diagnostics.flatMap((one) =>
          one.case?.command.includes(`role/${name} `) ? [{ ...one.case, index }] : [],
        ),
      );
      const [only, ...more] = cases;
      expect(more).toEqual([]);
      if (only === undefined) throw new Error(`no case of ${name}`);
      const [, ...args] = only.command.split(' ').map((word) => word.replace(/^'(.*)'$/, '$1'));
      const { output, status } = run({ 'case.json': json(only.document) }, [...args, '--format', 'json']);
      const { decision } = JSON.parse(output);
      // The answer that was disagreed with is AWS's; the command gives the other one.
      expect([decision, status]).toEqual(only.index === 0 ? ['denied', 1] : ['allowed', 0]);
    },
  );

  test.each(['text', 'markdown', 'html'])('people are shown the case in %s', async (format) => {
    const server = await iamServer(account, faults);
    try {
      const environment = { ...CREDENTIALS, AWS_ENDPOINT_URL: server.url };
      const args = [...OWN, '--format', format];
      const { output } = await commandIn({ 'app.yaml': granting(target) }, args, environment);
      expect(output).toContain('simulate case.json');
    } finally {
      await server.close();
    }
  });
});

describe('without an answer nothing is said against the decision', () => {
  test.each<[string, ServerFault, string]>([
    ['refused', { status: 403, code: 'AccessDenied' }, 'do not allow iam:SimulateCustomPolicy'],
    ['invalid', { status: 400, code: 'InvalidInput' }, 'InvalidInput'],
    ['throttled', { status: 400, code: 'Throttling' }, 'Throttling'],
    ['no XML', { body: '<SimulateCustomPolicyResponse><Eval' }, 'was not answered'],
    ['empty', { body: '<A></A>' }, 'AWS gave no decision'],
    ['never answered', { silent: 'hangs' }, 'was not answered'],
    ['cut off', { silent: 'cut' }, 'was not answered'],
  ])('%s', async (_, fault, told) => {
    const live = { accounts: account, faults: { SimulateCustomPolicy: fault }, options: OWN, lookup: 'off' as const };
    const { report } = await checkLive({ 'app.yaml': granting(target) }, live);
    expect(report.diagnostics.map(({ message }) => message)).toEqual([
      expect.stringContaining('not verified with AWS'),
    ]);
    expect(report.diagnostics[0]?.message).toContain(told);
    expect(report.verification).toMatchObject({ agreed: 0, disagreed: 0, notAsked: [{ reason: expect.any(String) }] });
  });
});
