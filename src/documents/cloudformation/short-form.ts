import { parseJson } from '../../source/json.ts';
import { type Place, SourceFile, textAt } from '../../source/source.ts';
import type { Tree } from '../../source/tree.ts';
import { parseYaml } from '../../source/yaml.ts';

/** More reads badly in a sentence. */
const LONGEST = 80;
const LONGEST_WRITTEN = 400;

/** A call of an intrinsic function in one line, alike however a template writes it: `!Split [",", !Ref Names]`. */
export function shortForm(what: string, place: Place): string {
  const tree = treeAt(place);
  const call = `!${what.replace(/^Fn::/, '')} `;
  const text = tree === undefined ? undefined : shortOf(tree);
  const shown = text === undefined || text.startsWith(call) || !what.startsWith('Fn::') ? text : `${call}${text}`;
  return shown !== undefined && shown.length <= LONGEST ? shown : `\${${what}}`;
}

/** The text of a value by itself: a block of YAML starts in the column where it stands. */
function treeAt(place: Place): Tree | undefined {
  const text = textAt(place);
  if (text.length > LONGEST_WRITTEN) return undefined;
  const line = place.source.text.lastIndexOf('\n', place.start - 1) + 1;
  const alone = `${' '.repeat(place.start - line)}${text}`;
  const json = /^\s*[[{]\s*["{[]/.test(text) ? parseJson(new SourceFile('', text)) : undefined;
  const { documents, problems } =
    json === undefined || json.problems.length > 0 ? parseYaml(new SourceFile('', alone)) : json;
  return problems.length === 0 ? documents[0] : undefined;
}

function shortOf(tree: Tree): string {
  const tag = tree.tag === undefined ? '' : `${tree.tag} `;
  if (tree.kind === 'scalar') {
    const plain = tree.type !== 'string' || /^[\w./:$-][\w./:${}-]*$/.test(tree.text);
    return `${tag}${plain ? tree.text : JSON.stringify(tree.text)}`;
  }
  if (tree.kind === 'list') return `${tag}[${tree.items.map(shortOf).join(', ')}]`;
  const [only, ...more] = tree.entries;
  if (only !== undefined && more.length === 0 && /^(Fn::\w+|Ref|Condition)$/.test(only.key.text)) {
    const name = only.key.text.replace('Fn::', '');
    const { value } = only;
    const path = name === 'GetAtt' && value.kind === 'list' ? value.items.map(shortOf).join('.') : shortOf(value);
    return `!${name} ${path}`;
  }
  return `${tag}{${tree.entries.map(({ key, value }) => `${key.text}: ${shortOf(value)}`).join(', ')}}`;
}
