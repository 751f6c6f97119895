import type { Decided } from '../assumptions/decided.ts';
import { parseArn } from '../iam/arn.ts';
import { principalText } from '../iam/caller.ts';
import type { LayerName, LayerReport } from '../iam/layer-report.ts';
import { difference } from '../iam/near-miss.ts';
import type { Place } from '../source/source.ts';
import { keyOf, show, type Text } from '../symbolic/text.ts';
import type { Related } from './finding.ts';

/** `role/deployer` of an ARN; other texts as they are. */
function shortName(text: Text): string {
  const arn = parseArn(text);
  return show(arn === undefined ? text : arn.resource);
}

/** Both ends' short names; with their accounts where the short names are the same. */
export function ends(decided: Decided): { readonly principal: string; readonly role: string } {
  const principal = principalText(decided.assumption.question.caller);
  const role = decided.assumption.question.role.arn;
  const short = { principal: shortName(principal), role: shortName(role) };
  return short.principal === short.role && keyOf(principal) !== keyOf(role)
    ? { principal: show(principal), role: show(role) }
    : short;
}

/** What a person knows a caller by: a token by its subject, others by their short name. */
export function subjectOf(one: Decided): string {
  const { given } = one.assumption.question;
  const key = [...given.keys.keys()].find((name) => name.endsWith(':sub'));
  const [sub] = (key === undefined ? undefined : given.keys.get(key)) ?? [];
  return sub === undefined ? ends(one).principal : show(sub);
}

/** Where the assumption is declared, for findings that point at the other end. */
export function declarations(decided: Decided, except?: Place): readonly Related[] {
  return decided.assumption.declaredBy
    .filter(({ place }) => place !== except)
    .map(({ place, text }) => ({ place, message: text }));
}

/** A few words on how near the miss is: "one letter off". */
export function hintOf({ miss }: LayerReport): string | undefined {
  if (miss?.written === undefined || miss.wanted === undefined) return undefined;
  return difference(miss.written, miss.wanted);
}

/** What AWS calls the policies of each layer. */
export const LAYER_POLICIES: Readonly<Record<LayerName, string>> = {
  identity: 'identity policy',
  boundary: 'permissions boundary',
  session: 'session policy',
  scp: 'SCP',
  rcp: 'RCP',
  trust: 'trust policy',
};

/** `the trust policy` and what it does instead: how a sentence about a layer reads. */
export function layerSentence({ layer, reason, policy }: LayerReport): string {
  // The sentence names the policy first, so its reason need not.
  const own = policy === undefined ? reason : reason.replace(`, by the ${policy.name}`, '');
  if (layer === 'trust') return `the trust policy ${reasonAfterName(own)}`;
  if (layer === 'identity' && reason.startsWith('no ')) return reason;
  return `the ${policy?.name ?? LAYER_POLICIES[layer]} ${reasonAfterName(own)}`;
}

function reasonAfterName(reason: string): string {
  return reason.startsWith('no statement')
    ? `has ${reason}`
        .replace('has no statement names', 'has no statement that names')
        .replace('has no statement allows', 'has no statement that allows')
    : reason;
}
