import type { Place, SourceFile } from '../../source/source.ts';
import type { Run } from './run.ts';
import type { Term } from './term.ts';

/** Something that a document says and Terraform drops without a word. */
export interface Loss {
  readonly kind: 'repeated key' | 'dropped attribute';
  readonly name: string;
  /** The variable whose type drops it. */
  readonly variable?: string;
  /** The keys beside it. */
  readonly beside: readonly string[];
  /** Set where something reads what is lost. */
  readonly asked?: true;
  readonly place: Place;
}

/** What the expressions of one module instance can reach. */
export interface Host {
  /** The value behind the first name of a reference: `var`, `local`, `aws_iam_role`. */
  readonly find: (name: string, place: Place) => Term;
  /** A file, by its path as the expressions of the root module count it. */
  readonly read: (path: string) => SourceFile | undefined;
  /** The paths of the files below a folder that a pattern matches, relative to the folder; undefined where nobody can tell. */
  readonly list: (folder: string, pattern: string) => readonly string[] | undefined;
  readonly lose: (loss: Loss) => void;
}

interface Name {
  readonly name: string;
  readonly term: Term;
  readonly outer: Name | undefined;
}

/** Where an expression stands: its module, and the loops around it. */
export class Scope {
  readonly host: Host;
  readonly run: Run;
  readonly element: Term | undefined;
  readonly #names: Name | undefined;

  constructor(host: Host, run: Run, element?: Term, names?: Name) {
    this.host = host;
    this.run = run;
    this.element = element;
    this.#names = names;
  }

  find(name: string, place: Place): Term {
    for (let at = this.#names; at !== undefined; at = at.outer) if (at.name === name) return at.term;
    return this.host.find(name, place);
  }

  withName(name: string, term: Term): Scope {
    return new Scope(this.host, this.run, this.element, { name, term, outer: this.#names });
  }

  withElement(element: Term): Scope {
    return new Scope(this.host, this.run, element, this.#names);
  }

  lose(loss: Loss): void {
    this.host.lose(loss);
  }
}
