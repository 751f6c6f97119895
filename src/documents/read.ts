import type { Configuration } from '../config/configuration.ts';
import { type Declarations, type Deployment, NOTHING_DECLARED, together } from '../inventory/declarations.ts';
import type { Beside } from '../inventory/inventory.ts';
import type { PresentedSubjects } from '../inventory/presented-subjects.ts';
import type { SourceFile } from '../source/source.ts';
import type { Tree } from '../source/tree.ts';
import { type Asked, askedBy, askedTogether, nothingAsked } from './authorization-details/asked.ts';
import { readDumps } from './authorization-details/dumps.ts';
import { AuthorizationDetails, isAuthorizationDetails } from './authorization-details/read.ts';
import { isAwsConfig, readAwsConfig } from './aws-config/read.ts';
import { iamOutput } from './aws-outputs/iam.ts';
import { OrganizationsOutputs } from './aws-outputs/organizations.ts';
import { isAssembly, mentionsAssembly, readAssembly } from './cdk/assembly.ts';
import { deployedBy } from './cdk/deployed-by.ts';
import { openPipeline } from './ci/read.ts';
import { Assemblies } from './cloudformation/cdk.ts';
import { withoutDamage } from './cloudformation/damaged.ts';
import { Exports } from './cloudformation/exports.ts';
import { Stacks } from './cloudformation/stacks.ts';
import { isTemplate, type Outside } from './cloudformation/template.ts';
import { type Deployments, readDeployments, withPartitionOf } from './deployments.ts';
import type { Files } from './files.ts';
import { isClusterConfig } from './kubernetes/eksctl.ts';
import { isKustomizationPath } from './kubernetes/kustomization.ts';
import { isTemplateText, ROLE_ANNOTATION, ServiceAccounts, unrenderedTemplate } from './kubernetes/read.ts';
import { isBarePolicy, readBarePolicy } from './policies/bare.ts';
import { readConfigured } from './policies/configured.ts';
import { readRole, roleOf } from './policies/role-json.ts';
import { isPlan } from './terraform/plan/plan.ts';
import type { PlanFile } from './terraform/plan/read-plans.ts';
import { isTerraform, readTerraform } from './terraform/read.ts';
import { parseText } from './text.ts';
import { LocalActions } from './workflows/local-actions.ts';
import { isWorkflowPath, Workflows } from './workflows/read.ts';
import { NO_REPOSITORY, type RepositoryFacts, repositoriesOf } from './workflows/repository.ts';

export interface ReadDocuments {
  readonly declarations: Declarations;
  readonly deployments: readonly Deployment[];
  /** What the documents ask of dumps that are read in parts, and what those show besides. */
  readonly asked: Asked;
  readonly beside: Beside | undefined;
  /** How many files held something of ours. */
  readonly count: number;
  /** What the jobs of the repository can say of themselves, where all its workflows are read. */
  readonly presented: () => PresentedSubjects | undefined;
}

