/** The pages that the facts come from. */
const GUIDE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';
const ORGANIZATIONS = 'https://docs.aws.amazon.com/organizations/latest/userguide';
const STS = 'https://docs.aws.amazon.com/STS/latest/APIReference';

export const EVAL = `${GUIDE}/reference_policies_evaluation-logic.html`;
export const CROSS = `${GUIDE}/reference_policies_evaluation-logic-cross-account.html`;
export const BOUNDARIES = `${GUIDE}/access_policies_boundaries.html`;
export const UPDATE_TRUST = `${GUIDE}/id_roles_update-role-trust-policy.html`;
export const PRINCIPAL = `${GUIDE}/reference_policies_elements_principal.html`;
export const NOT_PRINCIPAL = `${GUIDE}/reference_policies_elements_notprincipal.html`;
export const STATEMENT = `${GUIDE}/reference_policies_elements_statement.html`;
export const EFFECT = `${GUIDE}/reference_policies_elements_effect.html`;
export const ACTION = `${GUIDE}/reference_policies_elements_action.html`;
export const NOT_ACTION = `${GUIDE}/reference_policies_elements_notaction.html`;
export const RESOURCE = `${GUIDE}/reference_policies_elements_resource.html`;
export const NOT_RESOURCE = `${GUIDE}/reference_policies_elements_notresource.html`;
export const CONDITION = `${GUIDE}/reference_policies_elements_condition.html`;
export const OPERATORS = `${GUIDE}/reference_policies_elements_condition_operators.html`;
export const VALUES = `${GUIDE}/reference_policies_condition-logic-multiple-context-keys-or-values.html`;
export const SETS = `${GUIDE}/reference_policies_condition-single-vs-multi-valued-context-keys.html`;
export const VARIABLES = `${GUIDE}/reference_policies_variables.html`;
export const VERSION = `${GUIDE}/reference_policies_elements_version.html`;
export const KEYS = `${GUIDE}/reference_policies_condition-keys.html`;
export const STS_KEYS = `${GUIDE}/reference_policies_iam-condition-keys.html`;
export const TAGS = `${GUIDE}/id_session-tags.html`;
export const SOURCE_IDENTITY = `${GUIDE}/id_credentials_temp_control-access_monitor.html`;
export const TEMPORARY = `${GUIDE}/id_credentials_temp_request.html`;
export const TROUBLE_ROLES = `${GUIDE}/troubleshoot_roles.html`;
export const CHECKS = `${GUIDE}/access-analyzer-reference-policy-checks.html`;
export const EXTERNAL_ID = `${GUIDE}/id_roles_create_for-user_externalid.html`;
export const OIDC = `${GUIDE}/id_roles_providers_oidc.html`;
export const OIDC_ROLE = `${GUIDE}/id_roles_create_for-idp_oidc.html`;
export const SAML_ROLE = `${GUIDE}/id_roles_create_for-idp_saml.html`;
export const IDENTIFIERS = `${GUIDE}/reference_identifiers.html`;
export const MFA = `${GUIDE}/id_credentials_mfa_configure-api-require.html`;
export const DEPUTY = `${GUIDE}/confused-deputy.html`;

export const SCP = `${ORGANIZATIONS}/orgs_manage_policies_scps.html`;
export const SCP_EVAL = `${ORGANIZATIONS}/orgs_manage_policies_scps_evaluation.html`;
export const RCP = `${ORGANIZATIONS}/orgs_manage_policies_rcps.html`;
export const RCP_SYNTAX = `${ORGANIZATIONS}/orgs_manage_policies_rcps_syntax.html`;

export const ASSUME_ROLE = `${STS}/API_AssumeRole.html`;
export const ASSUME_SAML = `${STS}/API_AssumeRoleWithSAML.html`;

/** Service Authorization Reference: which keys an STS action has. */
export const STS_ACTIONS =
  'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html';
export const SELF = 'https://aws.amazon.com/blogs/security/announcing-an-update-to-iam-role-trust-policy-behavior/';
export const MANAGED = 'https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html';
export const PARTITIONS =
  'https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html';
export const CHINA = 'https://docs.amazonaws.cn/en_us/aws/latest/userguide/ARNs.html';
export const GITHUB_OIDC = 'https://docs.github.com/en/actions/reference/security/oidc';
export const IRSA = 'https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html';
export const POD_IDENTITY = 'https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html';
export const ROLES_ANYWHERE = 'https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html';
export const COGNITO = 'https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html';
export const SERVICE_PRINCIPALS =
  'https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_iam.ServicePrincipalOpts.html';
export const SMS_CONFIGURATION =
  'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-cognito-userpool-smsconfiguration.html';
