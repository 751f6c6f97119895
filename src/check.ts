import type { Assumption } from './assumptions/assumption.ts';
import { mergeAssumptions } from './assumptions/assumption.ts';
import { type Decided, decideAll } from './assumptions/decided.ts';
import { declaredByExpectations } from './assumptions/from-expectations.ts';
import { declaredByIntents } from './assumptions/from-intents.ts';
import { declaredByPolicies } from './assumptions/from-policies.ts';
import type { Configuration } from './config/configuration.ts';
import type { Asked } from './documents/authorization-details/asked.ts';
import type { Files } from './documents/files.ts';
import { readPolicyFile } from './documents/policies/policy-file.ts';
import { readDocuments } from './documents/read.ts';
import type { RepositoryFacts } from './documents/workflows/repository.ts';
import { driftOf } from './drift/compare.ts';
import type { Drift } from './drift/drift.ts';
import type { Problem } from './inventory/declarations.ts';
import { type Entity, type Inventory, joinDeclarations } from './inventory/inventory.ts';
import { applyRules, type Finding, type Levels } from './rules/apply.ts';
import { withConstructs } from './rules/constructs.ts';
import { placedHere } from './rules/elsewhere.ts';
import { RULES } from './rules/index.ts';
import { withoutSuppressed } from './rules/suppress.ts';
import { show } from './symbolic/text.ts';

export interface CheckInput {
  readonly files: Files;
  readonly configuration: Configuration;
  /** Whose `rules` and `ignore` count: in a pull request the base's, so that a change cannot silence its own check. */
  readonly suppressing: Configuration;
  readonly account: string | undefined;
  /** What the base of a comparison had decided. */
  readonly before?: readonly Decided[] | undefined;
  /** Plans that are read as what they found, not as what they make of it. */
  readonly asFound?: ReadonlySet<string>;
  /** The repository whose workflows are checked, as far as the rim knows it. */
  readonly repository?: RepositoryFacts | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What of dumps is asked besides: by the other world of a comparison, by somebody. */
  readonly askedBesides?: readonly Asked[] | undefined;
  /** A call that somebody asks about, besides those that documents declare. */
  readonly asked?: (inventory: Inventory) => readonly Assumption[];
}

export interface Checked {
  readonly documents: number;
  readonly inventory: Inventory;
  readonly decided: readonly Decided[];
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
  /** What was asked of dumps. */
  readonly askedOfDumps: readonly Asked[];
  /** How what is declared differs from what AWS shows of it; worked out when it is asked for. */
  readonly drift: () => Drift;
}

/** What the documents declare, before anything is decided. */
export function readWorld({
  files,
  configuration,
  account,
  asFound,
  repository,
  askedBesides,
}: Pick<CheckInput, 'files' | 'configuration' | 'account' | 'asFound' | 'repository' | 'askedBesides'>) {
  const read = readDocuments(files, configuration, account, asFound, repository, askedBesides);
  const { beside, presented } = read;
  return {
    ...read,
    inventory: {
      ...joinDeclarations(read.declarations, read.deployments),
      ...(beside === undefined ? {} : { beside }),
      presented,
    },
  };
}

/** The whole way once: read the documents, join what they say, decide what they declare, rule on it. Pure. */
export function check(input: CheckInput): Checked {
  const { files, configuration, suppressing, before, now, asked } = input;
  const { inventory, ...read } = readWorld(input);
  const expected = declaredByExpectations(
    configuration,
    inventory,
    (path) => readPolicyFile(path, 'session', `session policy ${path}`, files).policy,
    now,
  );
  const assumptions: readonly Assumption[] = mergeAssumptions([
    // Asked in a context of its own, which a declaration of the same call must not take from it.
    ...(asked?.(inventory) ?? []),
    ...declaredByPolicies(inventory, now),
    ...declaredByIntents(read.declarations.intents, inventory, now),
    ...expected.assumptions,
  ]);
  const decided = decideAll(assumptions);
  const ruled = applyRules(
    RULES,
    { inventory, decided, before, conventions: suppressing.file.conventions },
    levelsOf(suppressing),
  );
  const findings = withConstructs(placedHere(ruled, files.elsewhere ?? NOWHERE), read.declarations.constructs);
  const kept = withoutSuppressed(findings, suppressing.file.ignore ?? [], read.declarations.suppressions, now);
  return {
    documents: read.count,
    inventory,
    decided,
    findings: kept,
    problems: [...read.declarations.problems, ...inventory.contested.flatMap(contested), ...expected.problems],
    askedOfDumps: [read.asked, ...(input.askedBesides ?? [])],
    drift: () => driftOf(read.declarations),
  };
}

function contested(same: readonly Entity[]): readonly Problem[] {
  const [first] = same;
  if (first === undefined) return [];
  const { arn, place } = first.declaration;
  const where = same.map(({ declaration }) => declaration.place.source.path).join(', ');
  const message = `${show(arn)} is shown otherwise in each of ${where}: it stays unknown, for nobody can say which of them counts`;
  return [{ level: 'warning', message, place }];
}

const NOWHERE: ReadonlySet<string> = new Set();

function levelsOf({ file }: Configuration): Levels {
  return new Map(Object.entries(file.rules ?? {}));
}
