import { member, type Tree } from '../../source/tree.ts';
import { equal } from '../../symbolic/pattern.ts';
import { isKnown, keyOf, split, type Text } from '../../symbolic/text.ts';
import { fill, type Result, type Scope, unknownValue } from './evaluate.ts';
import type { Cell } from './matrix.ts';
import type { Repository } from './repository.ts';
import type { Run } from './triggers.ts';

/** Where an expression stands. */
export interface Standing {
  readonly repository: Repository;
  readonly run: Run;
  /** Of the workflow that the run started. */
  readonly workflowName: Text;
  readonly inputs: ReadonlyMap<string, Text>;
  /** Secrets that the calling job hands on under names of its own. */
  readonly secrets: ReadonlyMap<string, Text>;
  readonly cell: Cell;
  /** The maps in which `env` is looked up, the nearest first. */
  readonly environments: readonly (Tree | undefined)[];
  /** The job's own text: what it writes to GITHUB_ENV is not known beforehand. */
  readonly jobText: string;
  /** Of the step that uses the action in which it stands. */
  readonly outer?: Scope | undefined;
}

export function scopeOf(standing: Standing): Scope {
  return new StandingScope(standing, 0);
}

/** An `env` entry may name others, and a hostile one itself. */
const MOST_STEPS = 8;

class StandingScope implements Scope {
  readonly #standing: Standing;
  readonly #depth: number;

  constructor(standing: Standing, depth: number) {
    this.#standing = standing;
    this.#depth = depth;
  }

  lookup([context = '', ...names]: readonly string[]): Result | undefined {
    const { repository, inputs, secrets, cell } = this.#standing;
    const [name = ''] = names;
    switch (context) {
      case 'github':
        return this.#github(names);
      case 'env':
        return this.#env(name);
      case 'vars':
        return repository.vars[name];
      case 'secrets':
        return secrets.get(name) ?? repository.secrets[name];
      case 'inputs':
        return inputs.get(name);
      case 'matrix': {
        const found = names.slice(1).reduce<Tree | undefined>(member, cell.get(name));
        return found?.kind === 'scalar' && found.text.includes('${{') ? this.#fill(found.text) : found;
      }
      default:
        return undefined;
    }
  }

  #github([name = '', ...rest]: readonly string[]): Result | undefined {
    const { repository, run, inputs, workflowName } = this.#standing;
    switch (name) {
      case 'ref':
        return run.foreign ? undefined : run.ref;
      case 'ref_name':
        return run.foreign ? undefined : refName(run.ref);
      case 'ref_type': {
        const sort = split(run.ref, '/')[1];
        return run.foreign || sort === undefined || !isKnown(sort) ? undefined : sort === 'tags' ? 'tag' : 'branch';
      }
      case 'event_name':
        return run.foreign ? undefined : run.event;
      case 'repository':
        return run.foreign ? undefined : repository.name;
      case 'repository_owner':
        return run.foreign ? undefined : repository.owner;
      case 'workflow':
        return workflowName;
      case 'base_ref':
      case 'head_ref':
        return run.foreign || run.event.startsWith('pull_request') ? undefined : '';
      case 'event':
        return rest[0] === 'inputs' && rest[1] !== undefined ? inputs.get(rest[1]) : undefined;
      default:
        return undefined;
    }
  }

  #env(name: string): Result | undefined {
    const { environments, jobText, outer } = this.#standing;
    const found = environments.map((env) => member(env, name)).find((value) => value !== undefined);
    if (found === undefined) return outer?.lookup(['env', name]);
    if (found.kind !== 'scalar' || this.#depth > MOST_STEPS) return undefined;
    if (jobText.includes('GITHUB_ENV') && jobText.includes(`${name}=`)) return undefined;
    return this.#fill(found.text);
  }

  #fill(text: string): Text {
    return fill(text, new StandingScope(this.#standing, this.#depth + 1));
  }

  differs(text: Text, literal: string): boolean {
    const { notRefs, ref } = this.#standing.run;
    if (isKnown(ref)) return false;
    const own = keyOf(text) === keyOf(ref) || keyOf(text) === keyOf(refName(ref));
    return (
      own && notRefs.some((one) => one === literal || one === `refs/heads/${literal}` || one === `refs/tags/${literal}`)
    );
  }

  unknown(source: string): Text {
    const [context = '', name = ''] = source.split('.');
    if (context === 'secrets' || context === 'vars')
      return unknownValue(source, `the value of ${source} (workflows.${context} in the configuration)`);
    const chosen = context === 'inputs' || context === 'github';
    return unknownValue(source, name === '' ? `what ${source} gives` : `the value of ${source}`, chosen);
  }
}

/** `main` of `refs/heads/main` */
function refName(ref: Text): Text {
  const [, sort, name] = split(ref, '/', 3);
  return sort !== undefined && isKnown(sort) && name !== undefined ? name : ref;
}

/** Could a ref be this very one? */
export function couldBe(ref: Text, literal: string): boolean {
  return equal(ref, literal) !== false;
}
