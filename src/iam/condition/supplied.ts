import { keysWithin } from '../../symbolic/opposite.ts';
import { isKnown, show, type Text, unknownsIn } from '../../symbolic/text.ts';
import { and, dependsOn, dependsOnAll, type Truth } from '../../symbolic/truth.ts';
import type { Context, KeyValue } from './context.ts';
import { type ConditionTest, type Operator, takesVariables } from './test.ts';
import { couldBeClaim } from './token-shapes.ts';
import { readBoolean, readDate, readNetwork, readNumber } from './values.ts';
import { substitute } from './variables.ts';

/** What AWS lets a caller write into these keys. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const ALLOWED: Readonly<Record<string, RegExp>> = {
  'sts:externalid': /^[\w+=,.@:/-]{2,1224}$/,
  'sts:rolesessionname': /^[\w+=,.@-]{2,64}$/,
  'sts:sourceidentity': /^[\w+=,.@-]{2,64}$/,
  'aws:sourceaccount': /^\d{12}$/,
  'aws:principalaccount': /^\d{12}$/,
  // Neither a repository, nor a git reference (git check-ref-format), nor an environment in a token holds a wildcard.
  // A subject starts with the name of a claim: https://docs.github.com/en/actions/reference/security/oidc
  'token.actions.githubusercontent.com:sub': /^[a-z_]+:[^*?]+$/,
  'token.actions.githubusercontent.com:aud': /^[^*?]+$/,
};

type Supplied = Extract<KeyValue, { kind: 'supplied' }>;

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#service-account-tokens */
const CLUSTER_SUBJECT = /^system:serviceaccount:[^:]+:[^:]+$/;

function allowedIn(key: string): RegExp | undefined {
  return /^oidc\.eks\..*:sub$/.test(key) ? CLUSTER_SUBJECT : ALLOWED[key];
}

/** A condition on a key whose value the caller or the moment supplies: what is required of it, or that nothing will do. */
export function holdsWhenSupplied(
  test: ConditionTest,
  written: Operator,
  context: Context,
  { earliest, always }: Pick<Supplied, 'earliest' | 'always'>,
): Truth {
  const operator = always === true ? ofPresentKey(written) : written;
  const settled = earliest === undefined ? undefined : timeAlwaysHolds(test, operator, earliest);
  if (settled !== undefined) return settled;
  const wanted = wantedValues(test, operator, context);
  if (!('values' in wanted)) return wanted.open;
  const { negated, ifExists, set } = operator;
  const values = negated ? wanted.values : wanted.values.filter((text) => couldSupply(test.keyLower, operator, text));
  const required = (name: string, ...texts: readonly Text[]): Truth =>
    dependsOn({ kind: 'key', key: show(test.key), operator: name, values: texts });
  const absenceWillDo = ifExists || set === 'all' || (negated && set === undefined);
  if (values.length === 0) {
    if (operator.comparison === 'Null') return false;
    if (negated) return absenceWillDo || required('Null', 'false');
    return absenceWillDo && required('Null', 'true');
  }
  const needed = required(operator.name, ...values);
  return absenceWillDo ? needed : and(needed, { alternatives: [keysWithin(values)] });
}

/** What is said of absent keys is moot where the key is in every call. */
function ofPresentKey({ name, comparison, negated, set }: Operator): Operator {
  return {
    name: name.replace(/^ForAllValues:|IfExists$/gi, ''),
    comparison,
    negated,
    ifExists: false,
    set: set === 'all' ? undefined : set,
  };
}

/** The values of a condition with their variables filled in; those whose variables are not in the call are left out. */
function wantedValues(
  { values }: ConditionTest,
  { comparison }: Operator,
  context: Context,
): { readonly values: readonly Text[] } | { readonly open: Truth } {
  const texts: Text[] = [];
  for (const { text, variables } of values) {
    if ((comparison === 'Bool' || comparison === 'Null') && !isKnown(text))
      return { open: dependsOnAll(unknownsIn(text)) };
    if (!variables || !takesVariables(comparison)) {
      texts.push(text);
      continue;
    }
    const filled = substitute(text, context);
    if (filled.kind === 'open') return { open: filled.truth };
    if (filled.kind === 'value') texts.push(filled.text);
  }
  return { values: texts };
}

/** Whether a call could bring a value that meets this one: none equals a wildcard, or a date that is no date. */
function couldSupply(key: string, { comparison }: Operator, wanted: Text): boolean {
  if (/^String(Equals|Like)$/.test(comparison) && !couldBeClaim(key, wanted, comparison === 'StringLike')) return false;
  if (!isKnown(wanted)) return true;
  if (comparison === 'StringEquals' || comparison === 'StringEqualsIgnoreCase')
    return allowedIn(key)?.test(wanted) ?? true;
  // Without a wildcard it is one text.
  if (comparison === 'StringLike' && !/[*?]/.test(wanted)) return allowedIn(key)?.test(wanted) ?? true;
  if (comparison === 'Bool' || comparison === 'Null') return readBoolean(wanted) !== undefined;
  if (comparison === 'IpAddress') return readNetwork(wanted) !== undefined;
  if (comparison.startsWith('Date')) return readDate(wanted) !== undefined;
  if (comparison.startsWith('Numeric')) return readNumber(wanted) !== undefined;
  return true;
}

/** For a clock that has reached `earliest`: a window already over, or already begun for good, is settled. */
function timeAlwaysHolds(test: ConditionTest, operator: Operator, earliest: number): boolean | undefined {
  const times = test.values.map((value) => (isKnown(value.text) ? readDate(value.text) : undefined));
  if (times.length === 0 || times.some((time) => time === undefined)) return undefined;
  const known = times.filter((time) => time !== undefined);
  const relation = operator.comparison.startsWith('Date') ? operator.comparison.slice(4) : operator.comparison.slice(7);
  if (operator.comparison === 'Null') return undefined;
  if (relation.startsWith('GreaterThan')) return known.some((time) => earliest > time) ? true : undefined;
  if (relation.startsWith('LessThan')) return known.every((time) => earliest > time) ? false : undefined;
  if (relation === 'Equals' && known.every((time) => earliest > time)) return operator.negated;
  return undefined;
}
