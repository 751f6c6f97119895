import type { Deployment, Problem } from '../../inventory/declarations.ts';
import { type MapEntry, type MapTree, member, type ScalarTree, scalarText, type Tree } from '../../source/tree.ts';
import { isKnown } from '../../symbolic/text.ts';
import { settled, type Value } from '../../symbolic/value.ts';
import type { ParentStack } from './template.ts';

/** More copies than any template may have resources. */
const MOST_COPIES = 1000;

/**
 * `Fn::ForEach::Name: [Identifier, Collection, {"Key${Identifier}": …}]`, unrolled where the collection is known.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html
 */
export class ForEach {
  readonly problems: Problem[] = [];
  readonly #parameters: Tree | undefined;
  readonly #deployment: Deployment;
  readonly #parent: ParentStack | undefined;
  #copies = 0;

  constructor(parameters: Tree | undefined, deployment: Deployment, parent: ParentStack | undefined) {
    this.#parameters = parameters;
    this.#deployment = deployment;
    this.#parent = parent;
  }

  unroll(tree: Tree): Tree {
    if (tree.kind === 'list') return { ...tree, items: tree.items.map((item) => this.unroll(item)) };
    if (tree.kind === 'scalar') return tree;
    return { ...tree, entries: tree.entries.flatMap((entry) => this.#entry(entry)) };
  }

  #entry({ key, value }: MapEntry): readonly MapEntry[] {
    if (!key.text.startsWith('Fn::ForEach::')) return [{ key, value: this.unroll(value) }];
    const [identifier, collection, body] = value.kind === 'list' ? value.items : [];
    const name = scalarText(identifier);
    const items = collection === undefined ? undefined : this.#items(collection);
    if (name === undefined || items === undefined || body?.kind !== 'map') {
      const message = `${key.text} cannot be unrolled: its collection is not known from the template`;
      this.problems.push({ level: 'warning', message, place: key.place });
      return [{ key, value }];
    }
    return items.flatMap((item) => {
      this.#copies += 1;
      if (this.#copies > MOST_COPIES) return [];
      const copy = replaced(body, name, item);
      return copy.kind === 'map' ? copy.entries.flatMap((entry) => this.#entry(entry)) : [];
    });
  }

  #items(collection: Tree): readonly string[] | undefined {
    const reference = collection.tag === '!Ref' ? scalarText(collection) : scalarText(member(collection, 'Ref'));
    if (reference !== undefined) return this.#parameter(reference);
    if (collection.kind !== 'list') return undefined;
    const items = collection.items.map((item) => (item.tag === undefined ? scalarText(item) : undefined));
    return items.every((item) => item !== undefined) ? items : undefined;
  }

  #parameter(name: string): readonly string[] | undefined {
    const passed = settled(this.#parent?.parameter(name)?.found);
    if (passed?.kind === 'list') return literals(passed.items);
    if (passed !== undefined) return passed.kind === 'text' && isKnown(passed.text) ? listed(passed.text) : undefined;
    const declaration = member(this.#parameters, name);
    // Of an SSM parameter the default is the name alone.
    const found = scalarText(member(declaration, 'Type'))?.startsWith('AWS::SSM::') === true;
    const own = this.#parent === undefined ? this.#deployment : undefined;
    if (own?.kept?.has(name) === true || found) return undefined;
    const given = own?.parameters.get(name) ?? scalarText(member(declaration, 'Default'));
    return typeof given === 'string' ? listed(given) : given;
  }
}

function listed(text: string): readonly string[] {
  return text.split(',').map((item) => item.trim());
}

function literals(items: readonly Value[]): readonly string[] | undefined {
  const texts = items.map((item) => (item.kind === 'text' && isKnown(item.text) ? item.text : undefined));
  return texts.every((one) => one !== undefined) ? texts : undefined;
}

/** `${Identifier}` is the item as it is, `&{Identifier}` only its letters and digits. */
function replaced(tree: Tree, name: string, item: string): Tree {
  switch (tree.kind) {
    case 'scalar':
      return replacedText(tree, name, item);
    case 'list':
      return { ...tree, items: tree.items.map((one) => replaced(one, name, item)) };
    case 'map':
      return replacedMap(tree, name, item);
  }
}

function replacedMap(tree: MapTree, name: string, item: string): MapTree {
  const entries = tree.entries.map(({ key, value }) => ({
    key: replacedText(key, name, item),
    value: replaced(value, name, item),
  }));
  // `{"Ref": "Identifier"}` is the item, too.
  const [only] = entries;
  const own = entries.length === 1 && only?.key.text === 'Ref' && scalarText(only.value) === name;
  return own && only.value.kind === 'scalar'
    ? { ...tree, entries: [{ key: { ...only.key, text: 'Fn::Sub' }, value: { ...only.value, text: item } }] }
    : { ...tree, entries };
}

function replacedText(tree: ScalarTree, name: string, item: string): ScalarTree {
  if (tree.tag === '!Ref' && tree.text === name) return { ...tree, tag: undefined, text: item };
  if (!tree.text.includes('{')) return tree;
  const letters = item.replace(/[^A-Za-z0-9]/g, '');
  return { ...tree, text: tree.text.replaceAll(`\${${name}}`, item).replaceAll(`&{${name}}`, letters) };
}
