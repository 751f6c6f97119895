import { pattern } from '../symbolic/pattern.ts';
import type { Unknown } from '../symbolic/text.ts';
import { isKnown, lowerCase, show } from '../symbolic/text.ts';
import type { Value } from '../symbolic/value.ts';
import { type ConditionTest, parseOperator } from './condition/test.ts';
import { textItems } from './item.ts';
import { hasVariable } from './parse-resources.ts';

export interface ParsedConditions {
  readonly tests: readonly ConditionTest[];
  /** Parts of the block that cannot be known: they may hold or not. */
  readonly open: readonly Unknown[];
  readonly unknownOperator: string | undefined;
}

export function parseConditions(value: Value | undefined, variables: boolean): ParsedConditions {
  const tests: ConditionTest[] = [];
  const open: Unknown[] = [];
  if (value?.kind === 'unknown') open.push(value.unknown);
  if (value?.kind === 'text' && !isKnown(value.text))
    open.push(...value.text.parts.filter((part) => typeof part !== 'string'));
  for (const { name: operatorName, value: block } of value?.kind === 'map' ? value.members : []) {
    const operator = parseOperator(operatorName);
    if (block.kind === 'unknown') open.push(block.unknown);
    for (const { key, namePlace, value: wanted } of block.kind === 'map' ? block.members : []) {
      const values = textItems(wanted).map((item) => ({
        ...item,
        pattern: pattern(item.text),
        variables: variables && hasVariable(item.text),
      }));
      const keyLower = show(lowerCase(key));
      tests.push({ operator, operatorName, key, keyLower, values, keyPlace: namePlace, place: wanted.place });
    }
  }
  return { tests, open, unknownOperator: tests.find((test) => test.operator === undefined)?.operatorName };
}
