import { describe, expect, test } from 'vitest';
import { CONFIGURATION, DEPLOYER, deployer, FILES, role, WRONG } from './support/cross-account.ts';
import { checkChange, type Documents } from './support/documents.ts';

/** The findings of a change that count, each with what it is about and where. */
function changed(before: Documents, after: Documents): readonly string[] {
  const { report } = checkChange(before, after, '--base', 'HEAD', '--scope', 'changed');
  return report.findings.map(
    ({ rule, role, location }) => `${rule} ${role?.replace(/.*\//, '') ?? ''} ${location.path}:${location.startLine}`,
  );
}

/** Two roles, both out of the deployer's reach by a slip in their trust policies, in one template. */
const TWO = `${role(WRONG, 'prod-one')}  Other:
    Type: AWS::IAM::Role
    Properties:
      RoleName: prod-two
      Tags:
        - {Key: team, Value: a}
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              AWS:
                - arn:aws:iam::111122223333:role/other-one
                - arn:aws:iam::111122223333:role/other-two
            Action: sts:AssumeRole
`;
const BROKEN: Documents = {
  '.github/assume-role-check.yml': CONFIGURATION.replaceAll('["', '["**/'),
  'tools.yaml': deployer('prod-one', 'prod-two'),
  'prod.yaml': TWO,
};
const ONE = 'missing-trust prod-one prod.yaml:12';

test('both gaps were there before', () => {
  const { report } = checkChange(BROKEN, BROKEN, '--base', 'HEAD');
  expect(report.findings.map(({ rule }) => rule)).toContain('missing-trust');
  expect(changed(BROKEN, BROKEN)).toEqual([]);
});

describe('a gap that was there before is told where the change touches its lines', () => {
  test.each([
    ['another line of the same file', 'prod.yaml', 'Value: a', 'Value: b', []],
    ['lines above it, so that it moves', 'prod.yaml', 'Resources:', '# one\n# two\nResources:', []],
    ['a comment at its line', 'prod.yaml', WRONG, `${WRONG} # the deployer`, [ONE]],
    ['its line, without mending it', 'prod.yaml', WRONG, `${WRONG}s`, [ONE]],
    [
      'the line that declares it',
      'tools.yaml',
      'arn:aws:iam::444455556666:role/prod-one',
      '"arn:aws:iam::444455556666:role/prod-one"',
      [ONE],
    ],
    ['another declaration in the same list', 'tools.yaml', 'PolicyName: deploy', 'PolicyName: deploying', []],
  ])('%s', (_, path, from, to, expected) => {
    const text = BROKEN[path] ?? '';
    expect(text).toContain(from);
    expect(changed(BROKEN, { ...BROKEN, [path]: text.replace(from, to) })).toEqual(expected);
  });

  test('also where only the line breaks of the file differ', () => {
    const after = { ...BROKEN, 'prod.yaml': TWO.replace(/\n/g, '\r\n') };
    expect(changed(BROKEN, after)).toEqual([]);
  });

  test('not where its file is moved', () => {
    const { 'prod.yaml': prod = '', ...rest } = BROKEN;
    expect(changed(BROKEN, { ...rest, 'prod-moved.yaml': prod })).toEqual([]);
    expect(changed(BROKEN, { ...rest, 'prod/prod.yaml': prod.replace('Value: a', 'Value: b') })).toEqual([]);
  });

  test('not where a rule tells its file, and that is moved', () => {
    const group = role('arn:aws:iam::111122223333:group/x');
    const files = { '.github/assume-role-check.yml': CONFIGURATION };
    expect(changed({ ...files, 'prod.yaml': group }, { ...files, 'prod-moved.yaml': group })).toEqual([]);
  });
});

describe('what a change causes is told wherever it lies', () => {
  test('a second gap beside one of its kind in a file that is not touched', () => {
    const before = {
      ...FILES,
      'prod.yaml': role('!Ref One').replace('Resources:', 'Parameters: {One: {Type: String}}\nResources:'),
    };
    const configuration = (one: string) => `accounts:
  tools: {id: "111122223333", paths: ["tools*"]}
  prod: {id: "444455556666", paths: ["prod*"], parameters: {One: "${one}"}}
`;
    const given = (one: string) => ({ ...before, '.github/assume-role-check.yml': configuration(one) });
    expect(changed(given(DEPLOYER), given(WRONG))).toEqual(['missing-trust prod-deploy prod.yaml:13']);
  });

  test('a denial by a slip that was there before and denied somebody else', () => {
    const misspelt = role('"111122223333"').replace('Action: sts:AssumeRole', 'Action: sts:AsumeRole');
    const second = deployer('prod-deploy')
      .replaceAll(/deployer/gi, 'Second')
      .replace('RoleName: Second', 'RoleName: second');
    const before = { ...FILES, 'prod.yaml': misspelt };
    expect(changed(before, before)).toEqual([]);
    const { report } = checkChange(
      before,
      { ...before, 'tools-second.yaml': second },
      '--base',
      'HEAD',
      '--scope',
      'changed',
    );
    expect(report.findings).toMatchObject([
      { rule: 'unknown-action', status: 'new', message: expect.stringContaining('role/second') },
    ]);
  });

  test('a template that is deployed to one more account', () => {
    const both = (accounts: string) => ({
      'tools.yaml': role('arn:aws:iam::111122223333:group/x', 'one'),
      '.github/assume-role-check.yml': `accounts:\n${accounts}`,
    });
    const first = '  tools: {id: "111122223333", paths: ["tools*"]}\n';
    const more = '  more: {id: "777788889999", paths: ["tools*"]}\n';
    expect(changed(both(first), both(first))).toEqual([]);
    expect(changed(both(first), both(first + more))).toHaveLength(1);
  });

  test('a comment that suppressed it is taken away', () => {
    const silent = role(WRONG).replace(
      '              AWS:',
      '              # assume-role-check: ignore[missing-trust] because\n              AWS:',
    );
    expect(changed({ ...FILES, 'prod.yaml': silent }, { ...FILES, 'prod.yaml': role(WRONG) })).toEqual([
      'missing-trust prod-deploy prod.yaml:12',
    ]);
  });
});
