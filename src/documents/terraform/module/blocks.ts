import type { Block, Body } from '../../../source/hcl/syntax.ts';
import type { Place } from '../../../source/source.ts';
import { choose, through } from '../choices.ts';
import { evaluate } from '../evaluate.ts';
import { loopOver } from '../loops.ts';
import { unknownResult } from '../operators.ts';
import type { Scope } from '../scope.ts';
import { failure, listTerm, mapTerm, type Term, type TermMember } from '../term.ts';

/** What the language itself reads of a resource, and the provider never sees: inside its blocks these names are like any other. */
const META = new Set(['count', 'for_each', 'provider', 'depends_on', 'lifecycle', 'provisioner', 'connection']);

/** The value of one attribute, or the list of the nested blocks of one type; undefined where the body holds neither. */
export function memberIn(body: Body, name: string, scope: Scope): TermMember | undefined {
  const attribute = body.attributes.find((one) => one.name === name);
  const written = attribute === undefined ? undefined : evaluate(attribute.value, scope);
  const blocks = body.blocks.filter((block) => typeOf(block) === name);
  const [first] = blocks;
  if (attribute !== undefined && written !== undefined && first === undefined)
    return { key: name, keyPlace: attribute.namePlace, value: written };
  if (first === undefined) return undefined;
  const items = blocks.flatMap((block) =>
    block.type === 'dynamic' ? dynamicItems(block, scope) : [bodyTerm(block.body, scope, block.place)],
  );
  // JSON writes blocks as an attribute, and dynamic ones beside it.
  const beside = written === undefined ? [] : written.kind === 'list' ? written.items : [written];
  return { key: name, keyPlace: placeOf(first), value: listTerm([...beside, ...items], first.place, 'list') };
}

/** All that the provider sees of a block in a resource. */
export function bodyTerm(body: Body, scope: Scope, place: Place): Term {
  return mapTerm(namedIn(body, scope, namesIn(body)), place);
}

/** All that the provider sees of a resource. */
export function membersIn(body: Body, scope: Scope): readonly TermMember[] {
  return namedIn(
    body,
    scope,
    namesIn(body).filter((name) => !META.has(name)),
  );
}

function namesIn(body: Body): readonly string[] {
  return [...new Set([...body.attributes.map(({ name }) => name), ...body.blocks.map(typeOf)])];
}

function namedIn(body: Body, scope: Scope, names: readonly string[]): readonly TermMember[] {
  return names.flatMap((name) => memberIn(body, name, scope) ?? []);
}

function typeOf(block: Block): string {
  return block.type === 'dynamic' ? (block.labels[0]?.text ?? '') : block.type;
}

function placeOf(block: Block): Place {
  return block.type === 'dynamic' ? (block.labels[0]?.place ?? block.typePlace) : block.typePlace;
}

/** https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks */
function dynamicItems(block: Block, scope: Scope): readonly Term[] {
  const { place } = block;
  const { attributes, blocks } = block.body;
  const forEach = attributes.find(({ name }) => name === 'for_each');
  const iterator = attributes.find(({ name }) => name === 'iterator')?.value;
  const content = blocks.find(({ type }) => type === 'content');
  if (forEach === undefined || content === undefined) return [];
  const name = iterator?.kind === 'variable' ? iterator.name : typeOf(block);
  const items = through([evaluate(forEach.value, scope)], ([collection]) => {
    if (collection === undefined || collection.kind === 'failure') return collection ?? failure('', place);
    const loop = loopOver(collection, scope.run, place);
    if (loop === undefined) return unknownResult('dynamic', [collection], place);
    const made = loop.map(({ key, value, when }) => {
      const attribute = (wanted: string, at: Place): Term =>
        wanted === 'key' ? key : wanted === 'value' ? value : failure(`${name} has no ${wanted}`, at);
      const item = bodyTerm(
        content.body,
        scope.withName(name, { kind: 'lazy', name, attribute, place }),
        content.place,
      );
      return when === undefined ? item : choose(when.guard, item, undefined, when.otherwise, place);
    });
    return listTerm(
      made.filter((item) => item !== undefined),
      place,
    );
  });
  return spread(items);
}

/** The items of a list, each where a choice between lists leaves it. */
function spread(term: Term | undefined): readonly Term[] {
  if (term?.kind === 'list') return term.items;
  if (term?.kind !== 'choice')
    return term === undefined ? [] : [term.kind === 'unknown' ? { ...term, many: true } : term];
  const { whenTrue, whenFalse } = term;
  return [
    ...spread(whenTrue).map((item): Term => ({ ...term, whenTrue: item, whenFalse: undefined })),
    ...spread(whenFalse).map((item): Term => ({ ...term, whenTrue: undefined, whenFalse: item })),
  ];
}