/** Reads every document of a run: what it declares, and what could not be read. */
export function readDocuments(
  files: Files,
  configuration: Configuration,
  account: string | undefined,
  asFound: ReadonlySet<string> = new Set(),
  repository: RepositoryFacts = NO_REPOSITORY,
  askedBesides: readonly Asked[] = [],
): ReadDocuments {
  const deployments = readDeployments(configuration, files, account);
  const configured = readConfigured(configuration, files, deployments.ofAccount);
  const imports = new Map(Object.entries(configuration.file.imports ?? {}));
  const assemblies = new Assemblies(files);
  const madeAt: Outside['madeAt'] = (path, resource) => assemblies.madeAt(path, resource);
  const stacks = new Stacks({ imports, exports: new Exports(), deploymentOf: deployments.ofAccount, madeAt });
  const workflows = new Workflows(
    repositoriesOf(repository, configuration.file.workflows),
    new LocalActions((path) => files.read(path)),
  );
  const outsiders: Outsiders = { workflows, accounts: new ServiceAccounts(), checkout: files };
  const elsewhere = files.elsewhere ?? new Set();
  const deployed: Deployed = {
    elsewhere,
    details: new AuthorizationDetails(deployments.ofAccount),
    organizations: new OrganizationsOutputs(),
  };
  const opened: { readonly path: string; readonly read: () => Declarations }[] = [];
  const plans: PlanFile[] = [];
  // What the configuration says to read as something is not read as something else besides.
  const sessions = (configuration.file.expect ?? []).flatMap((entry) => entry['session-policy'] ?? []);
  const taken = new Set([...configured.paths, ...deployments.paths, ...sessions]);
  let count = configured.paths.size;
  for (const path of files.documents) {
    const file = taken.has(path) || isTerraform(path) ? undefined : files.read(path);
    if (file !== undefined && isPlan(file.text)) {
      plans.push({ file, moment: asFound.has(path) ? 'before' : 'after' });
      continue;
    }
    const reading = file === undefined ? undefined : openFile(file, deployments, stacks, outsiders, deployed);
    if (reading === undefined) {
      if (file !== undefined && elsewhere.has(path)) opened.push({ path, read: () => nothingOf(file) });
      continue;
    }
    count += 1;
    opened.push({ path, read: reading });
  }
  const ours = { ...NOTHING_DECLARED, policies: deployments.policies, problems: deployments.problems };
  const terraform = readTerraform(files, deployments, plans);
  const whole = opened.map(({ path, read }) => ({ path, says: read() }));
  const besides = [terraform?.declarations ?? NOTHING_DECLARED, deployed.organizations.declarations()];
  const all = (parts: readonly { readonly says: Declarations }[]): Declarations =>
    together([configured, ours, ...parts.map(({ says }) => says), ...besides]);
  const { dumps } = files;
  const asked =
    dumps === undefined
      ? nothingAsked()
      : askedBy(all(whole), deployments.all, (path) => !elsewhere.has(path), endsExpected(configuration));
  const shown = readDumps(
    dumps ?? [],
    askedTogether([asked, ...askedBesides]),
    deployed.details.coverage,
    deployments.ofAccount,
  );
  // Documents come in the order of their paths, however they are read.
  const parts = [...whole, ...shown.dumps].sort((one, other) => (one.path < other.path ? -1 : 1));
  const declarations = all(dumps === undefined ? whole : parts);
  const presented = () => (files.covers('.github/workflows/any.yml') ? workflows.presented() : undefined);
  return {
    declarations: {
      ...declarations,
      covers: [...declarations.covers, ...shown.covers],
      intents: deployedBy(declarations.intents, (path) => files.read(path)),
    },
    deployments: deployments.all,
    asked,
    beside: dumps === undefined ? undefined : shown.beside,
    count: count + (terraform?.count ?? 0) + (dumps?.length ?? 0),
    presented,
  };
}

/** Whom the configuration expects something of. */
function endsExpected({ file }: Configuration): readonly string[] {
  return (file.expect ?? []).flatMap(({ principal, role }) => [principal, role]);
}

/** Who calls from outside the accounts. */
interface Outsiders {
  readonly workflows: Workflows;
  readonly accounts: ServiceAccounts;
  /** What a pipeline includes. */
  readonly checkout: Pick<Files, 'read' | 'matching'>;
}

/** What AWS itself printed, in as many files as it was written to. */
interface Deployed {
  /** Paths of what stands elsewhere. */
  readonly elsewhere: ReadonlySet<string>;
  readonly details: AuthorizationDetails;
  readonly organizations: OrganizationsOutputs;
}

/** An inventory that says nothing was named by mistake. */
function nothingOf(file: SourceFile): Declarations {
  const message =
    'an inventory that names nobody: an output of aws iam or aws organizations that says whose it is is expected, or what inventory export writes';
  return { ...NOTHING_DECLARED, problems: [{ level: 'warning', message, place: { source: file, start: 0, end: 0 } }] };
}

/** Most files of a repository are none of ours, and are not parsed. */
function mentionsOurs(text: string): boolean {
  return (
    text.includes('AWS::') ||
    mentionsAssembly(text) ||
    text.includes('AssumeRolePolicyDocument') ||
    (text.includes('"Statement"') && /"sts:|assume/i.test(text)) ||
    /(Role|User|Group)_?Detail_?List|arn:aws[\w-]*:organizations::\d|_CONTROL_POLICY"|"Policy_?Version_?List"|"UserId"\s*:|"TargetId"\s*:/i.test(
      text,
    )
  );
}

