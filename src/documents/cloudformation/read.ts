import {
  type Construct,
  type Declarations,
  type Deployment,
  NOTHING_DECLARED,
  type Problem,
  type Suppression,
} from '../../inventory/declarations.ts';
import { type MapTree, member, scalarText } from '../../source/tree.ts';
import type { Value } from '../../symbolic/value.ts';
import { serviceIntents } from '../services/intents.ts';
import { declaredResource } from './declared.ts';
import { ForEach } from './for-each.ts';
import { IamResources } from './iam-resources.ts';
import type { Noted } from './noted.ts';
import { organizationPolicy } from './organizations-policies.ts';
import { permissionSetRoles } from './permission-sets.ts';
import { Resolver } from './resolver.ts';
import { afterSam } from './sam/expand.ts';
import type { Scope } from './scope.ts';
import { type Outside, type ParentStack, readTemplate } from './template.ts';

/** A template in one account, ready to be resolved: what it exports is known before any is read. */
export class CloudFormationTemplate {
  readonly #tree: MapTree;
  readonly #resolver: Resolver;
  readonly #problems: readonly Problem[];

  constructor(written: MapTree, path: string, deployment: Deployment, outside: Outside, parent?: ParentStack) {
    const loops = new ForEach(member(written, 'Parameters'), deployment, parent);
    const unrolled = written.place.source.text.includes('Fn::ForEach::') ? loops.unroll(written) : written;
    const tree = afterSam(unrolled.kind === 'map' ? unrolled : written);
    this.#tree = tree;
    this.#problems = loops.problems;
    this.#resolver = new Resolver(readTemplate(tree, path, deployment, outside, parent));
  }

  get scope(): Scope {
    return this.#resolver;
  }

  /** Tells those that import what it exports. */
  announce(): void {
    const { deployment, outside } = this.#resolver.template;
    const outputs = member(this.#tree, 'Outputs');
    for (const { value: output } of outputs?.kind === 'map' ? outputs.entries : []) {
      const exported = member(member(output, 'Export'), 'Name');
      const name = this.#resolver.text(exported)?.text;
      const value = member(output, 'Value');
      if (name !== undefined && value !== undefined)
        outside.exports.add(deployment.account, name, () => this.#resolver.noting(() => this.#resolver.resolve(value)));
    }
  }

  output(name: string): Noted<Value | undefined> {
    const value = member(member(member(this.#tree, 'Outputs'), name), 'Value');
    return this.#resolver.noting(() => (value === undefined ? undefined : this.#resolver.resolve(value)));
  }

  /** What it declares. */
  read(): Declarations {
    const iam = new IamResources(this.#resolver);
    const resources = [...this.#resolver.template.resources.values()].filter(
      // A resource whose condition cannot be decided is taken to exist.
      (resource) => this.#resolver.exists(resource) !== false,
    );
    for (const resource of resources) if (resource.type.startsWith('AWS::IAM::')) iam.read(resource);
    const sets = permissionSetRoles(this.#resolver, resources);
    const organization = resources
      .map((one) => organizationPolicy(this.#resolver, one))
      .filter((one) => one !== undefined);
    const own = iam.declarations();
    const intents = serviceIntents(resources.map((resource) => declaredResource(this.#resolver, resource)));
    const { suppressions, problems } = suppressionsIn(this.#tree);
    return {
      ...NOTHING_DECLARED,
      ...own,
      entities: [...own.entities, ...sets.roles],
      policies: [...own.policies, ...sets.documents, ...organization.map(({ document }) => document)],
      organizationPolicies: organization.map(({ attached }) => attached),
      intents,
      suppressions,
      constructs: this.#constructs(),
      problems: [...this.#problems, ...problems],
    };
  }

  /** What the CDK made the resources of. */
  #constructs(): readonly Construct[] {
    const { outside, path, resources } = this.#resolver.template;
    return [...resources.values()].flatMap(({ id, shown: name, tree, place }) =>
      name === id ? [] : [{ name, within: tree.place, place, madeAt: () => outside.madeAt(path, tree) }],
    );
  }
}

/** `Metadata: {assume-role-check: {ignore: [{rule, reason}]}}` of the template or of one resource; without a reason it does not count. */
function suppressionsIn(tree: MapTree): Pick<Declarations, 'suppressions' | 'problems'> {
  const suppressions: Suppression[] = [];
  const problems: Problem[] = [];
  const resources = member(tree, 'Resources');
  for (const holder of [tree, ...(resources?.kind === 'map' ? resources.entries.map(({ value }) => value) : [])]) {
    const ignored = member(member(member(holder, 'Metadata'), 'assume-role-check'), 'ignore');
    for (const entry of ignored?.kind === 'list' ? ignored.items : []) {
      const rule = scalarText(member(entry, 'rule'));
      const reason = scalarText(member(entry, 'reason'));
      if (rule !== undefined && reason !== undefined && reason.trim() !== '')
        suppressions.push({ rule, reason, within: holder.place });
      else
        problems.push({
          level: 'warning',
          message: 'an ignore entry needs a rule and a reason, so it does not count',
          place: entry.place,
        });
    }
  }
  return { suppressions, problems };
}
