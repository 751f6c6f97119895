import { partsOf, show, type Text } from '../../symbolic/text.ts';

/** One step of a shape: a character, any but those of a class, or any number of such. */
type Step =
  | { readonly kind: 'letter'; readonly letter: string }
  | { readonly kind: 'one' | 'run'; readonly not: string };

/**
 * How the claims of some issuers are made, whoever presents them: `<:>` stands for a name without colons, `<>` for any text.
 * What a system lets its users change is not here.
 */
const SHAPES: readonly { readonly key: RegExp; readonly shapes: readonly string[] }[] = [
  {
    // https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/workload-identity-tokens
    key: /^app\.terraform\.io:sub$/,
    shapes: ['organization:<:>:project:<:>:workspace:<:>:run_phase:<:>', 'organization:<:>:project:<:>:stack:<>'],
  },
  {
    // https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/
    key: /^oidc\.circleci\.com\/org\/[^:]*:sub$/,
    shapes: ['org/</>/project/<>'],
  },
  {
    // https://support.atlassian.com/bitbucket-cloud/docs/integrate-pipelines-with-resource-servers-using-oidc/
    key: /^api\.bitbucket\.org\/2\.0\/workspaces\/.*:sub$/,
    shapes: ['{<}>}:{<>}'],
  },
  {
    key: /^api\.bitbucket\.org\/2\.0\/workspaces\/.*:aud$/,
    shapes: ['ari:cloud:bitbucket::workspace/<>'],
  },
];

/** No claim is longer, and what a hostile file asks for is not followed. */
const MOST_LETTERS = 2048;

/** Whether some token has a claim that a text, or a pattern where its operator takes it for one, matches. */
export function couldBeClaim(key: string, wanted: Text, isPattern: boolean): boolean {
  const known = SHAPES.find((one) => one.key.test(key));
  if (known === undefined || show(wanted).length > MOST_LETTERS) return true;
  const pattern = partsOf(wanted).flatMap((part): readonly Step[] =>
    typeof part === 'string' ? [...part].map((letter) => stepOf(letter, isPattern)) : [{ kind: 'run', not: '' }],
  );
  return known.shapes.some((shape) => overlaps(pattern, stepsOf(shape)));
}

function stepOf(letter: string, isPattern: boolean): Step {
  if (isPattern && letter === '*') return { kind: 'run', not: '' };
  return isPattern && letter === '?' ? { kind: 'one', not: '' } : { kind: 'letter', letter };
}

/** A name has one letter at least. */
function stepsOf(shape: string): readonly Step[] {
  return shape.split(/(<.?>)/).flatMap((part): readonly Step[] => {
    const not = /^<(.?)>$/.exec(part)?.[1];
    if (not === undefined) return [...part].map((letter) => ({ kind: 'letter', letter }));
    return [
      { kind: 'one', not },
      { kind: 'run', not },
    ];
  });
}

/** Is there a text that both describe? Each pair of places in them is reached once. */
function overlaps(one: readonly Step[], other: readonly Step[]): boolean {
  const width = other.length + 1;
  const seen = new Set<number>([0]);
  const open = [0];
  const reach = (i: number, j: number): void => {
    const at = i * width + j;
    if (i > one.length || j > other.length || seen.has(at)) return;
    seen.add(at);
    open.push(at);
  };
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [i, j] = [Math.floor(at / width), at % width];
    if (i === one.length && j === other.length) return true;
    const [left, right] = [one[i], other[j]];
    if (left?.kind === 'run') reach(i + 1, j);
    if (right?.kind === 'run') reach(i, j + 1);
    if (left === undefined || right === undefined || !meet(left, right)) continue;
    reach(left.kind === 'run' ? i : i + 1, right.kind === 'run' ? j : j + 1);
  }
  return false;
}

/** Whether one character is of both. */
function meet(left: Step, right: Step): boolean {
  if (left.kind === 'letter') return right.kind === 'letter' ? left.letter === right.letter : left.letter !== right.not;
  return right.kind === 'letter' ? left.not !== right.letter : true;
}
