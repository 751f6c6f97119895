import { describe, expect, test } from 'vitest';
import { CORPUS, corpusFiles } from '../../support/corpus.ts';
import { check, type JsonReport } from '../../support/documents.ts';

const FOLDER = 'sam-pairs/aws+serverless-application-model/tests/translator';

describe.skipIf(CORPUS === undefined)('what the SAM transform makes of its own test inputs', () => {
  const inputs = corpusFiles(`${FOLDER}/input`, /\.yaml$/);
  const outputs = corpusFiles(`${FOLDER}/output`, /^[^/]*\.json$/);
  for (const [name, input] of inputs) {
    const output = outputs.get(name.replace(/\.yaml$/, '.json'));
    test.skipIf(output === undefined)(name, () => {
      const before = check({ 'template.yaml': input }).report;
      const after = check({ 'template.json': output ?? '' }).report;
      expect(trusted(before)).toEqual(trusted(after));
      for (const role of rolesIn(output ?? '')) expect(trusted(before)).toContainEqual(role);
    });
  }
});

/** Who may assume which role by which action, as the trust policies declare it. */
function trusted({ assumptions }: JsonReport): readonly string[] {
  return assumptions.map(({ principal, role, action }) => `${principal} ${action} ${role.split('/').at(-1)}`).sort();
}

/** The same of a plain template, without any part of the check: roles that are always made, and the services that they trust. */
function rolesIn(output: string): readonly string[] {
  const { Resources } = JSON.parse(output) as { Resources: Record<string, PlainResource> };
  return Object.entries(Resources).flatMap(([id, { Type, Condition, Properties }]) =>
    Type !== 'AWS::IAM::Role' || Condition !== undefined
      ? []
      : Properties.AssumeRolePolicyDocument.Statement.flatMap(({ Action, Principal }) =>
          [Principal.Service]
            .flat()
            .flatMap((service) => [Action].flat().map((action) => `${service} ${action} \${${id}}`)),
        ),
  );
}

interface PlainResource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: {
    readonly AssumeRolePolicyDocument: {
      readonly Statement: readonly {
        readonly Action: string | readonly string[];
        readonly Principal: { readonly Service: string | readonly string[] };
      }[];
    };
  };
}
