import type { Policy } from '../../src/iam/policy.ts';
import { show } from '../../src/symbolic/text.ts';

/** What a policy says, without its places and in an order of its own: sets have any. */
export function said({ statements, open }: Policy): unknown {
  return {
    open: open.length,
    statements: statements.map(({ sid, effect, actions, resources, principals, conditions }) => ({
      sid,
      effect,
      actions: [actions.negated, ...actions.items.map(({ text }) => show(text)).sort()],
      resources: resources && [resources.negated, ...resources.items.map(({ text }) => show(text)).sort()],
      principals: principals && [
        principals.negated,
        ...principals.items.map(({ type, text }) => `${type} ${show(text)}`).sort(),
      ],
      conditions: conditions
        .map(
          ({ operatorName, key, values }) =>
            `${operatorName} ${show(key)} ${values
              .map(({ text }) => show(text))
              .sort()
              .join()}`,
        )
        .sort(),
    })),
  };
}

/** Whether all of a policy is known. */
export function isKnown({ statements, open }: Policy): boolean {
  return (
    open.length === 0 &&
    statements.every((statement) => {
      const { actions, resources, principals, conditions, guard } = statement;
      const items = [...actions.items, ...(resources?.items ?? []), ...(principals?.items ?? [])];
      const tested = conditions.flatMap(({ key, values }) => [key, ...values.map(({ text }) => text)]);
      const texts = [...items.map(({ text }) => text), ...tested];
      return guard === true && statement.open.length === 0 && texts.every((text) => typeof text === 'string');
    })
  );
}
