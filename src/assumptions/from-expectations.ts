import type { Configuration } from '../config/configuration.ts';
import type { ExpectEntry } from '../config/schema.ts';
import type { AssumeAction } from '../iam/actions.ts';
import { parseArn } from '../iam/arn.ts';
import { BUILT_IN_PROVIDERS } from '../iam/identity-providers.ts';
import type { Policy } from '../iam/policy.ts';
import type { GivenContext } from '../iam/question.ts';
import type { Problem } from '../inventory/declarations.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Assumption } from './assumption.ts';
import { Directory, type FoundCaller, federatedCaller } from './callers.ts';
import { refusedToken } from './providers.ts';

export interface Expected {
  readonly assumptions: readonly Assumption[];
  readonly problems: readonly Problem[];
}

/** The entries of the configuration's `expect` list as assumptions whose context is given in full. */
export function declaredByExpectations(
  configuration: Configuration,
  inventory: Inventory,
  sessionPolicy: (path: string) => Policy | undefined,
  now: number,
): Expected {
  const directory = new Directory(inventory);
  const assumptions: Assumption[] = [];
  const problems: Problem[] = [];
  for (const [index, entry] of (configuration.file.expect ?? []).entries()) {
    const place = (field: string) => configuration.place('expect', index, field);
    const wrong = (field: string, message: string): void => {
      const at = place(field);
      if (at !== undefined) problems.push({ level: 'error', message, place: at });
    };
    const whole =
      configuration.place('expect', index, 'name') === undefined
        ? undefined
        : configuration.place('expect', index, entry.name === undefined ? 'principal' : 'name');
    const session = entry['session-policy'];
    const policy = session === undefined ? undefined : sessionPolicy(session);
    if (session !== undefined && policy === undefined) wrong('session-policy', `no policy document at ${session}`);
    const found = findCaller(entry.principal, directory, policy);
    if (found === undefined) {
      wrong(
        'principal',
        `${JSON.stringify(entry.principal)} is not a principal that assumes roles: give the ARN of a user, role, session or provider, or a service name`,
      );
      continue;
    }
    if (policy !== undefined && found.caller.kind === 'user') {
      wrong('session-policy', `${entry.principal} has no session that a policy could limit: give the ARN of a role`);
      continue;
    }
    const role = directory.role(entry.role, undefined);
    const target = role?.target ?? directory.undeclaredRole(entry.role);
    if (target === undefined || parseArn(entry.role) === undefined) {
      wrong('role', `${JSON.stringify(entry.role)} is not the ARN of a role`);
      continue;
    }
    const at = place('principal');
    if (at === undefined || whole === undefined) continue;
    const given = contextIn(entry);
    const withheld = refusedToken(found.caller, given, inventory, at);
    assumptions.push({
      question: {
        action: entry.action ?? actionFor(found),
        caller: found.caller,
        role: target,
        given,
        ...(withheld === undefined ? {} : { withheld }),
        now,
      },
      declaredBy: [{ kind: 'expectation', place: whole, text: 'is expected by the configuration' }],
      principal: found.entity,
      role,
      expectation: { name: entry.name, decision: entry.decision ?? 'allowed', place: whole },
    });
  }
  return { assumptions, problems };
}

/** A user, role, session, service or provider by its text. */
export function findCaller(
  text: string,
  directory: Directory,
  sessionPolicy: Policy | undefined,
): FoundCaller | undefined {
  if (/^arn:[^:]+:iam::\d{12}:root$/.test(text))
    return { caller: { kind: 'root', arn: text, account: text.split(':')[4] ?? '' }, entity: undefined };
  const federated = federatedCaller(text);
  if (federated !== undefined) return { caller: federated, entity: undefined };
  if (
    !BUILT_IN_PROVIDERS.includes(text) &&
    /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.(com|com\.cn|eu)$|^[a-z0-9.-]+\.(aws\.internal|aws\.com|alexa\.com)$/.test(
      text,
    )
  ) {
    return { caller: { kind: 'service', name: text, region: undefined }, entity: undefined };
  }
  return parseArn(text) === undefined ? undefined : directory.principal(text, undefined, sessionPolicy);
}

export function actionFor({ caller }: FoundCaller): AssumeAction {
  if (caller.kind === 'web-identity') return 'sts:AssumeRoleWithWebIdentity';
  return caller.kind === 'saml' ? 'sts:AssumeRoleWithSAML' : 'sts:AssumeRole';
}

function contextIn(entry: ExpectEntry): GivenContext {
  const keys = Object.entries(entry.context ?? {}).map(
    ([key, value]) =>
      [key.toLowerCase(), value === null ? undefined : typeof value === 'string' ? [value] : value] as const,
  );
  return {
    keys: new Map(keys),
    unknown: new Set((entry.unknown ?? []).map((key) => key.toLowerCase())),
    complete: true,
    names: new Map(Object.keys(entry.context ?? {}).map((key) => [key.toLowerCase(), key])),
  };
}
