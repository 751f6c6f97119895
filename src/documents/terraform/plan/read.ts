import { parseArn } from '../../../iam/arn.ts';
import type { Deployment } from '../../../inventory/declarations.ts';
import type { Deployments } from '../../deployments.ts';
import { computed } from '../aws/computed.ts';
import { declaredBy } from '../aws/declared.ts';
import { providerIntents } from '../aws/provider-intents.ts';
import { Providers } from '../aws/providers.ts';
import type { EvaluatedRoot } from '../module/evaluate-root.ts';
import type { Reading } from '../readings.ts';
import type { Computed } from '../resource.ts';
import type { Json } from './json.ts';
import { markLostPrincipals } from './lost-principals.ts';
import { PlanPlaces } from './places.ts';
import type { Plan, PlannedInstance } from './plan.ts';
import { providerBlocks, providerOf } from './providers.ts';
import { PlanResources, type Written } from './resources.ts';
import { evaluateAsPlanned, type PlanSource } from './source.ts';

/** What the world will hold after a plan is applied, or what it held before; with the source at hand, what both say together. */
export function readPlanned(plan: Plan, own: Deployment, deployments: Deployments, source?: PlanSource): Reading {
  const reached = accountsReached(plan);
  const places = new PlanPlaces(plan.file);
  const providedTo: Computed = (resource, attribute) =>
    computed(resource, attribute, providers().of(resource.provider).deployment);
  const id = `${source?.directory ?? plan.file.path}#${own.accountName ?? ''}`;
  const before =
    source?.unedited &&
    writtenIn(evaluateAsPlanned(plan, places, { ...source, files: source.unedited }, id, providedTo));
  const root = source && evaluateAsPlanned(plan, places, source, id, providedTo, before);
  let made: Providers | undefined;
  const providers = (): Providers => {
    const blocks = root?.providers ?? providerBlocks(plan, places);
    made ??= new Providers(blocks, {
      own,
      ofAccount: deployments.ofAccount,
      reached: (name) => reached.get(name),
    });
    return made;
  };
  const written = writtenIn(root);
  const resources = new PlanResources(plan, places, providedTo, written, before);
  const remaining = plan.instances.filter(({ fate }) => fate !== 'destroyed');
  const planned = remaining.map((instance) => resources.of(instance));
  const added = before === undefined ? [] : [...written.values()].filter(({ address }) => !before.has(address));
  const declared = declaredBy([...planned, ...added], providers());
  const alone = { providers: providerBlocks(plan, places), backends: [], resources: () => [] };
  const intents = [...declared.intents, ...providerIntents(root ?? alone, own)];
  const problems = [...declared.problems, ...(root?.problems() ?? [])];
  return {
    declarations: { ...markLostPrincipals(plan.instances, declared), intents, problems },
    problems: [],
    directories: root?.directories ?? new Set(),
    paths: new Set([plan.file.path, ...(root?.paths ?? [])]),
  };
}

function writtenIn(root: EvaluatedRoot | undefined): Written {
  return new Map(root?.resources().map((resource) => [resource.address, resource]) ?? []);
}

function isOurs(type: string): boolean {
  return type.startsWith('aws_iam_') || type.startsWith('awscc_iam_');
}

/** The account of each provider that the plan has seen an answer from: who is calling, or the ARN of what is there already. */
function accountsReached(plan: Plan): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const learn = (instance: PlannedInstance, account: Json | undefined): void => {
    if (typeof account !== 'string' || !/^\d{12}$/.test(account)) return;
    const provider = providerOf(plan, instance);
    if (!found.has(provider)) found.set(provider, account);
  };
  for (const one of plan.instances) if (one.type === 'aws_caller_identity') learn(one, one.values.account_id);
  for (const one of plan.instances) {
    const arn = isOurs(one.type) && one.mode === 'managed' ? (one.values.arn ?? one.was.arn) : undefined;
    learn(one, typeof arn === 'string' ? String(parseArn(arn)?.account ?? '') : undefined);
  }
  return found;
}
