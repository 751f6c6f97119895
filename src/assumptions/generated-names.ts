import { nameIn, parseArn } from '../iam/arn.ts';
import { type Entity, type Inventory, inSession } from '../inventory/inventory.ts';
import { equal } from '../symbolic/pattern.ts';
import { isKnown, partsOf, show, split } from '../symbolic/text.ts';
import type { FoundCaller } from './callers.ts';

/** The one declared role whose name AWS generates, and of which the name in an ARN tells that it is it. */
export function generatedAs(arn: string, { entities }: Inventory): Entity | undefined {
  const parsed = parseArn(arn);
  if (parsed === undefined || parsed.service !== 'iam') return undefined;
  return only(arn, show(nameIn(parsed.resource)), entities);
}

/** The same of a session's role. */
export function generatedCaller(arn: string, { entities }: Inventory): FoundCaller | undefined {
  const parsed = parseArn(arn);
  const [, name, session] = parsed?.service === 'sts' ? split(parsed.resource, '/') : [];
  if (name === undefined || session === undefined) return undefined;
  const entity = only(arn, show(name), entities);
  return entity === undefined ? undefined : { caller: inSession(entity.caller, session, undefined), entity };
}

function only(arn: string, name: string, entities: Inventory['entities']): Entity | undefined {
  const { account = '', partition = '' } = parseArn(arn) ?? {};
  const [one, ...more] = entities.filter(
    ({ declaration }) =>
      declaration.kind === 'role' &&
      equal(declaration.account, account) !== false &&
      equal(parseArn(declaration.arn)?.partition ?? '', partition) !== false &&
      isNameOf(name, declaration.name),
  );
  return more.length === 0 ? one : undefined;
}

/**
 * CloudFormation makes STACK-LOGICALID-RANDOM of it, cut to its length; Terraform puts digits behind a prefix.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html
 */
function isNameOf(name: string, declared: Entity['declaration']['name']): boolean {
  if (isKnown(declared)) return false;
  const parts = partsOf(declared);
  const [first] = parts;
  if (typeof first === 'string') return first.length > 2 && equal(declared, name) !== false && name.startsWith(first);
  const id = /^\$\{([A-Za-z0-9]+)\}$/.exec(first?.shown ?? '')?.[1];
  if (parts.length !== 1 || first?.kind !== 'generated-name' || id === undefined) return false;
  const written = /-([A-Za-z0-9]+)-[A-Za-z0-9]+$/.exec(name)?.[1];
  return (
    written !== undefined && (written === id || (written.length >= 8 && name.length > 60 && id.startsWith(written)))
  );
}
