import { describe, expect, test } from 'vitest';
import { CORPUS, corpusFiles } from '../../support/corpus.ts';
import { check } from '../../support/documents.ts';

/** True defects: a Lambda function is handed a role that trusts EC2 alone. */
const DEFECTS = ['basic_function.json service-not-trusted', 'basic_function.yaml service-not-trusted'];

/** Roles under a condition that does not hold, by the parameters' defaults. */
const LEFT_OUT: Readonly<Record<string, number>> = {
  'ADCONNECTOR.cfn.json': 2,
  'ADCONNECTOR.cfn.yaml': 2,
  'DIRECTORY_SETTINGS.cfn.json': 2,
  'DIRECTORY_SETTINGS.cfn.yaml': 2,
  'MANAGEDAD.cfn.yaml': 2,
  'samples/sample-vpc/template.yml': 1,
  'security/config.yaml': 1,
  'function_with_event_dest_conditional.json': 2,
};

/** What serverless resources add: SAM's own outputs tell of which roles (sam-corpus.test.ts). */
const SAM = /AWS::Serverless::/;

describe.skipIf(CORPUS === undefined)('public templates', () => {
  const templates = new Map([
    ...corpusFiles('cfn', /\.(ya?ml|json|template)$/),
    ...corpusFiles('sam-pairs', /\.(ya?ml|json)$/),
  ]);

  test('are read without a crash, every role of them, and only true defects are errors', () => {
    const errors: string[] = [];
    expect(templates.size).toBeGreaterThan(100);
    for (const [path, text] of templates) {
      const name = path.split('/').at(-1) ?? path;
      const { report } = check({ [name]: text });
      for (const { rule, severity } of report.findings) if (severity === 'error') errors.push(`${name} ${rule}`);
      expect([path, report.diagnostics]).toEqual([path, []]);
      const { roles } = report.summary;
      const out = Object.entries(LEFT_OUT).find(([end]) => path.endsWith(end))?.[1] ?? 0;
      const written = count(text, 'IAM::Role') + count(text, 'SSO::PermissionSet') - out;
      if (SAM.test(text)) expect([path, roles >= written]).toEqual([path, true]);
      else expect([path, roles]).toEqual([path, written]);
    }
    expect(errors.sort()).toEqual(DEFECTS);
  }, 120_000);
});

/** Resources of a type, by the text alone. */
function count(text: string, type: string): number {
  return [...text.matchAll(new RegExp(`\\bType['"]?\\s*:\\s*['"]?AWS::${type}\\b(?!:)`, 'g'))].length;
}
