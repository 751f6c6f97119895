import type { TextProblem } from '../../../source/tree.ts';
import type { Loss } from '../scope.ts';

const POLICY_ELEMENTS = /^(not_?)?(condition|principal|action|resource)s?$|^(effect|statement|sid|version)$/i;
const OPERATORS = /^(for(any|all)values?:)?(string|arn|numeric|date|bool|null|binary|ipaddress|notipaddress)/i;

/** What Terraform drops without a word, where it is a part of a policy; undefined where it is none of ours. */
export function lossProblem({ kind, name, variable, beside, place, asked }: Loss): TextProblem | undefined {
  if (kind === 'repeated key') {
    // Of a statement, of a condition, or of the keys below an operator.
    const ours =
      asked || [name, ...beside].some((key) => POLICY_ELEMENTS.test(key) || OPERATORS.test(key) || key.includes(':'));
    const message = `the key ${JSON.stringify(name)} is repeated: Terraform keeps this one, and drops what stands above`;
    return ours ? { level: 'warning', message, place } : undefined;
  }
  if (asked) {
    const message = `the type of the variable ${variable} has no attribute ${name}: Terraform drops it before it is read`;
    return { level: 'warning', message, place };
  }
  const restricts = POLICY_ELEMENTS.test(name) || OPERATORS.test(name) || name.includes(':');
  if (!restricts || !beside.some((key) => key !== name && (POLICY_ELEMENTS.test(key) || OPERATORS.test(key))))
    return undefined;
  const message = `the type of the variable ${variable} has no attribute ${name}: Terraform drops it, and the policy is made without it`;
  return { level: 'warning', message, place };
}
