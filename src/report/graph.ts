import { grouped } from '../inventory/grouped.ts';
import type { AccessEdge, AccessGraph, AccessNode } from './access-graph.ts';
import { forTerminal, mermaidLabel } from './printable.ts';

/** https://mermaid.js.org/syntax/flowchart.html */
export function renderMermaid({ nodes, edges, chains }: AccessGraph): string {
  const lines = [
    'flowchart LR',
    ...groups(nodes).flatMap(({ account, members }, index) => {
      const own = members.map((node) => `${node.id}${shape(node, mermaidLabel(shortName(node)))}`);
      if (account === undefined) return own.map((line) => `  ${line}`);
      return [
        `  subgraph a${index}[${mermaidLabel(`account ${account}`)}]`,
        ...own.map((line) => `    ${line}`),
        '  end',
      ];
    }),
    ...edges.map((edge) => {
      const label = labelOf(edge);
      const arrow = edge.decision === 'allowed' ? '-->' : '-.->';
      return `  ${edge.from} ${arrow}${label === '' ? '' : `|${mermaidLabel(label)}|`} ${edge.to}`;
    }),
    ...chains.map((chain) => `  %% chain, one hour at most: ${namesOf(chain, nodes).map(mermaidLabel).join(' -> ')}`),
  ];
  return `${lines.join('\n')}\n`;
}

function shape({ kind }: AccessNode, text: string): string {
  if (kind === 'role') return `[${text}]`;
  return kind === 'service' || kind === 'web-identity' || kind === 'saml' ? `([${text}])` : `(${text})`;
}

/** https://graphviz.org/doc/info/lang.html */
export function renderDot({ nodes, edges, chains }: AccessGraph): string {
  const lines = [
    'digraph "who can assume whom" {',
    '  rankdir=LR;',
    ...groups(nodes).flatMap(({ account, members }, index) => {
      const own = members.map((node) => {
        const box = node.kind === 'role' ? 'box' : 'ellipse';
        return `${node.id} [label=${dotText(shortName(node))}, tooltip=${dotText(node.name)}, shape=${box}];`;
      });
      if (account === undefined) return own.map((line) => `  ${line}`);
      return [
        `  subgraph cluster_${index} {`,
        `    label=${dotText(`account ${account}`)};`,
        ...own.map((line) => `    ${line}`),
        '  }',
      ];
    }),
    ...edges.map((edge) => {
      const style = edge.decision === 'allowed' ? 'solid' : 'dashed';
      return `  ${edge.from} -> ${edge.to} [label=${dotText(labelOf(edge))}, style=${style}];`;
    }),
    ...chains.map((chain) => `  // chain, one hour at most: ${namesOf(chain, nodes).map(dotText).join(' -> ')}`),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function namesOf(chain: readonly string[], nodes: readonly AccessNode[]): readonly string[] {
  return chain.flatMap((id) => nodes.filter((node) => node.id === id).map(shortName));
}

function dotText(text: string): string {
  return `"${forTerminal(text).replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`;
}

export function renderGraphJson({ nodes, edges, chains }: AccessGraph): string {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  const data = {
    version: 1,
    nodes: nodes.map(({ name, kind, account }) => ({ name, kind, ...(account === undefined ? {} : { account }) })),
    edges: edges.map(({ from, to, action, decision, requires, chained }) => ({
      from: names.get(from),
      to: names.get(to),
      action,
      decision,
      requires,
      ...(chained ? { maxSessionSeconds: 3600 } : {}),
    })),
    chains: chains.map((chain) => chain.map((id) => names.get(id))),
  };
  return `${JSON.stringify(data, null, 2)}\n`;
}

function groups(
  nodes: readonly AccessNode[],
): readonly { readonly account: string | undefined; readonly members: readonly AccessNode[] }[] {
  return [...grouped(nodes, ({ account }) => [account])].map(([account, members]) => ({ account, members }));
}

/** `role/deployer`: the account is told by the box around it. */
function shortName({ name }: AccessNode): string {
  return /^arn:[^:]*:[^:]*:[^:]*:(?:\$\{[^}]*\}|[^:]*):(.+)$/s.exec(name)?.[1] ?? name;
}

function labelOf({ action, decision, requires, chained }: AccessEdge): string {
  const parts = [
    action === 'sts:AssumeRole' ? '' : action.replace('sts:AssumeRole', ''),
    chained ? 'one hour at most' : '',
    decision === 'unknown' ? 'not known' : '',
    ...requires.map(({ key }) => `needs ${key}`),
  ];
  return [...new Set(parts.filter((part) => part !== ''))].join(', ');
}
