import { expect } from 'vitest';

export const lines = (
  count: number,
  change: (line: string, number: number) => string | readonly string[] = (line) => line,
) =>
  `${Array.from({ length: count }, (_, index) => `line ${index + 1}`)
    .flatMap((line, index) => change(line, index + 1))
    .join('\n')}\n`;

export const BASE = {
  'roles.yaml': lines(60),
  'gone.txt': 'to be removed\n',
  'stacks/old-name.yaml': lines(20),
};

/** Of `roles.yaml`, line 10 changes, and a line comes in after 40: two hunks, 7–13 and 38–44 on the right. */
export const CHANGES = {
  'roles.yaml': lines(60, (line, number) => {
    if (number === 10) return 'changed';
    return number === 40 ? [line, 'inserted'] : line;
  }),
  'gone.txt': null,
  'new.txt': 'one\ntwo\n',
  'stacks/old-name.yaml': null,
  'stacks/new-name.yaml': lines(20),
};

/** The error of octokit that has this status, and these texts in this order. */
export const refusal = (status: number, ...texts: readonly string[]) =>
  expect.objectContaining({ status, message: expect.stringMatching(new RegExp(texts.join('[^]*'))) });
