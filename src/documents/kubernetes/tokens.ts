import type { TokenCaller } from '../../inventory/declarations.ts';
import { concat, type Text, unknownText } from '../../symbolic/text.ts';

export interface ServiceAccount {
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  /** What its webhook asks for, where an annotation says so. */
  readonly audience?: Text;
  /** Sets its unknown names apart from those of other accounts. */
  readonly at: string;
  readonly path: string;
}

/** The token of a pod that runs as a service account. https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html */
export function serviceAccountToken({ name, namespace, audience, at, path }: ServiceAccount): TokenCaller {
  const known = (text: string | undefined, what: string): Text =>
    text === undefined || text === ''
      ? unknownText({
          id: `kubernetes:${what}:${at}`,
          kind: 'open',
          shown: `\${${what}}`,
          missing: `the ${what} of the service account`,
        })
      : withPlaceholders(text, path);
  const sub = concat('system:serviceaccount:', known(namespace, 'namespace'), ':', known(name, 'name'));
  return {
    kind: 'token',
    issuer: undefined,
    forms: [
      new Map([
        ['sub', sub],
        ['aud', audience ?? 'sts.amazonaws.com'],
      ]),
    ],
  };
}

/** What is filled in before a manifest is applied: `${ACCOUNT_ID}`, `<account>`, `{{ name }}`. */
export function withPlaceholders(text: string, path: string): Text {
  const pieces = text.split(/(\$\{[^}]*\}|\$[A-Za-z_]\w*|\{\{.*?\}\}|<[^>]*>)/);
  return concat(
    ...pieces.map((piece, index) =>
      index % 2 === 0
        ? piece
        : { id: `${path}#${piece}`, kind: 'open' as const, shown: piece, missing: `what is filled in for ${piece}` },
    ),
  );
}
