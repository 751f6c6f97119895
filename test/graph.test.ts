import { describe, expect, test } from 'vitest';
import { ACCOUNTS, CONFIGURATION, role, run, template } from './support/documents.ts';

const A = 'arn:aws:iam::111122223333:role/a';
const B = 'arn:aws:iam::111122223333:role/b';
const C = 'arn:aws:iam::444455556666:role/c';
const grant = (resource: string) => `- {Effect: Allow, Action: sts:AssumeRole, Resource: "${resource}"}`;
const trust = (principal: string, condition = '') =>
  `- {Effect: Allow, Principal: {AWS: "${principal}"}, Action: sts:AssumeRole${condition}}`;

/** EC2 becomes a, a becomes b, b becomes c with an external id; other may not become c. */
const documents = {
  [CONFIGURATION]: ACCOUNTS,
  'tools.yaml': template(
    role('A', { name: 'a', grants: grant(B) }),
    role('B', { name: 'b', trust: trust(A), grants: grant(C) }),
    role('Other', { name: 'other', grants: grant(C) }),
  ),
  'prod.yaml': template(
    role('C', { name: 'c', trust: trust(B, ', Condition: {StringEquals: {sts:ExternalId: abcdef}}') }),
  ),
};

interface Graph {
  readonly nodes: readonly { readonly name: string; readonly account?: string }[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly decision: string;
    readonly maxSessionSeconds?: number;
  }[];
  readonly chains: readonly (readonly string[])[];
}

function graph(...options: readonly string[]): Graph {
  return JSON.parse(run(documents, ['graph', '--format', 'json', ...options]).output);
}

const ways = ({ edges }: Graph) => edges.map(({ from, to }) => `${from} ${to}`).sort();

test('it has who can assume whom, and the chains', () => {
  const { nodes, edges, chains } = graph();
  expect(edges).toContainEqual(
    expect.objectContaining({ from: A, to: B, decision: 'allowed', maxSessionSeconds: 3600 }),
  );
  expect(edges).toContainEqual(expect.objectContaining({ from: B, to: C, decision: 'conditional' }));
  expect(ways(graph())).not.toContain(`arn:aws:iam::111122223333:role/other ${C}`);
  expect(chains).toEqual([['ec2.amazonaws.com', A, B, C]]);
  expect(nodes.find(({ name }) => name === C)?.account).toBe('444455556666');
});

describe('filters keep the ways', () => {
  test('to a role', () => {
    expect(ways(graph('--role', 'b'))).toEqual([`${A} ${B}`, `ec2.amazonaws.com ${A}`]);
  });
  test('from a principal', () => {
    expect(ways(graph('--principal', A))).toEqual([`${A} ${B}`, `${B} ${C}`]);
  });
  test('touching an account', () => {
    expect(ways(graph('--account', '444455556666'))).toEqual([`${B} ${C}`]);
  });
  test('of nothing: one sentence', () => {
    expect(() => graph('--role', 'nobody')).toThrow(/^no declared call that works matches/);
  });
});

test('roles that assume each other are no endless chain', () => {
  const circle = {
    [CONFIGURATION]: ACCOUNTS,
    'tools.yaml': template(role('A', { name: 'a', trust: trust(B) }), role('B', { name: 'b', trust: trust(A) })),
  };
  const { output } = run(circle, ['graph', '--format', 'json']);
  expect(JSON.parse(output).chains).toEqual([]);
});

