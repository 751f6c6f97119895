/**
 * Which claims of a token STS hands to policies, for the issuers whose list AWS publishes.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html#awssecuritytokenservice-policy-keys
 */
const COMMON = ['aud', 'sub', 'amr', 'azp', 'oaud'];

const GITHUB = [
  'actor',
  'actor_id',
  'enterprise_id',
  'environment',
  'job_workflow_ref',
  'ref',
  'repository',
  'repository_id',
  'repository_owner_id',
  'workflow',
];
const GITLAB = [
  'namespace_id',
  'pipeline_source',
  'project_id',
  'ref_protected',
  'runner_environment',
  'user_access_level',
  'user_email',
  'user_id',
  'user_login',
];
const BUILDKITE = [
  'build_branch',
  'cluster_id',
  'cluster_name',
  'organization_id',
  'organization_slug',
  'pipeline_id',
  'pipeline_slug',
];

const ISSUERS: readonly { readonly host: RegExp; readonly claims: readonly string[] }[] = [
  { host: /^token\.actions\.githubusercontent\.com(\/|$)/, claims: GITHUB },
  { host: /^token\.actions\.[^/]+\.ghe\.com(\/|$)/, claims: GITHUB },
  { host: /^gitlab\.com$/, claims: GITLAB },
  { host: /^agent\.([^/]+\.)?buildkite\.(com|dev)$/, claims: BUILDKITE },
  { host: /^oidc\.eks\.[^/]+\.amazonaws\.com(\.cn)?\/id\//, claims: [] },
];

/** The claims of an issuer that policies can use; undefined where no list is known. */
export function exposedClaims(issuer: string): ReadonlySet<string> | undefined {
  const known = ISSUERS.find(({ host }) => host.test(issuer));
  return known === undefined ? undefined : new Set([...COMMON, ...known.claims]);
}

/** The issuer part of a web identity's condition key (`gitlab.com:sub`), or undefined for other keys. */
export function issuerOf(key: string): string | undefined {
  const colon = key.lastIndexOf(':');
  const issuer = key.slice(0, colon);
  return colon > 0 && (issuer.includes('.') || issuer.includes('${')) ? issuer : undefined;
}

/** Providers that IAM knows without an entity in the account. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
export const BUILT_IN_PROVIDERS = [
  'cognito-identity.amazonaws.com',
  'accounts.google.com',
  'graph.facebook.com',
  'www.amazon.com',
];

/** GitHub's own issuer, an enterprise's, and that of GHE.com. https://docs.github.com/en/enterprise-cloud@latest/actions/reference/security/oidc */
export function isGitHubIssuer(issuer: string): boolean {
  return /^token\.actions\.(githubusercontent\.com|[^/]+\.ghe\.com)(\/|$)|\/_services\/token$/.test(issuer);
}
