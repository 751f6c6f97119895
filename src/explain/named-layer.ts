import type { Named, NamedLayer } from './failed-call.ts';

const LAYERS: readonly (readonly [RegExp, NamedLayer])[] = [
  [/VPC endpoint/i, 'endpoint'],
  [/role trust/i, 'trust'],
  [/identity[- ]based/i, 'identity'],
  [/permissions? boundar/i, 'boundary'],
  [/sessions? polic/i, 'session'],
  [/service control/i, 'scp'],
  [/resource control/i, 'rcp'],
  [/resource[- ]based/i, 'resource'],
];
const MISSING = /^["'`]?,? ?because no (?<what>[\w -]{3,60}?)(?:: ?(?<policy>arn:[^\s"'`<]{1,300}))? allows/i;
const DENYING =
  /^["'`]?,? ?with an explicit deny in (?:an?|the) (?<what>[\w -]{3,90}?)(?:: ?(?<policy>arn:[^\s"'`<]{1,300})|(?=[^\w -]|$))/i;

/**
 * The policy that AWS names right after a call: `because no … allows the … action`, `with an explicit deny in a …: arn:…`
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html,
 * https://aws.amazon.com/blogs/security/enhanced-access-denied-error-messages-with-policy-arns
 */
export function namedAfter(rest: string): Named | undefined {
  const missing = MISSING.exec(rest)?.groups;
  const told = missing ?? DENYING.exec(rest)?.groups;
  const { what, policy } = told ?? {};
  const layer = what === undefined ? undefined : LAYERS.find(([says]) => says.test(what))?.[1];
  if (layer === undefined) return undefined;
  return { layer, deny: missing === undefined, policy: policy?.replace(/[.,;:)\]}>]+$/, '') };
}
