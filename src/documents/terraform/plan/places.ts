import { JsonFinder } from '../../../source/find-json.ts';
import type { Place, Source, SourceFile } from '../../../source/source.ts';

export type JsonPath = readonly (string | number)[];

/** The places of a plan's values. A plan is large and few of them are ever shown, so each is looked for when it is. */
export class PlanPlaces {
  readonly file: SourceFile;
  #finder: JsonFinder | undefined;

  constructor(file: SourceFile) {
    this.file = file;
  }

  /** The place of a text is its letters, without quotes; of anything else, all of it. */
  at(path: JsonPath, text = ''): Place {
    return { source: new PlanSource(this, path, text), start: 0, end: text.length };
  }

  startOf(path: JsonPath): number {
    this.#finder ??= new JsonFinder(this.file.text);
    return this.#finder.find(path) ?? 0;
  }
}

/** One decoded text of a plan. */
class PlanSource implements Source {
  readonly text: string;
  readonly derived = true;
  readonly #places: PlanPlaces;
  readonly #path: JsonPath;

  constructor(places: PlanPlaces, path: JsonPath, text: string) {
    this.#places = places;
    this.#path = path;
    this.text = text;
  }

  get path(): string {
    return this.#places.file.path;
  }

  get file(): SourceFile {
    return this.#places.file;
  }

  toFile(offset: number): number {
    const { text } = this.#places.file;
    const start = this.#places.startOf(this.#path);
    if (text[start] !== '"') return start + offset;
    let at = start + 1;
    for (let letter = 0; letter < offset; letter++) at += text[at] !== '\\' ? 1 : text[at + 1] === 'u' ? 6 : 2;
    return at;
  }
}
