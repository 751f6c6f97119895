import { member, scalarText, type Tree } from '../../source/tree.ts';
import { isKnown, partsOf } from '../../symbolic/text.ts';
import { property } from './references.ts';
import type { Scope } from './scope.ts';
import type { Resource } from './template.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html, and SAM's of its own. */
const LOCATIONS: Readonly<Record<string, string>> = {
  'AWS::CloudFormation::Stack': 'TemplateURL',
  'AWS::Serverless::Application': 'Location',
};

export function isNestedStack({ type }: Resource): boolean {
  return LOCATIONS[type] !== undefined;
}

/** What a template passes for a parameter of a stack that it makes. */
export function passedTree(resource: Resource, name: string): Tree | undefined {
  return member(property(resource, 'Parameters'), name);
}

/** The file of a nested stack's template, where it is one of the repository's. */
export function nestedTemplate(scope: Scope, resource: Resource, paths: readonly string[]): string | undefined {
  const from = scope.template.path;
  // The CDK says which file it uploads: https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-metadata.html
  const asset = scalarText(member(member(resource.tree, 'Metadata'), 'aws:asset:path'));
  if (asset !== undefined) return only(paths, resolved(from, asset));
  const location = scope.text(property(resource, LOCATIONS[resource.type] ?? ''))?.text;
  if (location === undefined) return undefined;
  // `aws cloudformation package` uploads a local path and puts a URL in its place.
  if (isKnown(location) && !location.includes('://')) return only(paths, resolved(from, location));
  const last = partsOf(location).at(-1);
  if (typeof last !== 'string') return undefined;
  return endingAlike(paths, last.replace(/^[a-z0-9]+:\/\/(s3[.-][^/]*\/)?[^/]*\//i, '').replace(/[?#].*$/, ''));
}

function only(paths: readonly string[], path: string): string | undefined {
  return paths.includes(path) ? path : undefined;
}

/** The one file that shares most of the end of an uploaded template's key. */
function endingAlike(paths: readonly string[], key: string): string | undefined {
  const names = key.split('/').filter((name) => name !== '');
  for (let from = 0; from < names.length; from++) {
    const tail = names.slice(from).join('/');
    const found = paths.filter((path) => path === tail || path.endsWith(`/${tail}`));
    if (found.length > 0) return found.length === 1 ? found[0] : undefined;
  }
  return undefined;
}

/** A path relative to a file, within the repository. */
function resolved(from: string, relative: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const name of relative.split('/')) {
    if (name === '..') parts.pop();
    else if (name !== '.' && name !== '') parts.push(name);
  }
  return parts.join('/');
}
