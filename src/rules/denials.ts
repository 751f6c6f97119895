import { principalOf } from '../assumptions/assumption.ts';
import type { Decided } from '../assumptions/decided.ts';
import type { LayerReport } from '../iam/layer-report.ts';
import type { Withheld } from '../iam/question.ts';
import { show } from '../symbolic/text.ts';
import { type Cause, causeOf } from './cause.ts';
import type { Found, World } from './finding.ts';
import { declarations, ends, hintOf, layerSentence } from './words.ts';

/** The denied assumptions that documents declare, by the one rule that explains each. */
export function denialsBy(cause: Cause, { decided }: World, sentence: (denial: Denial) => string): readonly Found[] {
  return decided
    .filter(
      (one) => one.decision.decision === 'denied' && one.assumption.expectation === undefined && causeOf(one) === cause,
    )
    .map((one): Found => {
      const { withheld } = one.assumption.question;
      if (withheld !== undefined) return refusal(one, withheld);
      const { blockedBy, action } = one.explanation();
      const layer = blockedBy ?? one.explanation().layers.at(-1);
      const denial: Denial = { ...ends(one), decided: one, layer, action };
      const place = layer?.place ?? placeOf(one, layer);
      const hint = layer === undefined ? undefined : hintOf(layer);
      // Only what differs by a slip is replaced; else the text means something of its own.
      const replacement = hint === undefined ? undefined : layer?.miss?.wanted;
      return {
        message: sentence(denial),
        place,
        hint,
        related: declarations(one, place),
        subject: one,
        replacement,
      };
    });
}

/** Of a call that is never made, or that AWS refuses before it asks a policy. */
function refusal(one: Decided, { caller, reason, place, related, replacement }: Withheld): Found {
  const others = related === undefined ? [] : [related];
  return {
    message: `${caller} cannot assume ${ends(one).role}: ${reason}`,
    place,
    related: [...others, ...declarations(one, place)],
    subject: one,
    replacement,
  };
}

export interface Denial {
  readonly principal: string;
  readonly role: string;
  readonly decided: Decided;
  readonly layer: LayerReport | undefined;
  readonly action: string;
}

/** A gap has no text of its own: it is told where the thing is declared that lacks something. */
function placeOf({ assumption }: Decided, layer: LayerReport | undefined): Found['place'] {
  // What keeps the call out is that very policy, though none of its texts is wrong.
  const boundary = layer?.layer === 'boundary' ? assumption.principal?.declaration.boundary?.place : undefined;
  const entity = layer?.layer === 'trust' || layer?.layer === 'rcp' ? assumption.role : assumption.principal;
  const [declared] = assumption.declaredBy;
  const fallback = declared?.place ?? assumption.question.role.trust?.place;
  const place = boundary ?? entity?.declaration.place ?? fallback;
  if (place === undefined)
    throw new Error(`no place for ${principalOf(assumption)} on ${show(assumption.question.role.arn)}`);
  return place;
}

/** "role/a cannot assume role/b: the trust policy names role/c" */
export function cannotAssume({ principal, role, layer }: Denial): string {
  return `${principal} cannot assume ${role}${layer === undefined ? '' : `: ${layerSentence(layer)}`}`;
}
