import * as iamSdk from '@aws-sdk/client-iam';
import * as stsSdk from '@aws-sdk/client-sts';
import type { Place } from '../source/source.ts';
import { atOnce } from './at-once.ts';
import { AccountCredentials } from './credentials.ts';
import { Deadline } from './deadline.ts';
import type { Environment } from './environment.ts';
import { faultOf, whyNot } from './faults.ts';
import type { AskedAccount } from './wanted.ts';

export type ContextType = 'string' | 'numeric' | 'boolean' | 'ip' | 'date' | 'binary';

/** One question to AWS's policy simulator, and what was decided here. */
export interface Simulation {
  readonly principal: string;
  /** The caller's. */
  readonly partition: string;
  readonly account: string;
  /** Identity policies, in JSON. */
  readonly policies: readonly string[];
  readonly boundary: string | undefined;
  readonly action: string;
  readonly role: string;
  readonly context: readonly {
    readonly key: string;
    readonly type: ContextType;
    readonly values: readonly string[];
  }[];
  /** Set where the caller is as it was looked up: then AWS is asked for it by name. */
  readonly deployed: boolean;
  readonly allowed: boolean;
  readonly place: Place;
}

export type Opinion =
  | { readonly kind: 'agrees' }
  | { readonly kind: 'disagrees'; readonly answer: string }
  /** Not an answer to the same question. */
  | { readonly kind: 'none'; readonly why: string };

/** Asks AWS's policy simulator. It sees neither trust policies nor what documents say of an organization. */
export async function simulateWithAws(
  simulations: readonly Simulation[],
  accounts: readonly AskedAccount[],
  environment: Environment,
): Promise<ReadonlyMap<Simulation, Opinion>> {
  const deadline = new Deadline(environment);
  const credentials = new AccountCredentials({ ...iamSdk, ...stsSdk }, environment, deadline);
  const opinions = new Map<Simulation, Opinion>();
  const open = new Map<string, ReturnType<AccountCredentials['own']>>();
  const clientFor = ({ deployed, account, partition }: Simulation): ReturnType<AccountCredentials['own']> => {
    const key = deployed ? account : partition;
    const role = accounts.find(({ id }) => id === account)?.lookupRole;
    const access = open.get(key) ?? (deployed ? credentials.of(account, partition, role) : credentials.own(partition));
    open.set(key, access);
    return access;
  };
  await atOnce(
    simulations.map((simulation) => async () => {
      const permission = simulation.deployed ? 'iam:SimulatePrincipalPolicy' : 'iam:SimulateCustomPolicy';
      const access = await clientFor(simulation);
      if (access.kind !== 'open') {
        const why = access.kind === 'closed' ? access.why : `the job’s credentials are of account ${access.account}`;
        opinions.set(simulation, { kind: 'none', why });
        return;
      }
      try {
        const { iam } = access;
        opinions.set(simulation, await deadline.within(() => ask(simulation, iam, deadline.signal)));
      } catch (error) {
        opinions.set(simulation, { kind: 'none', why: whyNot(permission, faultOf(error), deadline) });
      }
    }),
  );
  return opinions;
}

async function ask(simulation: Simulation, iam: iamSdk.IAMClient, abortSignal: AbortSignal): Promise<Opinion> {
  const { principal, policies, boundary, action, role, context, deployed, allowed } = simulation;
  const call = {
    ActionNames: [action],
    ResourceArns: [role],
    ContextEntries: context.map(({ key, type, values }) => ({
      ContextKeyName: key,
      ContextKeyType: values.length === 1 ? type : (`${type}List` as const),
      ContextKeyValues: [...values],
    })),
  };
  const answer = deployed
    ? await iam.send(new iamSdk.SimulatePrincipalPolicyCommand({ ...call, PolicySourceArn: principal }), {
        abortSignal,
      })
    : await iam.send(
        new iamSdk.SimulateCustomPolicyCommand({
          ...call,
          PolicyInputList: [...policies],
          ...(boundary === undefined ? {} : { PermissionsBoundaryPolicyInputList: [boundary] }),
        }),
        { abortSignal },
      );
  const [result] = answer.EvaluationResults ?? [];
  const [onRole] = result?.ResourceSpecificResults ?? [];
  const decision = onRole?.EvalResourceDecision ?? result?.EvalDecision;
  if (decision === undefined || result?.EvalActionName?.toLowerCase() !== action.toLowerCase())
    return { kind: 'none', why: 'AWS gave no decision' };
  const missing = [...(result.MissingContextValues ?? []), ...(onRole?.MissingContextValues ?? [])];
  if (missing.length > 0) return { kind: 'none', why: `AWS wants a value for ${[...new Set(missing)].join(', ')}` };
  // An SCP is none of the identity policies, and the documents need not show it.
  if (result.OrganizationsDecisionDetail?.AllowedByOrganizations === false)
    return { kind: 'none', why: 'an SCP of the account denies, which is another layer' };
  return (decision === 'allowed') === allowed ? { kind: 'agrees' } : { kind: 'disagrees', answer: decision };
}
