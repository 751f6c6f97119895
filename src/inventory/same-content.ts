import type { Policy } from '../iam/policy.ts';
import { placeKey } from '../source/source.ts';
import { keyOf } from '../symbolic/text.ts';
import type { RoleDeclaration, UserDeclaration } from './declarations.ts';
import { documentOf } from './plain-document.ts';

/** All that an inventory or a dump says of a role or a user, in one text: where two are equal, the entities are. */
export function contentOf(entity: RoleDeclaration | UserDeclaration): string {
  const { kind, arn, inline, managed, boundary, tags, uniqueId, open } = entity;
  const sorted = (texts: readonly string[]): readonly string[] => [...texts].sort();
  return JSON.stringify([
    kind,
    keyOf(arn),
    entity.kind === 'role' && entity.trust !== undefined ? textOf(entity.trust) : '',
    entity.kind === 'user' ? sorted(entity.groups.map(({ text }) => keyOf(text))) : '',
    sorted(inline.map(textOf)),
    sorted(managed.map(({ text }) => keyOf(text))),
    boundary === undefined ? '' : keyOf(boundary.text),
    sorted([...tags.values].map(([key, value]) => `${key}=${keyOf(value)}`)),
    tags.open?.id ?? '',
    uniqueId ?? '',
    open.map(({ id, missing }) => `${id} ${missing}`),
  ]);
}

/** One whose text is not known is equal to itself alone. */
function textOf(policy: Policy): string {
  const document = documentOf(policy);
  return document === undefined ? placeKey(policy.place) : JSON.stringify(document);
}
