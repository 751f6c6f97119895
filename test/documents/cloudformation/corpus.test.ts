import { describe, expect, test } from 'vitest';
import { CORPUS, corpusFiles } from '../../support/corpus.ts';
import { check } from '../../support/documents.ts';

/** True defects: a Lambda function is handed a role that trusts EC2 alone. */
const DEFECTS = ['basic_function.yaml service-not-trusted'];

describe.skipIf(CORPUS === undefined)('public templates', () => {
  const templates = new Map([
    ...corpusFiles('cfn', /\.(ya?ml|json)$/),
    ...corpusFiles('sam-pairs/aws+serverless-application-model/tests/translator/input', /\.yaml$/),
  ]);

  test('are read without a crash, every role of them, and only true defects are errors', () => {
    const errors: string[] = [];
    for (const [path, text] of templates) {
      const name = path.split('/').at(-1) ?? path;
      const { report } = check({ [name]: text });
      for (const { rule, severity } of report.findings) if (severity === 'error') errors.push(`${name} ${rule}`);
      expect([path, report.diagnostics]).toEqual([path, []]);
      const { roles } = report.summary;
      // A condition that a default decides leaves some out, and serverless functions add theirs.
      if (!/\bCondition['"]?\s*:/.test(text) && !text.includes('AWS::Serverless::'))
        expect([path, roles]).toEqual([path, writtenRoles(text)]);
      else if (!text.includes('AWS::Serverless::')) expect(roles).toBeLessThanOrEqual(writtenRoles(text));
      else if (!/\bCondition['"]?\s*:/.test(text)) expect(roles).toBeGreaterThanOrEqual(writtenRoles(text));
    }
    expect(errors).toEqual(DEFECTS);
  }, 60_000);
});

/** By their text alone. */
function writtenRoles(text: string): number {
  return [...text.matchAll(/\bType['"]?\s*:\s*['"]?AWS::IAM::Role\b/g)].length;
}
