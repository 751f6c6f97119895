import { parseExpression, parseTemplate } from '../../../source/hcl/parse.ts';
import type { Attribute, Block, Body, Expression, ParsedBody } from '../../../source/hcl/syntax.ts';
import { parseJson } from '../../../source/json.ts';
import { EmbeddedSource, type Place, type SourceFile } from '../../../source/source.ts';
import type { MapEntry, ScalarTree, TextProblem, Tree } from '../../../source/tree.ts';

/** How many labels stand before the body of each block at the top. */
const LABELS: Readonly<Record<string, number>> = {
  resource: 2,
  data: 2,
  ephemeral: 2,
  variable: 1,
  output: 1,
  module: 1,
  provider: 1,
  locals: 0,
  terraform: 0,
};

/** The same of Terragrunt's files, which also have attributes at their top. */
const TERRAGRUNT: Readonly<Record<string, number>> = { terraform: 0, include: 1, generate: 1, dependency: 1 };

/** Reads the JSON syntax of Terraform into the same tree. https://developer.hashicorp.com/terraform/language/syntax/json */
export function parseTerraformJson(source: SourceFile): ParsedBody {
  const { documents, problems } = parseJson(source);
  const [tree] = documents;
  const place: Place = tree?.place ?? { source, start: 0, end: 0 };
  const reader = new Reader([...problems]);
  if (/\.hcl\.json$/i.test(source.path)) {
    const [inBlocks, others] = [true, false].map((block) =>
      entriesOf(tree).filter(({ key }) => Object.hasOwn(TERRAGRUNT, key.text) === block),
    );
    const blocks = (inBlocks ?? []).flatMap((entry) => reader.blocks(entry, TERRAGRUNT[entry.key.text]));
    return { body: { attributes: reader.attributes(others ?? []), blocks, place }, problems: reader.problems };
  }
  const blocks = entriesOf(tree).flatMap((entry) => reader.blocks(entry, LABELS[entry.key.text]));
  return { body: { attributes: [], blocks, place }, problems: reader.problems };
}

function entriesOf(tree: Tree | undefined): readonly MapEntry[] {
  if (tree?.kind === 'map') return tree.entries;
  return tree?.kind === 'list' ? tree.items.flatMap(entriesOf) : [];
}

class Reader {
  readonly problems: TextProblem[];

  constructor(problems: TextProblem[]) {
    this.problems = problems;
  }

  blocks(entry: MapEntry, labels: number | undefined): readonly Block[] {
    if (labels === undefined) return [];
    const walk = (tree: Tree, above: readonly ScalarTree[]): readonly Block[] => {
      if (tree.kind === 'list') return tree.items.flatMap((item) => walk(item, above));
      if (tree.kind !== 'map') return [];
      if (above.length < labels)
        return tree.entries.flatMap(({ key, value }) => (key.text === '//' ? [] : walk(value, [...above, key])));
      return [
        {
          type: entry.key.text,
          typePlace: entry.key.place,
          labels: above.map(({ text, place }) => ({ text, place })),
          body: this.#body(tree, entry.key.text),
          place: tree.place,
        },
      ];
    };
    return walk(entry.value, []);
  }

  attributes(entries: readonly MapEntry[]): readonly Attribute[] {
    return entries.map(({ key, value }) => ({
      name: key.text,
      namePlace: key.place,
      value: this.#expression(value, false),
    }));
  }

  #body(tree: Tree, type: string): Body {
    const attributes: Attribute[] = [];
    const blocks: Block[] = [];
    for (const { key, value } of entriesOf(tree)) {
      if (key.text === '//') continue;
      if (key.text === 'dynamic') blocks.push(...this.#dynamic(key, value));
      else {
        const verbatim = type === 'variable' || key.text === 'provider' || key.text === 'providers';
        attributes.push({ name: key.text, namePlace: key.place, value: this.#expression(value, verbatim) });
      }
    }
    return { attributes, blocks, place: tree.place };
  }

  /** `"dynamic": {"statement": {"for_each": …, "content": {…}}}` */
  #dynamic(key: ScalarTree, tree: Tree): readonly Block[] {
    return entriesOf(tree).flatMap((entry) => {
      const bodies = entry.value.kind === 'list' ? entry.value.items : [entry.value];
      return bodies.map((body): Block => {
        const { attributes, blocks } = this.#body(body, 'dynamic');
        const content = entriesOf(body).find((one) => one.key.text === 'content');
        const inner: readonly Block[] =
          content === undefined
            ? blocks
            : [
                {
                  type: 'content',
                  typePlace: content.key.place,
                  labels: [],
                  body: this.#body(content.value, 'content'),
                  place: content.value.place,
                },
              ];
        return {
          type: 'dynamic',
          typePlace: key.place,
          labels: [{ text: entry.key.text, place: entry.key.place }],
          body: {
            attributes: attributes.filter(({ name }) => name !== 'content'),
            blocks: inner,
            place: body.place,
          },
          place: body.place,
        };
      });
    });
  }

  #expression(tree: Tree, verbatim: boolean): Expression {
    switch (tree.kind) {
      case 'scalar':
        return this.#scalar(tree, verbatim);
      case 'list':
        return { kind: 'tuple', items: tree.items.map((item) => this.#expression(item, verbatim)), place: tree.place };
      case 'map': {
        const items = tree.entries.map(({ key, value }) => ({
          key: this.#scalar(key, verbatim),
          value: this.#expression(value, verbatim),
        }));
        return { kind: 'object', items, place: tree.place };
      }
    }
  }

  /** Every text is a template, except where Terraform takes it as it stands. */
  #scalar({ text, type, place }: ScalarTree, verbatim: boolean): Expression {
    if (type === 'null') return { kind: 'literal', value: null, place };
    if (type === 'boolean') return { kind: 'literal', value: text === 'true', place };
    if (type === 'number') return { kind: 'literal', value: Number(text), written: text, place };
    const plain = verbatim || !/[$%]\{/.test(text);
    if (plain && place.end - place.start === text.length) return { kind: 'literal', value: text, place };
    const source = new EmbeddedSource(place.source, text, offsetsOf(text, place));
    // A policy in quotes has its own escaped: each of its texts is found all the same.
    if (plain) return { kind: 'literal', value: text, place: { source, start: 0, end: text.length } };
    const template = parseTemplate(source);
    if (!('message' in template)) return template;
    this.problems.push(template);
    return { kind: 'literal', value: text, place };
  }
}

/** Where each character of a JSON text stands, its escapes counted. */
function offsetsOf(text: string, { source, start, end }: Place): readonly number[] {
  const offsets: number[] = [];
  let at = start;
  for (let index = 0; index < text.length; index++) {
    offsets.push(at);
    at += source.text[at] !== '\\' ? 1 : source.text[at + 1] === 'u' ? 6 : 2;
  }
  offsets.push(end);
  return offsets;
}

/** A type constraint, a provider or a reference that JSON writes in quotes. */
export function expressionInText(expression: Expression): Expression {
  if (expression.kind !== 'literal' || typeof expression.value !== 'string') return expression;
  const { source, start } = expression.place;
  const written = expression.value;
  const offsets = Array.from({ length: written.length + 1 }, (_, index) => start + index);
  const parsed = parseExpression(new EmbeddedSource(source, written, offsets));
  return 'message' in parsed ? expression : parsed;
}
