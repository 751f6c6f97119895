import type { Configuration } from '../config/configuration.ts';
import {
  type Declarations,
  type Deployment,
  NOTHING_DECLARED,
  type Problem,
  together,
} from '../inventory/declarations.ts';
import type { SourceFile } from '../source/source.ts';
import type { Tree } from '../source/tree.ts';
import { isAuthorizationDetails, readAuthorizationDetails } from './authorization-details/read.ts';
import { readCloudFormation } from './cloudformation/read.ts';
import { isTemplate } from './cloudformation/template.ts';
import { type Deployments, readDeployments, withPartitionOf } from './deployments.ts';
import type { Files } from './files.ts';
import { readConfigured } from './policies/configured.ts';
import { readRole, roleOf } from './policies/role-json.ts';
import { parseText } from './text.ts';

export interface ReadDocuments {
  readonly declarations: Declarations;
  readonly deployments: readonly Deployment[];
  /** How many files held something of ours. */
  readonly count: number;
}

/** Reads every document of a run: what it declares, and what could not be read. */
export function readDocuments(files: Files, configuration: Configuration, account: string | undefined): ReadDocuments {
  const deployments = readDeployments(configuration, files, account);
  const configured = readConfigured(configuration, files, deployments.ofAccount);
  const imports = new Map(Object.entries(configuration.file.imports ?? {}));
  const parts: Declarations[] = [
    configured,
    { ...NOTHING_DECLARED, policies: deployments.policies, problems: deployments.problems },
  ];
  let count = configured.paths.size;
  for (const path of files.documents) {
    if (configured.paths.has(path)) continue;
    const file = files.read(path);
    if (file === undefined || !mentionsOurs(file.text)) continue;
    const read = readFile(file, deployments, imports);
    if (read === undefined) continue;
    count += 1;
    parts.push(read);
  }
  return { declarations: together(parts), deployments: deployments.all, count };
}

/** Most files of a repository are none of ours, and are not parsed. */
function mentionsOurs(text: string): boolean {
  return (
    text.includes('AWS::') || text.includes('AssumeRolePolicyDocument') || /"?(Role|User|Group)DetailList"?/i.test(text)
  );
}

function readFile(
  file: SourceFile,
  deployments: Deployments,
  imports: ReadonlyMap<string, string | readonly string[]>,
): Declarations | undefined {
  const { documents, problems } = parseText(file);
  const parts = documents
    .map((tree) => readTree(tree, file, deployments, imports))
    .filter((part) => part !== undefined);
  if (parts.length === 0 && problems.every((problem) => problem.level === 'warning')) return undefined;
  return together([...parts, { ...NOTHING_DECLARED, problems: problems satisfies readonly Problem[] }]);
}

function readTree(
  tree: Tree,
  file: SourceFile,
  deployments: Deployments,
  imports: ReadonlyMap<string, string | readonly string[]>,
): Declarations | undefined {
  if (isTemplate(tree)) {
    return together(
      deployments
        .of(file.path)
        .map((deployment) => readCloudFormation(tree, file.path, withPartitionOf(deployment, file.text), imports)),
    );
  }
  if (isAuthorizationDetails(tree)) return readAuthorizationDetails(tree, deployments.ofAccount);
  const role = roleOf(tree);
  const [local] = deployments.of(file.path);
  return role === undefined || local === undefined ? undefined : readRole(role, local, deployments.ofAccount);
}
