import type { Assumption } from './assumptions/assumption.ts';
import { Directory } from './assumptions/callers.ts';
import { decideAll } from './assumptions/decided.ts';
import { actionFor, findCaller } from './assumptions/from-expectations.ts';
import { readWorld } from './check.ts';
import { askedOf } from './documents/authorization-details/asked.ts';
import { ASSUME_ACTIONS, type AssumeAction } from './iam/actions.ts';
import { parseArn } from './iam/arn.ts';
import type { GivenContext } from './iam/question.ts';
import type { Entity, Inventory } from './inventory/inventory.ts';
import type { Options } from './options.ts';
import { assumptionData } from './report/json.ts';
import { simulationText } from './report/simulation.ts';
import { configurationOf, type RunInput } from './run.ts';
import { locate } from './source/source.ts';
import { closest } from './symbolic/distance.ts';
import { isKnown, show } from './symbolic/text.ts';
import { UserError } from './user-error.ts';

/** "Can X assume Y?" Exit status 0 for allowed and conditional, 1 for denied and unknown. */
export function simulate(options: Options, json: boolean, input: RunInput, write: (text: string) => void): number {
  const { principal, role } = options;
  if (principal === undefined || role === undefined) throw new UserError('simulate needs --principal and --role');
  const action = actionIn(options.action);
  const { inventory } = readWorld({
    files: input.files,
    configuration: configurationOf(input),
    account: input.account,
    repository: input.repository,
    askedBesides: [askedOf([principal, role])],
  });
  const directory = new Directory(inventory);
  const caller = named('principal', principal, directory, ['role', 'user']);
  const found =
    caller === undefined ? findCaller(principal, directory, undefined) : { caller: caller.caller, entity: caller };
  if (found === undefined)
    throw new UserError(
      `--principal ${JSON.stringify(principal)} names no caller: give the ARN of a user, role, session or identity provider, a service’s name, or the name of a declared user or role${meant(principal, inventory, ['role', 'user'])}`,
    );
  const entity = named('role', role, directory, ['role']);
  const target = entity?.target ?? (parseArn(role) === undefined ? undefined : directory.undeclaredRole(role));
  if (target === undefined)
    throw new UserError(
      `--role ${JSON.stringify(role)} names no role: give its ARN, or the name of a declared role${meant(role, inventory, ['role'])}`,
    );
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
  write(json ? `${JSON.stringify(assumptionData(decided), null, 2)}\n` : simulationText(decided));
  return decided.decision.decision === 'allowed' || decided.decision.decision === 'conditional' ? 0 : 1;
}

/** Actions compare without case. */
function actionIn(text: string | undefined): AssumeAction | undefined {
  if (text === undefined) return undefined;
  const action = ASSUME_ACTIONS.find((one) => one.toLowerCase() === text.toLowerCase());
  if (action === undefined)
    throw new UserError(`--action ${JSON.stringify(text)} is none of ${ASSUME_ACTIONS.join(', ')}`);
  return action;
}

/** The declared entity of an ARN as reports print it, or of a name, a logical id or an address where it is unambiguous. */
function named(option: string, text: string, { inventory }: Directory, kinds: readonly string[]): Entity | undefined {
  const account = parseArn(text)?.account;
  if (account !== undefined && isKnown(account) && /^\d+$/.test(account) && account.length !== 12)
    throw new UserError(
      `--${option} ${JSON.stringify(text)}: an account id has 12 digits, this one has ${account.length}`,
    );
  const shown = [text, `\${${text}}`];
  const found = inventory.entities.filter(
    ({ declaration }) =>
      kinds.includes(declaration.kind) &&
      (show(declaration.arn) === text || declaration.id === text || shown.includes(show(declaration.name))),
  );
  if (found.length > 1) throw new UserError(ambiguous(text, found));
  return found[0];
}

/** Of several names the ARN tells which is meant; of several declarations of one ARN only the configuration does. */
function ambiguous(text: string, found: readonly Entity[]): string {
  const places = found.map(({ declaration }) => {
    const { path, startLine } = locate(declaration.place);
    return `${path}:${startLine}`;
  });
  const where = `${places.slice(0, 3).join(', ')}${places.length > 3 ? ` and ${places.length - 3} more` : ''}`;
  const arns = new Set(found.map(({ declaration }) => show(declaration.arn)));
  return arns.size === found.length
    ? `${JSON.stringify(text)} names ${found.length} of the declared ones (${where}): give the ARN`
    : `${JSON.stringify(text)} is declared ${found.length} times (${where}): give fewer PATHs, or say in the configuration which account each document is deployed to`;
}

function meant(text: string, { entities }: Inventory, kinds: readonly string[]): string {
  const names = entities
    .filter(({ declaration }) => kinds.includes(declaration.kind))
    .flatMap(({ declaration }) => [show(declaration.arn), show(declaration.name)]);
  const one = text.length < 3 ? undefined : closest(text, names, 3);
  return one === undefined ? '' : ` (did you mean ${one}?)`;
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
