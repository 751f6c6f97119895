import { principalOf } from '../assumptions/assumption.ts';
import type { Decided } from '../assumptions/decided.ts';
import { locate } from '../source/source.ts';
import { show } from '../symbolic/text.ts';
import { forTerminal } from './printable.ts';

/** One decision with every layer, for people. */
export function simulationText(decided: Decided): string {
  const { assumption, decision } = decided;
  const { layers, answer } = decided.explanation();
  const head = `${decision.decision}: ${principalOf(assumption)} ${assumption.question.action} on ${show(assumption.question.role.arn)}`;
  const rows = layers.map(({ layer, verdict, reason, place }) => {
    const at = place === undefined ? '' : `   ${locate(place).path}:${locate(place).startLine}`;
    return `  ${layer.padEnd(9)}${verdict.padEnd(15)}${reason}${at}`;
  });
  const requires = decision.requires.map(
    ({ key, operator, values }) => `  requires ${key} ${operator} ${values.join(' or ')}`,
  );
  const open = decision.open.map(({ missing }) => `  depends on ${missing}`);
  const disputed = decision.disputed.map((reason) => `  disputed: ${reason}`);
  return `${[head, ...rows, ...requires, ...open, ...disputed, ...(answer === undefined ? [] : [`  AWS answers: ${answer}`])].map(forTerminal).join('\n')}\n`;
}
