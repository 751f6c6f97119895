import type { Configuration } from '../config/configuration.ts';
import { pathPattern } from '../config/patterns.ts';
import type { AccountEntry } from '../config/schema.ts';
import { partitionOf } from '../iam/arn.ts';
import { NO_ORGANIZATION, type Organization } from '../iam/caller.ts';
import type { Policy } from '../iam/policy.ts';
import type { Deployment, PolicyDocument, Problem } from '../inventory/declarations.ts';
import type { Place } from '../source/source.ts';
import { isKnown, type Text, unknownText } from '../symbolic/text.ts';
import type { Files } from './files.ts';
import { readParameterFile } from './parameter-file.ts';
import { readPolicyFile } from './policies/policy-file.ts';

/** The account of documents that the configuration says nothing of: a symbol that equals itself. */
const SYMBOLIC_ACCOUNT = unknownText({
  id: 'AWS::AccountId',
  kind: 'account-id',
  shown: '${AWS::AccountId}',
  missing: 'the account that the documents are deployed to (--account, or accounts in the configuration)',
});
const SYMBOLIC_REGION = unknownText({
  id: 'AWS::Region',
  kind: 'region',
  shown: '${AWS::Region}',
  missing: 'the region that the documents are deployed to',
});

/** Which accounts a document is deployed to, and what the configuration says of each. */
export interface Deployments {
  /** What it was read with, besides files. */
  readonly given: { readonly configuration: Configuration; readonly account: string | undefined };
  readonly all: readonly Deployment[];
  readonly policies: readonly PolicyDocument[];
  readonly problems: readonly Problem[];
  /** Files that are read as SCPs, RCPs or parameters, and as nothing else. */
  readonly paths: ReadonlySet<string>;
  /** One for each account that claims the document; the unclaimed account's where none does. */
  of(path: string): readonly Deployment[];
  ofAccount(account: Text): Deployment;
}

export function readDeployments(configuration: Configuration, files: Files, account: string | undefined): Deployments {
  const reader = new Reader(configuration, files);
  const entries = Object.entries(configuration.file.accounts ?? {}).map(([name, entry]) => ({
    deployment: reader.deployment(name, entry),
    patterns: (entry.paths ?? []).map(pathPattern),
  }));
  const byId = new Map(entries.map(({ deployment }) => [deployment.account, deployment]));
  const plain: Deployment = {
    accountName: undefined,
    account: account ?? SYMBOLIC_ACCOUNT,
    partition: 'aws',
    region: SYMBOLIC_REGION,
    organization: NO_ORGANIZATION,
    parameters: new Map(),
  };
  const ofAccount = (id: Text): Deployment => byId.get(id) ?? { ...plain, account: id };
  const unclaimed = account === undefined ? plain : ofAccount(account);
  return {
    given: { configuration, account },
    all: [...entries.map(({ deployment }) => deployment), unclaimed],
    policies: reader.policies,
    problems: reader.problems,
    paths: reader.paths,
    of(path) {
      const claimed = entries.filter(({ patterns }) => patterns.some((pattern) => pattern.match(path) !== undefined));
      return claimed.length === 0 ? [unclaimed] : claimed.map(({ deployment }) => deployment);
    },
    ofAccount,
  };
}

class Reader {
  readonly problems: Problem[] = [];
  readonly policies: PolicyDocument[] = [];
  readonly paths = new Set<string>();
  readonly #configuration: Configuration;
  readonly #files: Files;

  constructor(configuration: Configuration, files: Files) {
    this.#configuration = configuration;
    this.#files = files;
  }

  deployment(name: string, entry: AccountEntry): Deployment {
    return {
      accountName: name,
      account: entry.id,
      partition: entry.partition ?? partitionOf(entry.region ?? ''),
      region: entry.region ?? SYMBOLIC_REGION,
      organization: this.#organization(name, entry),
      ...this.#parameters(name, entry),
    };
  }

  #organization(name: string, entry: AccountEntry): Organization {
    const unit = entry['organizational-unit'];
    return {
      id: entry.organization ?? unit?.split('/')[0],
      paths: unit === undefined ? undefined : [unit],
      management: entry.management ?? false,
      scps: this.#levels(name, 'scps', entry.scps),
      rcps: this.#levels(name, 'rcps', entry.rcps),
    };
  }

  /** Each file is one more level, unless it stands in one list with others. */
  #levels(
    account: string,
    which: 'scps' | 'rcps',
    levels: AccountEntry['scps'],
  ): readonly (readonly Policy[])[] | undefined {
    return levels?.flatMap((level, index) => {
      const place = ['accounts', account, which, index] as const;
      if (typeof level === 'string')
        return this.#matching(level, place).flatMap((path) => this.#policy(path, which).map((policy) => [policy]));
      return [level.flatMap((pattern) => this.#matching(pattern, place).flatMap((path) => this.#policy(path, which)))];
    });
  }

  #policy(path: string, which: 'scps' | 'rcps'): readonly Policy[] {
    const use = which === 'scps' ? 'scp' : 'rcp';
    const read = readPolicyFile(path, use, `${use.toUpperCase()} ${path}`, this.#files);
    this.problems.push(...read.problems);
    if (read.policy === undefined) return [];
    this.policies.push({ policy: read.policy, use, owner: read.policy.name });
    return [read.policy];
  }

  #parameters(account: string, entry: AccountEntry): Pick<Deployment, 'parameters' | 'kept'> {
    const kept = new Map<string, Place>();
    const all = new Map<string, string | readonly string[]>();
    for (const [index, pattern] of (entry['parameter-files'] ?? []).entries()) {
      for (const path of this.#matching(pattern, ['accounts', account, 'parameter-files', index])) {
        const read = readParameterFile(path, this.#files, account);
        this.problems.push(...read.problems);
        for (const [name, value] of read.values) {
          all.set(name, value);
          kept.delete(name);
        }
        for (const [name, place] of read.kept) {
          all.delete(name);
          kept.set(name, place);
        }
      }
    }
    for (const [name, value] of Object.entries(entry.parameters ?? {})) {
      all.set(name, value);
      kept.delete(name);
    }
    return { parameters: all, kept };
  }

  #matching(pattern: string, at: readonly (string | number)[]): readonly string[] {
    const found = this.#files.matching(pattern);
    for (const path of found) this.paths.add(path);
    const place = this.#configuration.place(...at);
    if (found.length === 0 && place !== undefined)
      this.problems.push({ level: 'error', message: `no file matches ${JSON.stringify(pattern)}`, place });
    return found;
  }
}

/** The partition that a template's own ARNs show, where it names one only and the configuration none. */
export function withPartitionOf(deployment: Deployment, text: string): Deployment {
  if (deployment.accountName !== undefined || !isKnown(deployment.partition) || deployment.partition !== 'aws')
    return deployment;
  const named = new Set([...text.matchAll(/\barn:(aws[a-z-]*):/g)].map((match) => match[1]));
  const [only] = named;
  return named.size === 1 && only !== undefined ? { ...deployment, partition: only } : deployment;
}
