import { concat, partsOf, split, type Text } from '../symbolic/text.ts';

/** `arn:partition:service:region:account:resource`, each part as far as it is known. */
export interface Arn {
  readonly partition: Text;
  readonly service: Text;
  readonly account: Text;
  readonly resource: Text;
}

/** The six parts of an ARN; undefined where the text does not show six parts that start with `arn`. */
export function parseArn(text: Text): Arn | undefined {
  const [prefix, partition, service, region, account, resource] = split(text, ':', 6);
  if (prefix !== 'arn' || partition === undefined || service === undefined || region === undefined) return undefined;
  if (account === undefined || resource === undefined) return undefined;
  return { partition, service, account, resource };
}

/** Path includes both its slashes: `/` or `/team/`. */
export function roleArn(partition: Text, account: Text, path: Text, name: Text): Text {
  return concat('arn:', partition, ':iam::', account, ':role', path, name);
}

export function userArn(partition: Text, account: Text, path: Text, name: Text): Text {
  return concat('arn:', partition, ':iam::', account, ':user', path, name);
}

/** `role`, `user`, `group`, `assumed-role`, … : the resource's sort, where its literal start shows it. */
export function resourceSort(resource: Text): string | undefined {
  const [first] = partsOf(resource);
  if (typeof first !== 'string') return undefined;
  const slash = first.indexOf('/');
  return slash === -1 ? undefined : first.slice(0, slash);
}

/** The last segment of the resource: a role's or user's name without its path. */
export function nameIn(resource: Text): Text {
  return split(resource, '/').at(-1) ?? resource;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html and botocore's partitions.json */
export const PARTITIONS = ['aws', 'aws-cn', 'aws-us-gov', 'aws-iso', 'aws-iso-b', 'aws-iso-e', 'aws-iso-f', 'aws-eusc'];

/** The partition that a region is of, by its name: botocore's partitions.json. */
export function partitionOf(region: string): string {
  const [prefix = 'aws'] = Object.entries(REGION_PREFIXES).find(([, start]) => region.startsWith(start)) ?? [];
  return prefix;
}

const REGION_PREFIXES: Readonly<Record<string, string>> = {
  'aws-cn': 'cn-',
  'aws-us-gov': 'us-gov-',
  'aws-iso-b': 'us-isob-',
  'aws-iso-e': 'eu-isoe-',
  'aws-iso-f': 'us-isof-',
  'aws-iso': 'us-iso-',
  'aws-eusc': 'eusc-',
};
