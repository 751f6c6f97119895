import { cannotAssume, type Denial, denialsBy } from './denials.ts';
import type { Found, Rule } from './finding.ts';

export const serviceNotTrusted: Rule = {
  id: 'service-not-trusted',
  title: 'a resource hands the role to an AWS service that its trust policy does not name',
  severity: 'error',
  // Each service is real, however alike two names are: one is added, and none replaced.
  check: (world) =>
    denialsBy('service-not-trusted', world, sentence).map((found) => ({
      ...found,
      place: placeIn(found),
      hint: undefined,
      replacement: undefined,
    })),
};

/** The one service that is trusted instead, where the trust policy names one. */
function placeIn({ subject, place }: Found): Found['place'] {
  const miss = subject?.explanation().blockedBy?.miss;
  if (miss?.element !== 'principal') return place;
  const [only, ...more] = miss.statement.principals?.items.filter(({ type }) => type === 'Service') ?? [];
  return only === undefined || more.length > 0 ? place : only.place;
}

function sentence(denial: Denial): string {
  const caller = CALLERS[denial.principal];
  return `${cannotAssume(denial)}${caller === undefined ? '' : `, and ${caller} as ${denial.principal}`}`;
}

/**
 * Services that are taken for another of the same product.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
 */
const CALLERS: Readonly<Record<string, string>> = {
  'access-grants.s3.amazonaws.com': 'S3 Access Grants call',
  'airflow-env.amazonaws.com': 'Airflow environments call',
  'batchoperations.s3.amazonaws.com': 'S3 Batch Operations call',
  'build.apprunner.amazonaws.com': 'App Runner pulls images',
  'credentials.iot.amazonaws.com': 'IoT role aliases call',
  'ecs-tasks.amazonaws.com': 'ECS tasks call',
  'ecs.amazonaws.com': 'the ECS service itself calls',
  'eks-fargate-pods.amazonaws.com': 'EKS pods on Fargate call',
  'export.rds.amazonaws.com': 'RDS exports call',
  'monitoring.rds.amazonaws.com': 'RDS enhanced monitoring calls',
  'osis-pipelines.amazonaws.com': 'OpenSearch Ingestion pipelines call',
  'pods.eks.amazonaws.com': 'EKS Pod Identity calls',
  'scheduler.amazonaws.com': 'EventBridge Scheduler calls',
  'scheduler.redshift.amazonaws.com': 'the scheduler of Redshift calls',
  'spotfleet.amazonaws.com': 'spot fleets call',
  'streams.metrics.cloudwatch.amazonaws.com': 'CloudWatch metric streams call',
  'tasks.apprunner.amazonaws.com': 'App Runner instances call',
  'vpc-flow-logs.amazonaws.com': 'VPC flow logs call',
};
