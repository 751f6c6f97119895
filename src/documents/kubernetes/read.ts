import {
  type Declarations,
  type Deployment,
  type Intent,
  NOTHING_DECLARED,
  type Problem,
} from '../../inventory/declarations.ts';
import type { SourceFile } from '../../source/source.ts';
import { member, type ScalarTree, scalarText, type Tree } from '../../source/tree.ts';
import { type Text, unknownText } from '../../symbolic/text.ts';
import { clusterIntents } from './eksctl.ts';
import { Kustomizations } from './kustomization.ts';
import { serviceAccountToken, withPlaceholders } from './tokens.ts';

/** https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html */
export const ROLE_ANNOTATION = 'eks.amazonaws.com/role-arn';
/** https://github.com/aws/amazon-eks-pod-identity-webhook#eks-walkthrough */
const AUDIENCE_ANNOTATION = 'eks.amazonaws.com/audience';

/** Service accounts of a repository that pods assume roles with, in manifests and in the values of charts. */
export class ServiceAccounts {
  readonly kustomizations = new Kustomizations();

  read(tree: Tree, path: string, deployment: Deployment): Declarations {
    const intents: Intent[] = [];
    const problems: Problem[] = [];
    intents.push(...clusterIntents(tree, path, deployment));
    for (const found of annotated(tree, 0)) {
      if (found.role.text.includes('{{')) problems.push(templated(found.role.place));
      else intents.push(intentOf(found, this.kustomizations, path, deployment));
    }
    return { ...NOTHING_DECLARED, intents, problems };
  }
}

/** A template, of a chart or of Terraform, is no document before it is rendered. */
export function isTemplateText({ text }: SourceFile): boolean {
  return /\{\{|%\{/.test(text) && text.includes(ROLE_ANNOTATION);
}

/** Says that a template was seen, once, instead of what a parser finds wrong in it. */
export function unrenderedTemplate(file: SourceFile): Declarations {
  const start = file.text.indexOf(ROLE_ANNOTATION);
  return {
    ...NOTHING_DECLARED,
    problems: [templated({ source: file, start, end: start + ROLE_ANNOTATION.length })],
  };
}

function templated(place: Problem['place']): Problem {
  return {
    level: 'warning',
    message: 'a template is not rendered, so which role this service account assumes is not known',
    place,
  };
}

interface Annotated {
  readonly role: ScalarTree;
  readonly audience: string | undefined;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly manifest: boolean;
}

const MOST_DEPTH = 100;

/** Every map whose annotations name a role: a ServiceAccount's metadata, or what a chart makes one of. */
function annotated(tree: Tree, depth: number): readonly Annotated[] {
  if (depth > MOST_DEPTH || tree.kind === 'scalar') return [];
  if (tree.kind === 'list') return tree.items.flatMap((item) => annotated(item, depth + 1));
  const kind = scalarText(member(tree, 'kind'));
  const below = tree.entries.flatMap(({ value }) => annotated(value, depth + 1));
  const annotations = member(tree, 'annotations');
  const role = member(annotations, ROLE_ANNOTATION);
  if (kind === 'ServiceAccount') return below.map((found) => ({ ...found, manifest: true }));
  // What a controller makes of another kind's text, only the controller knows.
  if (role?.kind !== 'scalar' || role.text === '' || role.type === 'null') return below;
  const own: Annotated = {
    role,
    audience: scalarText(member(annotations, AUDIENCE_ANNOTATION)),
    name: scalarText(member(tree, 'name')),
    namespace: scalarText(member(tree, 'namespace')),
    manifest: false,
  };
  return [own, ...below];
}

function intentOf(found: Annotated, kustomizations: Kustomizations, path: string, deployment: Deployment): Intent {
  const { role, manifest } = found;
  const changed = kustomizations.changes(path);
  const namespace = changed.namespace ? undefined : found.namespace;
  const name = changed.name ? undefined : found.name;
  const shown = `${found.namespace === undefined || changed.namespace ? '' : `${found.namespace}/`}${found.name ?? ''}`;
  return {
    kind: 'service-account',
    role: { text: withPlaceholders(role.text, path), place: role.place },
    caller: serviceAccountToken({
      name,
      namespace,
      audience: found.audience === undefined ? audienceIn(role.text) : withPlaceholders(found.audience, path),
      at: `${path}:${role.place.start}`,
      path,
    }),
    deployment,
    text: `the service account ${shown}${manifest ? '' : ' of this chart'} is annotated with it`.replace('  ', ' '),
  };
}

/** The webhook's default; what it is in China, AWS does not say in one place. */
function audienceIn(role: string): Text {
  if (!role.startsWith('arn:aws-cn:')) return 'sts.amazonaws.com';
  const missing = 'the audience of tokens in China';
  return unknownText({ id: 'kubernetes:audience', kind: 'open', shown: '${audience}', missing });
}
