import { parseArn } from '../../../iam/arn.ts';
import { type Declarations, type Deployment, NOTHING_DECLARED, together } from '../../../inventory/declarations.ts';
import type { SourceFile } from '../../../source/source.ts';
import type { Deployments } from '../../deployments.ts';
import { computed } from '../aws/computed.ts';
import { declaredBy } from '../aws/declared.ts';
import { Providers } from '../aws/providers.ts';
import type { Json } from './json.ts';
import { PlanPlaces } from './places.ts';
import { type Plan, type PlannedInstance, readPlan } from './plan.ts';
import { providerBlocks, providerOf } from './providers.ts';
import { PlanResources } from './resources.ts';

/** A plan, opened: what the world will hold after it is applied. */
export function openPlan(file: SourceFile, deployments: Deployments): () => Declarations {
  const plan = readPlan(file);
  if (typeof plan === 'string') {
    const problem = { level: 'error' as const, message: plan, place: { source: file, start: 0, end: 0 } };
    return () => ({ ...NOTHING_DECLARED, problems: [problem] });
  }
  return () => together(deployments.of(file.path).map((own) => planned(plan, own, deployments.ofAccount)));
}

function planned(plan: Plan, own: Deployment, ofAccount: Deployments['ofAccount']): Declarations {
  const reached = accountsReached(plan);
  const places = new PlanPlaces(plan.file);
  const blocks = providerBlocks(plan, places);
  const providers = new Providers(blocks, { own, ofAccount, reached: (name) => reached.get(name) });
  const resources = new PlanResources(plan, places, (resource, attribute) =>
    computed(resource, attribute, providers.of(resource.provider).deployment),
  );
  const remaining = plan.instances.filter(({ fate }) => fate !== 'destroyed');
  return declaredBy(
    remaining.map((instance) => resources.of(instance)),
    providers,
  );
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
    const arn = isOurs(one.type) && one.mode === 'managed' && typeof one.values.arn === 'string' ? one.values.arn : '';
    learn(one, arn === '' ? undefined : String(parseArn(arn)?.account ?? ''));
  }
  return found;
}