/** A file's documents, opened: templates know each other's exports before the first is read. */
function openFile(
  file: SourceFile,
  deployments: Deployments,
  stacks: Stacks,
  outsiders: Outsiders,
  deployed: Deployed,
): (() => Declarations) | undefined {
  const [first] = deployments.of(file.path);
  if (isAwsConfig(file) && first !== undefined) return () => readAwsConfig(file, first);
  const outside = openOutsider(file, deployments, outsiders);
  if (outside !== undefined) return outside.read;
  if (!mentionsOurs(file.text) && !deployed.elsewhere.has(file.path)) return undefined;
  const { documents, problems } = withoutDamage(file, parseText(file));
  const opened = documents.flatMap((tree) => openTree(tree, file, deployments, stacks, deployed));
  if (opened.length === 0 && problems.every((problem) => problem.level === 'warning')) return undefined;
  return () => together([...opened.map((read) => read()), { ...NOTHING_DECLARED, problems }]);
}

function openTree(
  tree: Tree,
  file: SourceFile,
  deployments: Deployments,
  stacks: Stacks,
  deployed: Deployed,
): readonly (() => Declarations)[] {
  const local = deployments.of(file.path);
  if (isTemplate(tree)) {
    const accounts = local.map((deployment) => withPartitionOf(deployment, file.text));
    return [stacks.add(tree, file.path, accounts)];
  }
  const [first] = local;
  if (first !== undefined && mentionsAssembly(file.text) && isAssembly(tree)) return [() => readAssembly(tree, first)];
  if (isAuthorizationDetails(tree)) return [() => deployed.details.read(tree)];
  const role = roleOf(tree);
  if (role !== undefined && first !== undefined) {
    const standing = deployed.elsewhere.has(file.path) ? 'dump' : 'document';
    return [() => readRole(role, first, deployments.ofAccount, standing)];
  }
  const output = iamOutput(tree);
  if (output !== undefined && first !== undefined) return [() => output(first, deployments.ofAccount)];
  if (deployed.organizations.add(tree, file.path)) return [() => NOTHING_DECLARED];
  return isBarePolicy(tree) ? [() => readBarePolicy(tree, file.path)] : [];
}

/** A workflow, or what stands in a cluster; `read` is undefined for one that has nothing to do with roles. */
function openOutsider(
  file: SourceFile,
  deployments: Deployments,
  { workflows, accounts, checkout }: Outsiders,
): { readonly read: (() => Declarations) | undefined } | undefined {
  const [deployment] = deployments.of(file.path);
  if (deployment === undefined) return undefined;
  if (isWorkflowPath(file.path)) {
    workflows.note(file);
    const ours = workflows.mayAssume(file.path, file.text);
    if (!ours && !/uses:\s*["']?\.\/\.github\/workflows\//.test(file.text)) return { read: undefined };
    const { documents, problems } = parseText(file);
    const [tree] = documents;
    const read = tree === undefined ? undefined : workflows.open(file.path, tree, deployment);
    return {
      read: ours
        ? () => together([...(read === undefined ? [] : [read()]), { ...NOTHING_DECLARED, problems }])
        : undefined,
    };
  }
  const pipeline = openPipeline(file, deployment, checkout);
  if (pipeline !== undefined) return { read: pipeline };
  if (isKustomizationPath(file.path)) {
    for (const tree of parseText(file).documents) accounts.kustomizations.add(file.path, tree);
    return file.text.includes(ROLE_ANNOTATION) ? undefined : { read: undefined };
  }
  const ours = file.text.includes(ROLE_ANNOTATION) || isClusterConfig(file.text);
  if (!ours || file.text.includes('AWS::') || !/\.ya?ml$/i.test(file.path)) return undefined;
  const { documents, problems } = parseText(file);
  const broken = problems.some(({ level }) => level === 'error');
  if (broken && isTemplateText(file)) return { read: () => unrenderedTemplate(file) };
  return {
    read: () =>
      together([
        ...documents.map((tree) => accounts.read(tree, file.path, deployment)),
        { ...NOTHING_DECLARED, problems },
      ]),
  };
}
