import { parsePolicy } from '../../iam/parse-policy.ts';
import { type Declarations, NOTHING_DECLARED } from '../../inventory/declarations.ts';
import type { Tree } from '../../source/tree.ts';
import { valueFromTree } from '../../symbolic/from-tree.ts';
import { concat, isKnown, type Text } from '../../symbolic/text.ts';
import { itemsOf, memberOf, type Value } from '../../symbolic/value.ts';

/** A policy document that stands alone. Whose it is only the configuration can say, but slips in its text are slips anyhow. */
export function isBarePolicy(tree: Tree): boolean {
  const statements = itemsOf(memberOf(valueFromTree(tree), 'Statement'));
  return statements.length > 0 && statements.every((statement) => memberOf(statement, 'Effect') !== undefined);
}

export function readBarePolicy(tree: Tree, path: string): Declarations {
  const value = withPlaceholders(valueFromTree(tree), path);
  const statements = itemsOf(memberOf(value, 'Statement'));
  const trust = statements.every(
    (one) => memberOf(one, 'Principal') !== undefined && memberOf(one, 'Resource') === undefined,
  );
  const use = trust ? 'trust' : 'identity';
  // A bucket's or a key's policy names principals too, in its own way.
  if (!trust && statements.some((one) => memberOf(one, 'Principal') !== undefined)) return NOTHING_DECLARED;
  const owner = `${use} policy ${path}`;
  const policy = parsePolicy(value, use, owner);
  const assumes = policy.statements.some(({ actions }) =>
    actions.items.some(({ text }) => isKnown(text) && /^sts:|assume/i.test(text)),
  );
  return assumes ? { ...NOTHING_DECLARED, policies: [{ policy, use, owner }] } : NOTHING_DECLARED;
}

/** Such files are often filled in before they are used: `${account}`, `{{ account }}`, `<account>`, `ACCOUNT_ID`. */
const PLACEHOLDER =
  /(\$\{[^}]*\}|\{\{.*?\}\}|<[^>]*>|%[A-Za-z_]\w*%|\b(?:[A-Z][A-Z0-9]*[_-])*(?:ACCOUNT|ACCT|AWS)(?:[_-][A-Z0-9]+)+\b|\bACCOUNT\b|__\w+__)/;

function withPlaceholders(value: Value, path: string): Value {
  switch (value.kind) {
    case 'text':
      return { ...value, text: isKnown(value.text) ? unknownPlaceholders(value.text, path) : value.text };
    case 'list':
      return { ...value, items: value.items.map((item) => withPlaceholders(item, path)) };
    case 'map':
      return {
        ...value,
        members: value.members.map((member) => ({ ...member, value: withPlaceholders(member.value, path) })),
      };
    default:
      return value;
  }
}

function unknownPlaceholders(text: string, path: string): Text {
  const pieces = text.split(PLACEHOLDER);
  if (pieces.length === 1) return text;
  return concat(
    ...pieces.map((piece, index) => {
      if (index % 2 === 0 || /^\$\{(aws|sts|iam|saml|[\w.-]+\.[\w./-]+):/.test(piece)) return piece;
      return { id: `${path}#${piece}`, kind: 'open' as const, shown: piece, missing: `what is filled in for ${piece}` };
    }),
  );
}
