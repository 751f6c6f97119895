import { getInput, getMultilineInput } from '@actions/core';
import { LOOKUPS, type Lookup } from './options.ts';
import type { FailOn, Scope } from './run.ts';
import { UserError } from './user-error.ts';

/** The action's inputs, read once and checked. */
export interface Inputs {
  readonly token: string;
  readonly paths: readonly string[];
  readonly config: string | undefined;
  readonly account: string | undefined;
  readonly plans: readonly string[];
  readonly inventories: readonly string[];
  readonly failOn: FailOn;
  /** Undefined: what fits the event. */
  readonly scope: Scope | undefined;
  /** Whether to comment on the pull request. */
  readonly review: boolean;
  readonly summary: boolean;
  readonly reportFile: string | undefined;
  readonly sarifFile: string | undefined;
  readonly lookup: Lookup;
  /** Whether AWS's policy simulator is asked for a second opinion. */
  readonly verify: boolean;
}

export function readInputs(): Inputs {
  const account = optional('account');
  if (account !== undefined && !/^\d{12}$/.test(account))
    throw new UserError(`the input account is ${JSON.stringify(account)}: an account id has 12 digits`);
  return {
    token: getInput('github-token'),
    paths: getMultilineInput('paths').filter((path) => path !== ''),
    config: optional('config'),
    account,
    plans: getMultilineInput('terraform-plan').filter((path) => path !== ''),
    inventories: getMultilineInput('inventory').filter((path) => path !== ''),
    failOn: oneOf('fail-on', ['error', 'warning', 'notice', 'never']) ?? 'error',
    scope: oneOf('scope', ['changed', 'all']),
    review: oneOf('comment', ['review', 'none']) !== 'none',
    summary: oneOf('summary', ['true', 'false']) !== 'false',
    reportFile: optional('report-file'),
    sarifFile: optional('sarif-file'),
    lookup: oneOf('aws-lookup', LOOKUPS) ?? 'off',
    verify: oneOf('verify-with-aws', ['true', 'false']) === 'true',
  };
}

function optional(name: string): string | undefined {
  const value = getInput(name);
  return value === '' ? undefined : value;
}

function oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
  const value = getInput(name);
  if (value === '') return undefined;
  const found = allowed.find((one) => one === value);
  if (found === undefined)
    throw new UserError(`the input ${name} is ${JSON.stringify(value)}, which is none of ${allowed.join(', ')}`);
  return found;
}
