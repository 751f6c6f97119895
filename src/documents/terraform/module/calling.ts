import type { Place } from '../../../source/source.ts';
import type { Guard } from '../../../symbolic/guard.ts';
import type { TerraformResource } from '../resource.ts';
import type { Scope } from '../scope.ts';
import type { Term } from '../term.ts';
import type { ModuleSource } from './module-source.ts';
import type { Root } from './root.ts';

/** An instance of a module, as its blocks and the modules that it calls see it. */
export interface ModuleInstance {
  readonly source: ModuleSource;
  readonly root: Root;
  readonly scope: Scope;
  readonly address: string;
  readonly caller: Caller | undefined;
  /** `module.a.aws_iam_role.r` */
  nameOf(name: string): string;
  /** The same, as no other root module has it. */
  idOf(name: string): string;
  output(name: string, place: Place): Term;
  /** What the root module calls a provider that this one calls so. */
  providerNamed(name: string): string;
  /** Its resources and those of the modules that it calls. */
  resources(guard: Guard): readonly TerraformResource[];
}

/** What a module is called with; a root module has no caller. */
export interface Caller {
  readonly module: ModuleInstance;
  /** `module.a["x"]` */
  readonly address: string;
  readonly input: (name: string) => Term | undefined;
  /** The module's own name for a provider to the caller's. */
  readonly providers: ReadonlyMap<string, string>;
}
