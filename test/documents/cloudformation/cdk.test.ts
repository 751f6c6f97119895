import { describe, expect, test } from 'vitest';
import { check, type Documents, json, lines, place } from '../../support/documents.ts';

const source = lines(`
  import * as iam from 'aws-cdk-lib/aws-iam';
  export class Roles extends Stack {
    constructor(scope: Construct) {
      super(scope, 'Roles');
      new iam.Role(this, 'Target', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
    }
  }
`);
const template = json({
  Resources: {
    Target3D1C0AC2: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AsumeRole' }],
        },
      },
      Metadata: { 'aws:cdk:path': 'Roles/Target/Resource' },
    },
  },
});
const trace = [
  'new Role2 (/build/app/node_modules/aws-cdk-lib/aws-iam/lib/role.js:1:4711)',
  'new Roles (/build/app/lib/roles.ts:5:5)',
  'Object.<anonymous> (/build/app/bin/app.ts:3:1)',
  'Module._compile (node:internal/modules/cjs/loader:1105:14)',
];
const manifest = (entries: unknown, more: object = {}) =>
  json({
    version: '36.0.0',
    artifacts: {
      Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
      Roles: {
        type: 'aws:cloudformation:stack',
        properties: { templateFile: 'Roles.template.json' },
        metadata: { '/Roles/Target/Resource': entries },
        ...more,
      },
    },
  });
const assembly = (more: Documents): Documents => ({
  'cdk.out/Roles.template.json': template,
  'lib/roles.ts': source,
  'bin/app.ts': "import '../lib/roles';\n\nnew Roles(app);\n",
  ...more,
});
const findings = (documents: Documents) => {
  const { report } = check(documents);
  expect(report.diagnostics).toEqual([]);
  return report.findings.map(({ message, role, related }) => ({ message, role, related }));
};

describe('a finding in a template of the CDK', () => {
  const expected = {
    message: expect.stringContaining('(in the trust policy of Roles/Target)'),
    related: [
      {
        location: place(
          { source },
          'source',
          "new iam.Role(this, 'Target', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });",
        ),
        message: 'where the construct Roles/Target is made',
      },
    ].map((one) => ({ ...one, location: { ...one.location, path: 'lib/roles.ts' } })),
  };
  const logicalId = { type: 'aws:cdk:logicalId', data: 'Target3D1C0AC2' };
  const forms: readonly (readonly [string, Documents])[] = [
    ['beside the logical id', { 'cdk.out/manifest.json': manifest([{ ...logicalId, trace }]) }],
    [
      'in an entry of its own',
      { 'cdk.out/manifest.json': manifest([logicalId, { type: 'aws:cdk:creationStack', data: trace }]) },
    ],
    [
      'in a file of its own',
      {
        'cdk.out/manifest.json': manifest([], { metadata: {}, additionalMetadataFile: 'Roles.metadata.json' }),
        'cdk.out/Roles.metadata.json': json({ '/Roles/Target/Resource': [{ ...logicalId, trace }] }),
      },
    ],
  ];
  for (const [name, more] of forms)
    test(`names the construct, and where it is made: its trace is ${name}`, () => {
      expect(findings(assembly(more))).toEqual([expect.objectContaining(expected)]);
    });

  const without: readonly (readonly [string, Documents])[] = [
    ['there is no manifest', {}],
    ['traces are off', { 'cdk.out/manifest.json': manifest([logicalId]) }],
    ['the manifest cannot be read', { 'cdk.out/manifest.json': '{' }],
    [
      'the trace names other files',
      { 'cdk.out/manifest.json': manifest([{ ...logicalId, trace: ['new X (/x/y.ts:1:1)', 3] }]) },
    ],
    [
      'the source has changed since',
      { 'cdk.out/manifest.json': manifest([{ ...logicalId, trace: ['new X (/x/lib/roles.ts:99:1)'] }]) },
    ],
  ];
  for (const [name, more] of without)
    test(`names the construct alone where ${name}`, () => {
      const [finding] = findings(assembly(more));
      expect(finding?.message).toContain('Roles/Target');
      expect(finding?.related).toEqual([
        {
          location: expect.objectContaining({ path: 'cdk.out/Roles.template.json', startLine: 3 }),
          message: 'the construct Roles/Target',
        },
      ]);
    });
});
