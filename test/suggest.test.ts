import { describe, expect, test } from 'vitest';
import { ACCOUNTS, CONFIGURATION, role, run, template } from './support/documents.ts';

const TARGET = 'arn:aws:iam::444455556666:role/team/target';
const event = (caller: string, target: string, more: object = {}) => ({
  eventSource: 'sts.amazonaws.com',
  eventName: 'AssumeRole',
  eventTime: '2026-11-01T10:00:00Z',
  userIdentity: { type: 'AssumedRole', arn: `arn:aws:sts::111122223333:assumed-role/${caller}/s` },
  requestParameters: { roleArn: target, roleSessionName: 's' },
  ...more,
});
const documents = {
  [CONFIGURATION]: ACCOUNTS,
  'tools.yaml': template(
    role('Ci', {
      name: 'ci',
      grants: '- {Effect: Allow, Action: sts:AssumeRole, Resource: "arn:aws:iam::444455556666:role/*"}',
    }),
    role('Idle', { name: 'idle', grants: `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${TARGET}"}` }),
  ),
  'prod.yaml': template(
    role('Target', {
      name: 'target',
      trust: `- Effect: Allow
  Principal:
    AWS: arn:aws:iam::111122223333:root
  Action: sts:AssumeRole`,
      more: 'Path: /team/',
    }),
  ),
  'events.json': JSON.stringify({ Records: [event('ci', TARGET), event('ci', TARGET)] }),
};
const options = ['suggest', '--events', 'events.json'];

interface Suggestions {
  readonly calls: number;
  readonly suggestions: readonly {
    readonly kind: string;
    readonly message: string;
    readonly edit?: { readonly newText: string };
  }[];
}

const suggested = (files: Readonly<Record<string, string>>): Suggestions =>
  JSON.parse(run(files, [...options, '--format', 'json']).output);

describe('suggest', () => {
  test('narrows a pattern and a trusted account to what was used, and tells what was not', () => {
    const { calls, suggestions } = suggested(documents);
    expect(calls).toBe(1);
    expect(suggestions.map(({ kind, edit }) => [kind, edit?.newText.trim()])).toEqual([
      ['narrow-grant', `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${TARGET}"}`],
      ['narrow-trust', 'AWS: arn:aws:iam::111122223333:role/ci'],
      ['unused', undefined],
    ]);
    expect(suggestions[2]?.message).toContain('role/idle never assumed');
  });

  test('--diff gives the edits as git takes them', () => {
    const { output } = run(documents, [...options, '--diff']);
    expect(output).toContain('+++ b/tools.yaml');
    expect(output).toContain('+++ b/prod.yaml');
  });

  test('calls that were refused are no use of anything', () => {
    const events = JSON.stringify([event('ci', TARGET, { errorCode: 'AccessDenied' })]);
    expect(() => run({ ...documents, 'events.json': events }, options)).toThrow(/no call that assumed a role/);
    expect(() => run({ ...documents, 'events.json': '{}' }, options)).toThrow(/events.json holds no CloudTrail event/);
    expect(() => run(documents, ['suggest'])).toThrow(/needs --events/);
  });
});
