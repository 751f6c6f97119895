import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { workingTree } from '../../src/files/working-tree.ts';
import { renderSarif } from '../../src/report/sarif.ts';
import { run as runCheck } from '../../src/run.ts';
import { deployer, FILES, role, WRONG } from '../support/cross-account.ts';
import { CONFIGURATION, type Documents, run } from '../support/documents.ts';

interface Log {
  readonly runs: readonly {
    readonly tool: {
      readonly driver: {
        readonly rules: readonly {
          readonly id: string;
          readonly help: { readonly markdown: string };
          readonly properties: { readonly tags: readonly string[]; readonly 'security-severity': string };
        }[];
      };
    };
    readonly invocations: readonly { readonly toolExecutionNotifications: readonly unknown[] }[];
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly baselineState?: string;
      readonly partialFingerprints: Readonly<Record<string, string>>;
      readonly locations: readonly Physical[];
      readonly relatedLocations: readonly Physical[];
      readonly fixes?: readonly {
        readonly artifactChanges: readonly {
          readonly replacements: readonly {
            readonly deletedRegion: { readonly startLine: number; readonly endLine: number };
            readonly insertedContent: { readonly text: string };
          }[];
        }[];
      }[];
    }[];
  }[];
}

interface Physical {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string };
    readonly region: { readonly startLine: number; readonly startColumn: number; readonly endColumn: number };
  };
}

/** The schema as its publisher ships it; ajv knows draft 4, in which it is written, by what later drafts kept of it. */
const {
  $schema: _,
  id: __,
  ...schema
} = JSON.parse(
  readFileSync(
    new URL('../../node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json', import.meta.url),
    'utf8',
  ),
) as Record<string, unknown>;
const ajv = new Ajv({ strict: false, unicodeRegExp: false });
addFormats.default(ajv);
const validate = ajv.compile(schema);

function sarif(documents: Documents, before?: Documents): Log {
  const log: unknown = JSON.parse(run(documents, ['check', '--format', 'sarif'], before).output);
  expect(validate(log) ? [] : validate.errors).toEqual([]);
  return log as Log;
}

const BROKEN = { ...FILES, 'prod.yaml': role(WRONG) };

test('a result has its place, the other end, the rule’s help and a fix', () => {
  const [only] = sarif(BROKEN).runs;
  const [result, ...more] = only?.results ?? [];
  expect(more).toEqual([]);
  expect(result).toMatchObject({ ruleId: 'missing-trust', level: 'error' });
  expect(result?.message.text).toContain('AWS would answer: User: arn:aws:sts::111122223333:assumed-role/deployer');
  expect(result?.locations).toMatchObject([
    {
      physicalLocation: {
        artifactLocation: { uri: 'prod.yaml' },
        region: { startLine: 12, startColumn: 20, endColumn: 61 },
      },
    },
  ]);
  expect(result?.relatedLocations.map(({ physicalLocation }) => physicalLocation.artifactLocation.uri)).toContain(
    'tools.yaml',
  );
  const rule = only?.tool.driver.rules[result?.ruleIndex ?? -1];
  expect(rule?.id).toBe('missing-trust');
  expect(rule?.help.markdown).toContain('docs/rules/missing-trust.md');
});

test('applied, the fix mends it', () => {
  const [result] = sarif(BROKEN).runs[0]?.results ?? [];
  const replacement = result?.fixes?.[0]?.artifactChanges[0]?.replacements[0];
  if (replacement === undefined) throw new Error('no fix');
  const { deletedRegion, insertedContent } = replacement;
  const lines = BROKEN['prod.yaml'].split('\n');
  lines.splice(deletedRegion.startLine - 1, deletedRegion.endLine - deletedRegion.startLine + 1, insertedContent.text);
  expect(sarif({ ...BROKEN, 'prod.yaml': lines.join('\n') }).runs[0]?.results).toEqual([]);
});

test('every rule says how severe it is, within what code scanning reads', () => {
  for (const { properties } of sarif(FILES).runs[0]?.tool.driver.rules ?? []) {
    expect(Number(properties['security-severity'])).toBeGreaterThan(0);
    expect(Number(properties['security-severity'])).toBeLessThanOrEqual(10);
    expect(properties.tags.length).toBeLessThanOrEqual(10);
  }
});

test('an alert is known again when lines shift, and two alerts are two', () => {
  const hashes = (documents: Documents) =>
    sarif(documents).runs[0]?.results.map(({ partialFingerprints }) => partialFingerprints.primaryLocationLineHash);
  expect(hashes({ ...BROKEN, 'prod.yaml': `# one\n# two\n${role(WRONG)}` })).toEqual(hashes(BROKEN));
  const two = { ...BROKEN, 'tools.yaml': deployer('prod-deploy', 'prod-b'), 'prod-b.yaml': role(WRONG, 'prod-b') };
  expect(new Set(hashes(two)).size).toBe(2);
});

test('against a base, a result is new or unchanged', () => {
  const after = { ...BROKEN, 'tools.yaml': deployer('prod-deploy', 'prod-b'), 'prod-b.yaml': role(WRONG, 'prod-b') };
  const states = sarif(after, BROKEN).runs[0]?.results.map(({ baselineState }) => baselineState);
  expect([...(states ?? [])].sort()).toEqual(['new', 'unchanged']);
});

test('what cannot be read is a notification; odd paths and names are neither addresses nor links', () => {
  const odd = {
    'prod [x](y) #?%.yaml': role('"arn:aws:iam::111122223333:role/[a](https://example.com)"'),
    'broken.yaml': 'Resources: {AWS::IAM::Role: [\n',
  };
  const [only] = sarif({ ...FILES, 'prod.yaml': '{}\n', ...odd }).runs;
  expect(only?.invocations[0]?.toolExecutionNotifications).not.toEqual([]);
  const [result] = only?.results ?? [];
  expect(result?.locations[0]?.physicalLocation.artifactLocation.uri).toBe('prod%20%5Bx%5D%28y%29%20%23%3F%25.yaml');
  expect(result?.message.text).not.toMatch(/(?<!\\)\[/);
});

test('code scanning gets no more than it keeps', () => {
  const report = runCheck({
    files: workingTree(fileURLToPath(new URL('../../examples/cross-account', import.meta.url)), ['']),
    configuration: CONFIGURATION,
    account: undefined,
    now: Date.parse('2026-11-23'),
    base: undefined,
    scope: 'all',
  });
  const findings = Array.from({ length: 5100 }, () => report.findings).flat();
  const log: Log = JSON.parse(renderSarif({ ...report, findings }, '1.0.0'));
  expect(validate(log) ? [] : validate.errors).toEqual([]);
  const [only] = log.runs;
  expect(only?.results).toHaveLength(5000);
  expect(new Set(only?.results.map((one) => one.partialFingerprints.primaryLocationLineHash)).size).toBe(5000);
  expect(only?.invocations[0]?.toolExecutionNotifications).toMatchObject([{ level: 'warning' }]);
});
