import { type Lost, locate } from '../../source/source.ts';
import { member, scalarText, type Tree } from '../../source/tree.ts';
import type { Unknown } from '../../symbolic/text.ts';

/** What macros, and parts that cannot be read, may do to a template: nobody can know it from the template alone. */
export interface Macros {
  /** Set where one may rewrite anything that the template says. */
  readonly rewrites: readonly Unknown[];
  /** Set where one may add resources, and with them policies for the template's own roles. */
  readonly adds: readonly Unknown[];
}

/** Transforms of AWS's own that leave roles and policies as they are, or that are followed here. */
const FOLLOWED =
  /^AWS::(Serverless-|LanguageExtensions$|CodeDeployBlueGreen$|SecretsManager-|CodeStar$|ServiceCatalog$)/;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-reference.html */
export function macrosOf(template: Tree, path: string): Macros {
  const written = member(template, 'Transform');
  const names = (written?.kind === 'list' ? written.items : written === undefined ? [] : [written])
    .map((one) => scalarText(one) ?? scalarText(member(one, 'Name')) ?? 'without a plain name')
    .filter((name) => !FOLLOWED.test(name));
  const includes = names.filter((name) => name === 'AWS::Include');
  const inside = macrosIn(member(template, 'Resources'));
  const { lost } = template.place.source;
  const unread = lost === undefined ? [] : [lostIn(lost)];
  return {
    rewrites: [
      ...names.filter((name) => name !== 'AWS::Include').map((name) => madeBy(name, path)),
      ...(lost?.beyond === true ? unread : []),
    ],
    adds: [...[...includes, ...inside].map((name) => madeBy(name, path)), ...unread],
  };
}

/** What a slip keeps from being read may as well be a policy of a role that is read. */
function lostIn({ slip }: Lost): Unknown {
  const { startLine } = locate(slip);
  return {
    id: `${slip.source.path}#lost`,
    kind: 'open',
    shown: `line ${startLine}`,
    missing: `what stands around the error in line ${startLine}`,
  };
}

/** The macros and loops that stand among the members of a map, whose outcome joins them. */
export function macrosIn(tree: Tree | undefined): readonly string[] {
  if (tree?.kind !== 'map') return [];
  return tree.entries
    .filter(({ key }) => isMacro(key.text))
    .map(({ key, value }) => scalarText(member(value, 'Name')) ?? key.text);
}

/** A loop is still there where what it goes through is not known. */
export function isMacro(key: string): boolean {
  return key === 'Fn::Transform' || key.startsWith('Fn::ForEach::');
}

export function madeBy(name: string, path: string): Unknown {
  return { id: `${path}#macro:${name}`, kind: 'open', shown: name, missing: `what ${name} makes of the template` };
}
