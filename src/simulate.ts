import type { Assumption } from './assumptions/assumption.ts';
import { Directory } from './assumptions/callers.ts';
import { decideAll } from './assumptions/decided.ts';
import { actionFor, findCaller } from './assumptions/from-expectations.ts';
import { readWorld } from './check.ts';
import { isAssumeAction } from './iam/actions.ts';
import type { GivenContext } from './iam/question.ts';
import type { Entity } from './inventory/inventory.ts';
import type { Options } from './options.ts';
import { assumptionData } from './report/json.ts';
import { simulationText } from './report/simulation.ts';
import { configurationOf, type RunInput } from './run.ts';
import { show } from './symbolic/text.ts';
import { UserError } from './user-error.ts';

/** "Can X assume Y?" Exit status 0 for allowed and conditional, 1 for denied and unknown. */
export function simulate(options: Options, input: RunInput, write: (text: string) => void): number {
  const { principal, role, action } = options;
  if (principal === undefined || role === undefined) throw new UserError('simulate needs --principal and --role');
  if (action !== undefined && !isAssumeAction(action))
    throw new UserError(
      `--action ${JSON.stringify(action)} is none of sts:AssumeRole, sts:AssumeRoleWithWebIdentity, sts:AssumeRoleWithSAML`,
    );
  const { inventory } = readWorld({
    files: input.files,
    configuration: configurationOf(input),
    account: input.account,
    repository: input.repository,
  });
  const directory = new Directory(inventory);
  const caller = named(principal, directory, ['role', 'user']);
  const found =
    caller === undefined ? findCaller(principal, directory, undefined) : { caller: caller.caller, entity: caller };
  if (found === undefined)
    throw new UserError(
      `--principal ${JSON.stringify(principal)} is not a principal that assumes roles, nor the one name of a declared one`,
    );
  const entity = named(role, directory, ['role']);
  const target = entity?.target ?? directory.undeclaredRole(role);
  if (target === undefined)
    throw new UserError(`--role ${JSON.stringify(role)} is not the ARN of a role, nor the one name of a declared one`);
  const assumption: Assumption = {
    question: {
      action: action ?? actionFor(found),
      caller: found.caller,
      role: target,
      given: contextFrom(options.context),
      now: input.now,
    },
    declaredBy: [],
    principal: found.entity,
    role: entity,
    expectation: undefined,
  };
  const [decided] = decideAll([assumption]);
  if (decided === undefined) return 1;
  write(
    options.outputs.some(({ format }) => format === 'json')
      ? `${JSON.stringify(assumptionData(decided), null, 2)}\n`
      : simulationText(decided),
  );
  return decided.decision.decision === 'allowed' || decided.decision.decision === 'conditional' ? 0 : 1;
}

/** The declared entity of an ARN as reports print it, or of a name, a logical id or an address where it is unambiguous. */
function named(text: string, { inventory }: Directory, kinds: readonly string[]): Entity | undefined {
  const shown = [text, `\${${text}}`];
  const found = inventory.entities.filter(
    ({ declaration }) =>
      kinds.includes(declaration.kind) &&
      (show(declaration.arn) === text || declaration.id === text || shown.includes(show(declaration.name))),
  );
  if (found.length > 1) throw new UserError(`${JSON.stringify(text)} names ${found.length} principals: give the ARN`);
  return found[0];
}

/** `KEY=VALUE`, repeated for a key with several values. */
function contextFrom(pairs: readonly string[]): GivenContext {
  const keys = new Map<string, string[]>();
  const names = new Map<string, string>();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    if (equals < 1) throw new UserError(`--context ${JSON.stringify(pair)} is not KEY=VALUE`);
    const name = pair.slice(0, equals);
    keys.set(name.toLowerCase(), [...(keys.get(name.toLowerCase()) ?? []), pair.slice(equals + 1)]);
    names.set(name.toLowerCase(), name);
  }
  return { keys, names, unknown: new Set(), complete: true };
}
