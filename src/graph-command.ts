import { check } from './check.ts';
import { EVERYTHING_ASKED } from './documents/authorization-details/asked.ts';
import type { Options, Output } from './options.ts';
import { accessGraph } from './report/access-graph.ts';
import { renderCatalogue } from './report/catalogue.ts';
import { renderDot, renderGraphJson, renderMermaid } from './report/graph.ts';
import { configurationOf, type RunInput } from './run.ts';
import { UserError } from './user-error.ts';

/** A picture, or the catalogue of roles, and the file that it is written to. */
interface Picture extends Output {
  readonly text: string;
}

/** Who can assume whom, by what the documents declare, in each of the formats that are asked for. */
export function graph(options: Options, input: RunInput): readonly Picture[] {
  const configuration = configurationOf(input);
  const { inventory, decided } = check({
    ...input,
    configuration,
    suppressing: configuration,
    askedBesides: [EVERYTHING_ASKED],
  });
  const { role, principal, account } = options;
  const filter = { role, principal, account };
  const found = accessGraph(decided, filter);
  const render = (format: Output['format']): string => {
    const asked = Object.entries(filter).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name} ${value}`],
    );
    if (format !== 'markdown' && found.edges.length === 0 && asked.length > 0)
      throw new UserError(`no declared call that works matches ${asked.join(' and ')}`);
    switch (format) {
      case 'json':
        return renderGraphJson(found);
      case 'dot':
        return renderDot(found);
      case 'markdown':
        return renderCatalogue(inventory, decided, filter);
      case 'mermaid':
      // What is drawn where nothing is said.
      case 'text':
      case 'github':
        return renderMermaid(found);
      default:
        throw new UserError(`graph is drawn as mermaid, dot, json or markdown, not as ${format}`);
    }
  };
  return options.outputs.map((output) => ({ ...output, text: render(output.format) }));
}
