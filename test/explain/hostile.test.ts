import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readEvents } from '../../src/explain/events.ts';
import { readMessage } from '../../src/explain/message.ts';
import { ACCOUNTS, CONFIGURATION, role, run, template } from '../support/documents.ts';

const PROD = 'arn:aws:iam::444455556666:role/prod-deploy';
const SESSION = 'arn:aws:sts::111122223333:assumed-role/deployer/i-0abc';
const documents = {
  [CONFIGURATION]: ACCOUNTS,
  'tools.yaml': template(role('Deployer', { name: 'deployer' })),
  'prod.yaml': template(role('ProdDeploy', { name: 'prod-deploy' })),
};

describe('a text of any length and content is read in steps that its length bounds', () => {
  const pieces = [
    'a',
    '1',
    ' ',
    '\n',
    'User: ',
    'arn:aws:iam::1:',
    `${PROD}`,
    '\u001b[',
    '\u001b]',
    '[1;',
    '[111',
    'x is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::1:role/',
    'with an explicit deny in a ',
    'because no a ',
    '│ ',
    'Could not assume role ',
    'Invalid principal in policy: "AWS":"',
    'Packed policy ',
    '##[',
    '::error ',
    '*',
  ];
  test.each(pieces)('%j again and again', (piece) => {
    const long = piece.repeat(Math.ceil(10_000_000 / piece.length));
    const short = piece.repeat(Math.ceil(49_000 / piece.length));
    expect(() => [readMessage(long), readMessage(short), readEvents(short)]).not.toThrow();
  });

  test('the error is found far down in it', () => {
    const text = `${'all is well\n'.repeat(500_000)}User: ${SESSION} is not authorized to perform: sts:AssumeRole on resource: ${PROD}\n`;
    expect(JSON.stringify(readMessage(text))).toContain(PROD);
  });
});

describe('a file of any content ends in one sentence', () => {
  const told = (file: string | Uint8Array): string => {
    try {
      return run({ ...documents, 'events.json': file as string }, ['explain', '--event', 'events.json']).output;
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  };
  test.each([
    ['nothing', '', /^events\.json is empty$/],
    ['a number', '7', /no CloudTrail event/],
    ['lists in lists', '['.repeat(100_000) + ']'.repeat(100_000), /holds no CloudTrail event$/],
    ['objects in objects', '{"a":'.repeat(5000), /its JSON is not whole$/],
    ['null bytes', '\0'.repeat(1000), /no CloudTrail event: it is no JSON$/],
    ['gzip that is cut off', gzipSync('{}'.repeat(1000)).subarray(0, 20), /its gzip data is cut off/],
    ['gzip that is damaged', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 255, 255, 255]), /its gzip data is/],
    ['gzip that unpacks to more than anyone logs', gzipSync(Buffer.alloc(300 * 1024 * 1024)), /larger than 256 MB/],
  ] as const)('%s', (_, file, says) => {
    expect(told(file)).toMatch(says);
  });

  test.each([
    ['lists for objects', { userIdentity: [1], requestParameters: 'x', errorMessage: { a: 1 }, resources: {} }],
    ['numbers for texts', { eventTime: 7, sourceIPAddress: 8, errorMessage: 9, userIdentity: { type: 1, arn: 2 } }],
    ['nothing for anything', { userIdentity: null, requestParameters: null, errorMessage: null, errorCode: null }],
    ['tags of every sort', { requestParameters: { tags: [1, null, { key: 1 }, { key: '' }], principalTags: [[]] } }],
  ])('%s', (_, fields) => {
    const event = { eventSource: 'sts.amazonaws.com', eventName: 'AssumeRole', errorCode: 'AccessDenied', ...fields };
    expect(told(JSON.stringify(event))).toMatch(/called sts:AssumeRole on/);
  });

  test('names that mean something to JavaScript are names', () => {
    const text = `{"__proto__": {"eventName": "AssumeRole"}, "eventName": "AssumeRole", "eventSource": "sts.amazonaws.com",
      "constructor": {"prototype": {"polluted": true}}, "errorCode": "AccessDenied", "userIdentity": {"type": "constructor", "arn": "${SESSION}"},
      "requestParameters": {"roleArn": "${PROD}", "roleSessionName": "s", "__proto__": {"externalId": "x"}, "tags": [{"key": "__proto__", "value": "v"}]}}`;
    const calls = readEvents(text)?.calls ?? [];
    expect(calls.map(({ role: called, context }) => [called, context.get('sts:ExternalId')])).toEqual([
      [PROD, undefined],
    ]);
    expect(calls[0]?.context.get('aws:TagKeys')).toEqual(['__proto__']);
    expect(({} as { polluted?: boolean }).polluted).toBe(undefined);
  });

  test('what a message hides from a terminal is shown', () => {
    const { output } = run(documents, [
      'explain',
      `User: ${SESSION} is not authorized to perform: sts:AssumeRole on resource: ${PROD}\u202e\u0007\u001b]8;;http://example.com\u0007`,
    ]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be printed
    expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });
});
