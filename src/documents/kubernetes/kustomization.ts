import { member, scalarText, type Tree } from '../../source/tree.ts';

export function isKustomizationPath(path: string): boolean {
  return /(^|\/)kustomization\.ya?ml$/.test(path);
}

/**
 * What kustomizations change about the manifests that they gather: where one sets a namespace or a prefix, those of a gathered
 * manifest are not final. https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
 */
export class Kustomizations {
  readonly #folders = new Set<string>();
  #namespace = false;
  #name = false;

  add(path: string, tree: Tree): void {
    this.#folders.add(folderOf(path));
    const sets = (field: string): boolean => (scalarText(member(tree, field)) ?? '') !== '';
    this.#namespace ||= sets('namespace');
    this.#name ||= sets('namePrefix') || sets('nameSuffix');
  }

  changes(path: string): { readonly namespace: boolean; readonly name: boolean } {
    const gathered = ancestorsOf(path).some((folder) => this.#folders.has(folder));
    return { namespace: gathered && this.#namespace, name: gathered && this.#name };
  }
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

function ancestorsOf(path: string): readonly string[] {
  const segments = path.split('/').slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join('/')).concat('');
}
