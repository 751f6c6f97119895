import { check } from './check.ts';
import type { Options } from './options.ts';
import { accessGraph } from './report/access-graph.ts';
import { renderDot, renderGraphJson, renderMermaid } from './report/graph.ts';
import { configurationOf, type RunInput } from './run.ts';
import { UserError } from './user-error.ts';

/** Who can assume whom, by what the documents declare. */
export function graph(options: Options, input: RunInput, write: (text: string) => void): number {
  const configuration = configurationOf(input);
  const { files, account, now } = input;
  const { decided } = check({ files, configuration, suppressing: configuration, account, now });
  const { role, principal } = options;
  const found = accessGraph(decided, { role, principal, account });
  if (found.edges.length === 0 && (role ?? principal ?? account) !== undefined)
    throw new UserError('no declared call that works matches --role, --principal and --account');
  const [first] = options.outputs;
  switch (first?.format) {
    case 'json':
      write(renderGraphJson(found));
      return 0;
    case 'dot':
      write(renderDot(found));
      return 0;
    case 'mermaid':
    // What is drawn where nothing is said.
    case 'text':
    case undefined:
      write(renderMermaid(found));
      return 0;
    default:
      throw new UserError(`graph is drawn as mermaid, dot or json, not as ${first?.format}`);
  }
}
