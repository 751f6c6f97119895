import { contents } from './contents.ts';
import type { Handler } from './context.ts';
import { issues } from './issues.ts';
import { pulls } from './pulls.ts';
import { repos } from './repos.ts';
import { reviewComments } from './review-comments.ts';
import { reviews } from './reviews.ts';

export const handlers = {
  ...contents,
  ...issues,
  ...pulls,
  ...repos,
  ...reviewComments,
  ...reviews,
} as const satisfies Readonly<Record<string, Handler>>;

export type OperationId = keyof typeof handlers;
