import { type PolicyUse, parsePolicy } from '../../iam/parse-policy.ts';
import type { Policy } from '../../iam/policy.ts';
import type { Problem } from '../../inventory/declarations.ts';
import { valueFromTree } from '../../symbolic/from-tree.ts';
import { memberOf, type Value } from '../../symbolic/value.ts';
import { field, identityDocument } from '../fields.ts';
import type { Files } from '../files.ts';
import { parseText } from '../text.ts';

/** A file that holds one policy document, bare or as `aws organizations describe-policy` and `aws iam get-…-policy` print it. */
export function readPolicyFile(
  path: string,
  use: PolicyUse,
  name: string,
  files: Files,
): { readonly policy: Policy | undefined; readonly problems: readonly Problem[] } {
  const file = files.read(path);
  if (file === undefined) return { policy: undefined, problems: [] };
  const { documents, problems } = parseText(file);
  const [tree] = documents;
  if (tree === undefined) return { policy: undefined, problems };
  const value = documentIn(valueFromTree(tree));
  if (value === undefined) {
    const place = { source: file, start: tree.place.start, end: tree.place.start };
    return {
      policy: undefined,
      problems: [...problems, { level: 'error', message: 'holds no policy document: there is no Statement', place }],
    };
  }
  return { policy: parsePolicy(value, use, name), problems };
}

function documentIn(value: Value): Value | undefined {
  if (memberOf(value, 'Statement') !== undefined) return value;
  const wrapped =
    field(field(value, 'Policy'), 'Content') ??
    field(value, 'PolicyDocument') ??
    field(field(value, 'PolicyVersion'), 'Document') ??
    field(field(value, 'Role'), 'AssumeRolePolicyDocument');
  const document = wrapped === undefined ? undefined : identityDocument(wrapped);
  return memberOf(document, 'Statement') === undefined ? undefined : document;
}
