/** An issuer that serves many tenants under one URL. */
export interface SharedIssuer {
  readonly host: string;
  /** Whose tokens they are: "GitHub Actions". */
  readonly name: string;
  /** The claim that IAM wants a trust policy to ask for when a role is made or changed. */
  readonly required: string;
  /** The claims that tell tenants apart, and what a value must start with, before its first wildcard, to name one. */
  readonly tenants: Readonly<Record<string, RegExp>>;
}

const ANY_ID = /./;
/** `organization:octo-org:`, `account:0123:`: the key and the whole of its value. */
const KEY_AND_VALUE = /^[a-z_]+:[^:/]+[:/]/;

/**
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html for the issuers and their claims;
 * which other claims STS hands to policies is in the Service Authorization Reference.
 */
const SHARED: readonly SharedIssuer[] = [
  {
    host: 'token.actions.githubusercontent.com',
    name: 'GitHub Actions',
    required: 'sub',
    tenants: {
      // `repo:octo-org/`, or the parts of a customized subject: `repository_owner:octo-org:`.
      sub: /^(?:repo:[^/:@]+[/@]|(?!repo:)[a-z_]+:[^:/]+(?:[:/]|$))/,
      repository: /^[^/]+\//,
      job_workflow_ref: /^[^/]+\//,
      repository_id: ANY_ID,
      repository_owner_id: ANY_ID,
      enterprise_id: ANY_ID,
      actor: ANY_ID,
      actor_id: ANY_ID,
    },
  },
  {
    host: 'gitlab.com',
    name: 'GitLab.com',
    required: 'sub',
    tenants: {
      sub: /^project_path:[^/:]+\//,
      namespace_id: ANY_ID,
      project_id: ANY_ID,
      user_email: ANY_ID,
      user_id: ANY_ID,
      user_login: ANY_ID,
      aud: /^(?!https?:\/\/gitlab\.com\/?$|sts\.amazonaws\.com$)./,
    },
  },
  { host: 'app.terraform.io', name: 'HCP Terraform', required: 'sub', tenants: { sub: KEY_AND_VALUE } },
  {
    host: 'agent.buildkite.com',
    name: 'Buildkite',
    required: 'sub',
    tenants: {
      sub: KEY_AND_VALUE,
      organization_id: ANY_ID,
      organization_slug: ANY_ID,
      pipeline_id: ANY_ID,
      cluster_id: ANY_ID,
    },
  },
  { host: 'oidc.codefresh.io', name: 'Codefresh', required: 'sub', tenants: { sub: KEY_AND_VALUE } },
  { host: 'scalr.io', name: 'Scalr', required: 'sub', tenants: { sub: KEY_AND_VALUE } },
  { host: 'studio.datachain.ai/api', name: 'DataChain Studio', required: 'sub', tenants: { sub: ANY_ID } },
  { host: 'tokens.cloud.shisho.dev', name: 'Shisho Cloud', required: 'sub', tenants: { sub: ANY_ID } },
  { host: 'proidc.upbound.io', name: 'Upbound', required: 'sub', tenants: { sub: ANY_ID } },
  {
    host: 'oidc-configuration.audit-log.githubusercontent.com',
    name: 'GitHub audit log streaming',
    required: 'sub',
    tenants: { sub: /^https?:\/\/[^/]+\/[^/]+$/ },
  },
  {
    host: 'oidc.vercel.com',
    name: 'Vercel',
    required: 'aud',
    tenants: { aud: /^https:\/\/vercel\.com\/[^/]+/, sub: /^owner:[^:]+:/ },
  },
  {
    host: 'api.pulumi.com/oidc',
    name: 'Pulumi Cloud',
    required: 'aud',
    tenants: { aud: ANY_ID, sub: /:org:[^:]+:/ },
  },
  {
    host: 'cognito-identity.amazonaws.com',
    name: 'Amazon Cognito',
    required: 'aud',
    tenants: { aud: /^[a-z]+-[a-z-]+-\d:[0-9a-f-]{36}/, sub: ANY_ID },
  },
  {
    host: 'accounts.google.com',
    name: 'Google',
    required: 'aud',
    tenants: {
      aud: ANY_ID,
      oaud: ANY_ID,
      azp: ANY_ID,
      sub: ANY_ID,
      email: ANY_ID,
      'google/organization_number': ANY_ID,
    },
  },
  {
    host: 'www.amazon.com',
    name: 'Login with Amazon',
    required: 'app_id',
    tenants: { app_id: ANY_ID, user_id: ANY_ID },
  },
  { host: 'graph.facebook.com', name: 'Facebook', required: 'app_id', tenants: { app_id: ANY_ID, id: ANY_ID } },
];

const BY_HOST = new Map(SHARED.map((issuer) => [issuer.host, issuer]));

export function sharedIssuer(host: string): SharedIssuer | undefined {
  return BY_HOST.get(host.toLowerCase());
}
