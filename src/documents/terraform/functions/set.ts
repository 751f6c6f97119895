import { asSet, toSet } from '../conversion.ts';
import { unknownResult } from '../operators.ts';
import { identityOf, isCounted, type ListTerm, listTerm, type SettledTerm, type Term, unknownIn } from '../term.ts';
import { type CallSite, type Functions, neither } from './function.ts';

export const SETS: Functions = {
  setunion: (given, call) => {
    const sets = setsOf(given);
    if (sets === undefined) return neither(given, call);
    return asSet(
      listTerm(
        sets.flatMap(({ items }) => items),
        call.place,
        'set',
      ),
    );
  },
  setintersection: (given, call) =>
    knownSets(given, call, (first, others) => first.filter((name) => others.every((set) => set.includes(name)))),
  setsubtract: (given, call) =>
    knownSets(given, call, (first, [second = []]) => first.filter((name) => !second.includes(name))),
  setproduct: (given, call) => {
    const lists = given.map((term) => (term.kind === 'list' && isCounted(term) ? term : undefined));
    let rows: readonly (readonly Term[])[] = [[]];
    for (const list of lists) {
      if (list === undefined) return neither(given, call);
      if (!call.scope.run.spend(rows.length * list.items.length)) return unknownResult('setproduct', [], call.place);
      rows = rows.flatMap((row) => list.items.map((item) => [...row, item]));
    }
    const form = given.every((term) => term.kind === 'list' && term.form === 'set') ? 'set' : 'list';
    return listTerm(
      rows.map((row) => listTerm(row, call.place)),
      call.place,
      form,
    );
  },
};

function setsOf(given: readonly SettledTerm[]): readonly ListTerm[] | undefined {
  const sets = given.map((term) => (term.kind === 'list' ? toSet(term) : term));
  return sets.every((set) => set.kind === 'list') ? sets : undefined;
}

function knownSets(
  given: readonly SettledTerm[],
  call: CallSite,
  choose: (first: readonly string[], others: readonly (readonly string[])[]) => readonly string[],
): Term {
  const sets = setsOf(given);
  const [first, ...others] = sets ?? [];
  if (first === undefined || given.some((term) => unknownIn(term) !== undefined)) return neither(given, call);
  const names = ({ items }: ListTerm): readonly string[] => items.map((item) => identityOf(item) ?? '');
  const chosen = choose(names(first), others.map(names));
  return listTerm(
    first.items.filter((item) => chosen.includes(identityOf(item) ?? '')),
    call.place,
    'set',
  );
}
