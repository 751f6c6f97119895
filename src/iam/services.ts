import type { SessionAction } from './actions.ts';

/**
 * Services that roles are known to trust, without their suffix. The list serves "did you mean" alone: a name that is not in
 * it is never wrong for that.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
 */
const NAMES = `
access-grants.s3 acm-pca airflow airflow-env amplify apidestinations.events apigateway appconfig appflow application-autoscaling
application.qbusiness appmesh apprunner appstream appsync aps arc-zonal-shift athena auditmanager automation.ssm autoscaling backup
batch bedrock bedrock-agentcore braket budgets build.apprunner capabilities.eks ce chatbot chime cleanrooms cloud9 cloudformation
cloudformation.sync.codeconnections cloudfront cloudhsm cloudtrail cloudwatch codebuild codecommit codedeploy codeguru-profiler
codeguru-reviewer codepipeline codestar codestar-notifications cognito-identity cognito-idp cognito-sync comprehend config connect
controltower costoptimizationhub credentials.deadline credentials.iot databrew datapipeline datasync datazone dax deadline
delivery.logs devicefarm devops-guru directconnect directoryservice.rds dlm dms ds drs drt.shield dynamodb ebs ec2 ec2fastlaunch
ec2fleet ec2-instance-connect ec2scheduled ecr ecs ecs-tasks edgelambda eks eks-fargate eks-fargate-pods eks-nodegroup elasticache
elasticbeanstalk elasticfilesystem elasticloadbalancing elasticmapreduce elastictranscoder emr-containers emr-serverless
entityresolution es events export.rds firehose fis forecast frauddetector fsx gamelift geo glacier globalaccelerator glue grafana
greengrass guardduty healthlake hooks.cloudformation imagebuilder inspector inspector2 internetmonitor iot iotanalytics
iotdeviceadvisor iotevents iotfleetwise iotsitewise iottwinmaker iotwireless ivs kafka kafkaconnect kendra kinesis
kinesisanalytics kinesisvideo kms lakeformation lambda lex lexv2 license-manager lightsail logger.cloudfront logs lookoutmetrics m2
machinelearning macie malware-protection-plan.guardduty managedblockchain mediaconnect mediaconvert medialive mediapackage
mediastore mediatailor mgn mobilehub monitor.iotsitewise monitoring monitoring.rds mq neptune-graph network-firewall networkmanager
oam omics opensearchservice ops.apigateway organizations osis osis-pipelines outposts panorama personalize pinpoint pipes pods.eks
polly proton pullthroughcache.ecr qbusiness qldb quicksight ram rds rds.application-autoscaling redshift redshift-serverless
rekognition replication.dynamodb replication.ecr replication.s3tables replicator.lambda resource-groups resources.cloudformation
robomaker rolesanywhere route53 route53resolver s3 s3-outposts sagemaker scheduler scheduler.redshift schemas secretsmanager
securityhub securitylake serverlessrepo servicecatalog servicediscovery ses shield signer sms sms-voice snowball sns spot spotfleet
sqs ssm ssm-incidents ssm.alarms sso stacksets.cloudformation member.org.stacksets.cloudformation states storagegateway
streams.metrics.cloudwatch sts support swf synthetics tasks.apprunner textract timestream transcribe transfer transitgateway
translate trustedadvisor verified-access vmie voiceid vpc-flow-logs vpc-lattice waf wafv2 wellarchitected wisdom workmail
workspaces workspaces-web xray`;

export const SERVICE_NAMES: readonly string[] = NAMES.trim().split(/\s+/);

export function isKnownService(principal: string): boolean {
  return SERVICE_NAMES.includes(principal.replace(/\.amazonaws\.com(\.cn)?$/, ''));
}

/**
 * Services that pass tags or a source identity with every call.
 * https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
 * https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html
 */
export const ALWAYS_CARRIED: ReadonlyMap<string, readonly SessionAction[]> = new Map<string, readonly SessionAction[]>([
  ['pods.eks.amazonaws.com', ['sts:TagSession']],
  ['rolesanywhere.amazonaws.com', ['sts:TagSession', 'sts:SetSourceIdentity']],
]);

/**
 * Services that say for whose resource they call, and whose own pages ask for it in the trust policies of their roles.
 * https://docs.aws.amazon.com/fis/latest/userguide/getting-started-iam-service-role.html
 * https://docs.aws.amazon.com/personalize/latest/dg/cross-service-confused-deputy-prevention.html
 * https://docs.aws.amazon.com/bedrock/latest/userguide/cross-service-confused-deputy-prevention.html
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
export const SOURCE_SENDERS: ReadonlySet<string> = new Set([
  'bedrock.amazonaws.com',
  'bedrock-agentcore.amazonaws.com',
  'fis.amazonaws.com',
  'personalize.amazonaws.com',
  'pipes.amazonaws.com',
  'scheduler.amazonaws.com',
]);
