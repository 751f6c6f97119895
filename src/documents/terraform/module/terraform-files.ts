import type { SourceFile } from '../../../source/source.ts';
import { globMatches } from '../../../symbolic/pattern.ts';
import type { Files } from '../../files.ts';
import { type ModuleSource, readModule } from './module-source.ts';
import { type GivenNames, type TerragruntUnit, terragruntUnits } from './terragrunt.ts';

const WANTED = /\.(tf|tofu|tfvars)(\.json)?$/i;

/** The Terraform files of a repository by their directories. */
export class TerraformFiles {
  readonly #files: Files;
  readonly #byDirectory: ReadonlyMap<string, readonly string[]>;
  readonly #modules = new Map<string, ModuleSource | undefined>();
  #units: ReadonlyMap<string, TerragruntUnit> | undefined;

  constructor(files: Files) {
    this.#files = files;
    const directories = new Map<string, string[]>();
    for (const path of files.matching(
      '**/{*.{tf,tf.json,tofu,tofu.json,tfvars,tfvars.json},terragrunt.{hcl,hcl.json}}',
    )) {
      const directory = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      const paths = directories.get(directory);
      if (paths === undefined) directories.set(directory, [path]);
      else paths.push(path);
    }
    this.#byDirectory = directories;
  }

  /** The directories that hold a module. */
  get directories(): readonly string[] {
    return [...this.#byDirectory].filter(([, paths]) => paths.some(isModuleFile)).map(([directory]) => directory);
  }

  /** The variables that Terragrunt gives the module in a directory; undefined where it does not run it. */
  terragruntGives(directory: string): GivenNames | undefined {
    return this.#unit(directory)?.gives;
  }

  #unit(directory: string): TerragruntUnit | undefined {
    this.#units ??= terragruntUnits(
      [...this.#byDirectory.values()]
        .flat()
        .filter((path) => /(^|\/)terragrunt\.hcl(\.json)?$/.test(path))
        .map((path) => this.read(path))
        .filter((file) => file !== undefined),
      (path) => this.read(path),
      this.directories,
    );
    return this.#units.get(directory);
  }

  /** The files without the edits that are laid over them; undefined where none touches a module. */
  unedited(): TerraformFiles | undefined {
    const { edited } = this.#files;
    return edited !== undefined && [...edited.paths].some(isModuleFile) ? new TerraformFiles(edited.from) : undefined;
  }

  module(directory: string): ModuleSource | undefined {
    if (!this.#modules.has(directory)) this.#modules.set(directory, this.#read(directory));
    return this.#modules.get(directory);
  }

  #read(directory: string): ModuleSource | undefined {
    const all = this.#pathsIn(directory).filter(isModuleFile);
    // OpenTofu passes over `main.tf` where there is a `main.tofu`. https://opentofu.org/docs/language/files/
    const paths = all.filter(
      (path) => !all.includes(path.replace(/\.tf(\.json)?$/i, '.tofu$1')) || /\.tofu(\.json)?$/i.test(path),
    );
    const files = paths.map((path) => this.#files.read(path)).filter((file) => file !== undefined);
    if (files.length === 0) return undefined;
    const prefix = directory === '' ? '' : `${directory}/`;
    const written = this.#unit(directory)?.generated ?? [];
    const generated = written.filter(({ name }) => isModuleFile(name) && !all.includes(`${prefix}${name}`));
    return readModule(directory, [...files, ...generated.map(({ file }) => file)]);
  }

  /** What `terraform init` has fetched is not walked with the rest. */
  #pathsIn(directory: string): readonly string[] {
    const known = this.#byDirectory.get(directory);
    if (known !== undefined || !/(^|\/)\.terraform\//.test(directory)) return known ?? [];
    return /[*?[\]{}()!]/.test(directory)
      ? []
      : this.#files.matching(`${directory}/*`).filter((path) => WANTED.test(path));
  }

  /** `terraform.tfvars` and `*.auto.tfvars` as Terraform reads them: each wins over those before it. */
  variableFiles(directory: string): readonly SourceFile[] {
    const names = this.#pathsIn(directory).map((path) => path.slice(directory === '' ? 0 : directory.length + 1));
    const automatic = names.filter((name) => /\.auto\.tfvars(\.json)?$/.test(name)).sort();
    const first = ['terraform.tfvars', 'terraform.tfvars.json'].filter((name) => names.includes(name));
    return [...first, ...automatic]
      .map((name) => this.read(directory === '' ? name : `${directory}/${name}`))
      .filter((file) => file !== undefined);
  }

  read(path: string): SourceFile | undefined {
    return this.#files.read(path);
  }

  /** Files below a folder that a pattern of `fileset` matches; undefined where the pattern is more than wildcards. */
  matching(folder: string, pattern: string): readonly string[] | undefined {
    if (!/^[\w./ -]*$/.test(folder) || !/^[\w./ *-]+$/.test(pattern) || /\*\*.*\*\*/.test(pattern)) return undefined;
    const prefix = folder === '' ? '' : `${folder}/`;
    return this.#files
      .matching(`${prefix}**/*`)
      .map((path) => path.slice(prefix.length))
      .filter((path) => matchesSegments(pattern.split('/'), path.split('/')));
  }
}

export function isModuleFile(path: string): boolean {
  return /\.(tf|tofu)(\.json)?$/i.test(path);
}

function matchesSegments(pattern: readonly string[], path: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return path.length === 0;
  if (first === '**')
    return path.length > 0 && (matchesSegments(rest, path) || matchesSegments(pattern, path.slice(1)));
  const [segment, ...below] = path;
  return segment !== undefined && globMatches(first, segment) && matchesSegments(rest, below);
}
