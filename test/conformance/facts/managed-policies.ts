import {
  allowed,
  denied,
  type Fact,
  far,
  inGroup,
  alice,
  ALICE,
  managed,
  managedBoundary,
  mayNot,
  ROOT,
  role,
  trusts,
  GRANT,
  grants,
} from '../language.ts';
import { MANAGED } from '../sources.ts';

const CDK = 'arn:aws:iam::111111111111:role/cdk-hnb659fds-deploy-role-111111111111-eu-west-1';

export const managedPolicies: readonly Fact[] = [
  allowed('AdministratorAccess allows every role', MANAGED, far, managed('AdministratorAccess')),
  allowed('PowerUserAccess leaves out IAM, not STS', MANAGED, far, managed('PowerUserAccess')),
  denied('identity', 'IAMFullAccess allows no role', MANAGED, far, managed('IAMFullAccess')),
  denied('identity', 'ReadOnlyAccess allows no role', MANAGED, far, managed('ReadOnlyAccess')),
  denied('identity', 'SecurityAudit allows no role', MANAGED, far, managed('SecurityAudit')),
  denied('identity', 'ViewOnlyAccess allows no role', MANAGED, far, managed('job-function/ViewOnlyAccess')),
  denied('identity', 'AmazonS3FullAccess allows no role', MANAGED, far, managed('AmazonS3FullAccess')),
  allowed('one of several allows', MANAGED, far, managed('AmazonS3FullAccess', 'AdministratorAccess')),
  denied('identity', 'AWSDenyAll beats the others', MANAGED, far, managed('AdministratorAccess', 'AWSDenyAll')),
  denied('identity', 'AWSDenyAll beats a direct trust', MANAGED, alice, trusts(ALICE), managed('AWSDenyAll')),
  denied('identity', 'a policy of one’s own beats AdministratorAccess', MANAGED, far, managed('AdministratorAccess'), grants(mayNot('sts:*', '*'))),
  allowed('AdministratorAccess-Amplify allows every role', MANAGED, far, managed('AdministratorAccess-Amplify')),
  allowed('AmplifyBackendDeployFullAccess allows the roles of the CDK', MANAGED, trusts(ROOT), role(CDK), managed('service-role/AmplifyBackendDeployFullAccess')),
  denied('identity', 'AmplifyBackendDeployFullAccess allows no other role', MANAGED, trusts(ROOT), managed('service-role/AmplifyBackendDeployFullAccess')),
  denied('identity', 'AWSIAMIdentityCenterAllowListForIdentityContext denies roles', MANAGED, far, managed('AdministratorAccess', 'AWSIAMIdentityCenterAllowListForIdentityContext')),
  allowed('a group’s grant beside a policy of AWS', MANAGED, alice, trusts(ROOT), managed('ReadOnlyAccess'), inGroup('admins', GRANT)),
  denied('boundary', 'AdministratorAccess within ReadOnlyAccess', MANAGED, far, managed('AdministratorAccess'), managedBoundary('ReadOnlyAccess')),
  allowed('AdministratorAccess within PowerUserAccess', MANAGED, far, managed('AdministratorAccess'), managedBoundary('PowerUserAccess')),
];
