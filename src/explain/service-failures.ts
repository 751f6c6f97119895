/** How services say that they cannot assume the role that they were given; the role is told beside it, or it is not. */
const SERVICES: readonly { readonly says: RegExp; readonly service?: string }[] = [
  {
    says: /cannot be assumed by (?:the )?(?:service )?principal ['"]?(?<service>[a-z0-9.-]{1,80}\.amazonaws\.com(?:\.cn)?)/i,
  },
  // SageMaker
  {
    says: /Could not assume role [^'"]{0,400} allows principal ['"](?<service>[a-z0-9.-]{1,80}\.amazonaws\.com(?:\.cn)?)/i,
  },
  { says: /role defined for the function cannot be assumed by Lambda/i, service: 'lambda.amazonaws.com' },
  { says: /\bECS was unable to assume the role/i, service: 'ecs-tasks.amazonaws.com' },
  { says: /CodeBuild is not authorized to perform/i, service: 'codebuild.amazonaws.com' },
  { says: /CodePipeline is not authorized to perform AssumeRole/i, service: 'codepipeline.amazonaws.com' },
  { says: /Firehose is unable to assume role/i, service: 'firehose.amazonaws.com' },
  {
    says: /states\.amazonaws\.com,? nor the regional one is authorized to assume/i,
    service: 'states.amazonaws.com',
  },
  { says: /EKS does not have permissions to assume/i, service: 'pods.eks.amazonaws.com' },
  {
    says: /Unable to assume role and validate the (?:listeners|specified targetGroupArn)/i,
    service: 'ecs.amazonaws.com',
  },
  { says: /API Gateway (?:does not|could not|must).{0,60}assume/i, service: 'apigateway.amazonaws.com' },
  // CloudFormation, of the role that a stack is given: it reaches the other services in the stack's name.
  { says: /\bRole arn:\S{1,700} is invalid or cannot be assumed/i, service: 'cloudformation.amazonaws.com' },
];

/** The service that says so. */
export function serviceFailure(text: string): string | undefined {
  for (const { says, service } of SERVICES) {
    const found = says.exec(text);
    if (found !== null) return found.groups?.service ?? service;
  }
  return undefined;
}
