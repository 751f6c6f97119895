import type { FailedCall } from './failed-call.ts';

/** One call, however often it was made. */
export function callKey(call: FailedCall): string {
  return `${roleOfSession(call.principal) ?? ''} ${call.role ?? ''} ${call.action}`;
}

interface Declared {
  readonly declaration: {
    readonly kind: string;
    readonly arn: unknown;
    readonly name: unknown;
    readonly account: unknown;
  };
}

/** Who made a call, as a trust policy names it: a session's ARN does not show its role's path, so the documents have to. */
export function callerOf({ principal }: FailedCall, entities: readonly Declared[]): string | undefined {
  const [, account, name] = /^arn:[\w-]+:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(principal ?? '') ?? [];
  if (account === undefined) return principal;
  const declared = entities.find(
    ({ declaration }) => declaration.kind === 'role' && declaration.name === name && declaration.account === account,
  );
  return typeof declared?.declaration.arn === 'string' ? declared.declaration.arn : undefined;
}

function roleOfSession(principal: string | undefined): string | undefined {
  return principal?.replace(/(:assumed-role\/[^/]+)\/.*$/, '$1');
}
