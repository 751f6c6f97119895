import type { GivenContext } from '../../../iam/question.ts';
import type { Deployment, Intent, IntentCaller } from '../../../inventory/declarations.ts';
import { isKnown, type Text, unknownText } from '../../../symbolic/text.ts';
import { itemsOf, type MapValue, memberOf, type Value } from '../../../symbolic/value.ts';
import type { EvaluatedRoot } from '../module/evaluate-root.ts';
import { textOf } from './attributes.ts';
import { hcpRunIntents } from './hcp-runs.ts';

/**
 * The roles that Terraform itself assumes before it calls AWS: for its providers, for the S3 backend of its state, and for
 * another root's state that it reads.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs#assuming-an-iam-role
 * https://developer.hashicorp.com/terraform/language/backend/s3#assume-role-configuration
 */
export function providerIntents(
  { providers, backends, resources }: Pick<EvaluatedRoot, 'providers' | 'backends' | 'resources'>,
  deployment: Deployment,
): readonly Intent[] {
  const all = resources();
  return [
    ...providers
      .filter(({ name }) => /(^|:)aws(cc)?(\.|$)/.test(name))
      .flatMap(({ name, body }) => assumedBy(`the provider ${name}`, body, deployment)),
    ...backends
      .filter(({ name }) => name === 's3')
      .flatMap(({ name, body }) => assumedBy(`the backend ${name}`, body, deployment, isPartial(body))),
    ...all
      .filter(({ type, mode }) => mode === 'data' && type === 'terraform_remote_state')
      .flatMap(({ address, body, guard }) => {
        const config = memberOf(body, 'config');
        if (textOf(memberOf(body, 'backend'))?.text !== 's3' || config?.kind !== 'map') return [];
        return assumedBy(`the backend of ${address}`, config, deployment).map((intent) => ({ ...intent, guard }));
      }),
    ...hcpRunIntents(all, deployment),
  ];
}

/**
 * What every state needs may be left to whoever initializes the backend; so may the rest, then.
 * https://developer.hashicorp.com/terraform/language/backend#partial-configuration
 */
function isPartial(body: MapValue): boolean {
  return ['bucket', 'key'].some((name) => memberOf(body, name) === undefined);
}

/** Of several `assume_role` blocks each role assumes the next. `partial`: more may be said elsewhere. */
export function assumedBy(who: string, body: MapValue, deployment: Deployment, partial = false): readonly Intent[] {
  const text = `is assumed by ${who}`;
  const intents: Intent[] = [];
  let caller: IntentCaller = { kind: 'principal', arn: whoever(who) };
  for (const block of blocksOf(body, 'assume_role_with_web_identity')) {
    const role = textOf(memberOf(block, 'role_arn'));
    if (role === undefined) continue;
    const web: IntentCaller = { kind: 'web-identity', provider: whoever(who) };
    intents.push({ kind: 'provider', role, caller: web, deployment, text, ...durationOf(block, who, false) });
    caller = { kind: 'principal', arn: role.text };
  }
  // Before its `assume_role` a backend had the same as attributes of its own.
  for (const block of [body, ...blocksOf(body, 'assume_role')]) {
    const role = textOf(memberOf(block, 'role_arn'));
    if (role === undefined) continue;
    const chained = intents.length > 0;
    intents.push({
      kind: 'provider',
      role,
      caller,
      deployment,
      given: contextOf(block, partial),
      text,
      ...durationOf(block, who, chained),
    });
    caller = { kind: 'principal', arn: role.text };
  }
  return intents;
}

/** `1h30m`; an hour where the block says nothing. https://pkg.go.dev/time#ParseDuration */
function durationOf(block: MapValue, caller: string, chained: boolean): Pick<Intent, 'duration'> {
  const written = textOf(memberOf(block, 'duration'));
  const parts =
    written === undefined || !isKnown(written.text) ? null : /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(written.text);
  if (written === undefined || parts === null) return {};
  const [hours = 0, minutes = 0, rest = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  const seconds = hours * 3600 + minutes * 60 + rest;
  const { place } = written;
  return { duration: { seconds, asked: 'duration', caller, chained, place } };
}

function blocksOf(body: MapValue, name: string): readonly MapValue[] {
  return itemsOf(memberOf(body, name)).filter((block) => block.kind === 'map');
}

/** Who runs Terraform stands in no document, and nothing is said against it. */
function whoever(who: string): Text {
  const missing = `the credentials that ${who} starts from`;
  return unknownText({ id: `provider:${who}`, kind: 'open', shown: '${credentials}', missing, undeclared: true });
}

/** What the block says, and no external id where it gives none and says all. */
function contextOf(block: MapValue, partial: boolean): GivenContext {
  const keys = new Map<string, readonly Text[] | undefined>();
  const names = new Map<string, string>();
  const set = (key: string, values: readonly Text[] | undefined): void => {
    names.set(key.toLowerCase(), key);
    keys.set(key.toLowerCase(), values);
  };
  const text = (value: Value | undefined): readonly Text[] => {
    const one = textOf(value);
    return one === undefined ? [] : [one.text];
  };
  const externalId = text(memberOf(block, 'external_id'));
  if (externalId.length > 0 || !partial) set('sts:ExternalId', externalId.length === 0 ? undefined : externalId);
  for (const [attribute, key] of [
    ['session_name', 'sts:RoleSessionName'],
    ['source_identity', 'sts:SourceIdentity'],
  ] as const) {
    const given = text(memberOf(block, attribute));
    if (given.length > 0) set(key, given);
  }
  const tags = memberOf(block, 'tags');
  const members = tags?.kind === 'map' ? tags.members : [];
  for (const { name, value } of members) set(`aws:RequestTag/${name}`, text(value));
  if (members.length > 0)
    set(
      'aws:TagKeys',
      members.map(({ name }) => name),
    );
  return { keys, unknown: new Set(), names, complete: false };
}
