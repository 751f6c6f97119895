import { parsePolicy } from '../iam/parse-policy.ts';
import { guardedPolicy, type Policy } from '../iam/policy.ts';
import type { Place } from '../source/source.ts';
import { type Guard, unless } from '../symbolic/guard.ts';
import type { Value } from '../symbolic/value.ts';

/** A boundary that is set under some choices of the document limits nothing under the others. */
export function limitingWhen(policy: Policy, guard: Guard): Policy {
  if (guard === true) return policy;
  const everything = guardedPolicy(allowingAll(policy.place), unless(guard));
  const limiting = guardedPolicy(policy, guard);
  return { ...limiting, statements: [...limiting.statements, ...everything.statements] };
}

/** What is attached where nobody says otherwise: AWS's own FullAWSAccess. */
export function allowingAll(place: Place): Policy {
  const text = (value: string): Value => ({ kind: 'text', text: value, type: 'string', place });
  const members = Object.entries({ Effect: 'Allow', Action: '*', Resource: '*' }).map(([name, value]) => ({
    name,
    key: name,
    namePlace: place,
    value: text(value),
  }));
  const statement: Value = { kind: 'map', members, place };
  const document = { name: 'Statement', key: 'Statement', namePlace: place, value: statement };
  return parsePolicy({ kind: 'map', members: [document], place }, 'boundary', 'FullAWSAccess');
}