test('a circle that leads out of itself has its chains, whatever else is there', () => {
  const circle = {
    ...documents,
    'tools-2.yaml': template(
      role('X', {
        name: 'x',
        trust: trust('arn:aws:iam::111122223333:role/y'),
        grants: grant('arn:aws:iam::111122223333:role/z'),
      }),
      role('Y', { name: 'y', trust: trust('arn:aws:iam::111122223333:role/x') }),
      role('Z', { name: 'z', trust: trust('arn:aws:iam::111122223333:role/x') }),
    ),
  };
  const { chains }: Graph = JSON.parse(run(circle, ['graph', '--format', 'json']).output);
  const names = chains.map((chain) => chain.map((arn) => arn.replace(/^.*\//, '')).join(' '));
  expect(names).toContain('y x z');
  expect(names).toContain('ec2.amazonaws.com a b c');
});

test('Mermaid and DOT show the same', () => {
  const mermaid = run(documents, ['graph', '--format', 'mermaid']).output;
  expect(mermaid).toMatch(/^flowchart LR\n/);
  expect(mermaid).toContain('needs sts:ExternalId');
  const dot = run(documents, ['graph', '--format', 'dot']).output;
  expect(dot).toMatch(/^digraph "who can assume whom" \{\n/);
  expect(dot).toContain('label="role/c"');
});

test('a hostile name stays a name', () => {
  const hostile = {
    'stack.yaml': template(
      role('A', {
        name: '"a\\"]; end; click n0 \\"javascript:alert(1)\\"\\n]-->x"',
        trust: '- {Effect: Allow, Principal: {Service: "ec2.amazonaws.com"}, Action: sts:AssumeRole}',
      }),
    ),
  };
  const mermaid = run(hostile, ['graph', '--format', 'mermaid']).output;
  for (const line of mermaid.split('\n').filter((one) => one.includes('click')))
    expect(line).toMatch(/^ *n\d+\["[^"<>[\]();]*"\]$/);
  const dot = run(hostile, ['graph', '--format', 'dot']).output;
  for (const line of dot.split('\n').filter((one) => one.includes('click')))
    expect(line).toMatch(/^ *n\d+ \[label="(?:[^"\\]|\\.)*", tooltip="(?:[^"\\]|\\.)*", shape=box\];$/);
});

test('--check tells a file that is not there, and one that is none', () => {
  const checked = (file: string) => run(documents, ['graph', '--format', 'dot', '--output', file, '--check']);
  expect(checked('none.dot')).toEqual({
    status: 1,
    output: 'none.dot is not there: write it with graph --format dot --output none.dot\n',
  });
  expect(() => checked('.')).toThrow(/^cannot read \S+ \(EISDIR\)$/);
});

test('another format is refused with one sentence', () => {
  expect(() => run(documents, ['graph', '--format', 'sarif'])).toThrow(/mermaid, dot, json or markdown/);
  expect(() => run(documents, ['check', '--format', 'dot'])).toThrow(/is one of graph/);
});

describe('the catalogue of roles', () => {
  const described = {
    [CONFIGURATION]: ACCOUNTS,
    'tools.yaml': template(
      role('A', {
        name: 'a',
        grants: grant(C),
        more: 'Description: Builds | tests.\nTags: [{Key: team, Value: shop}]',
      }),
    ),
    'prod.yaml': template(
      role('C', { name: 'c', trust: trust(A, ', Condition: {StringEquals: {sts:ExternalId: abcdef}}') }),
    ),
  };
  const options = ['graph', '--format', 'markdown'];

  test('tells what each is for, whom it trusts under which conditions, and who uses it', () => {
    const { output } = run(described, options);
    const [tools = '', prod = ''] = output.split('## Account `444455556666`');
    expect(tools).toContain('### `a`\n\nBuilds');
    expect(tools).toContain('| tag `team` | `shop` |');
    expect(tools).toContain('- the service `ec2.amazonaws.com` (`sts:AssumeRole`)');
    expect(prod).toContain('It does not say what it is for.');
    expect(prod).toContain(`- \`${A}\` (\`sts:AssumeRole\`), if \`sts:ExternalId\` StringEquals \`abcdef\``);
    expect(prod).toContain(`- \`${A}\`, with \`sts:ExternalId\`: grants \`sts:AssumeRole\` on it (\`tools.yaml\`)`);
  });

  test('--check fails where the file is not what would be written, and writes nothing', () => {
    const { output } = run(described, options);
    const check = [...options, '--output', 'roles.md', '--check'];
    expect(run({ ...described, 'roles.md': output }, check)).toEqual({ status: 0, output: '' });
    expect(run({ ...described, 'roles.md': output.replaceAll('\n', '\r\n') }, check).status).toBe(0);
    const stale = run({ ...described, 'roles.md': output.replace('shop', 'ops') }, check);
    expect(stale.status).toBe(1);
    expect(stale.output).toMatch(/^roles\.md is not what the documents say any more/);
    expect(run(described, check).status).toBe(1);
  });
});
