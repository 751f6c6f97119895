/**
 * The only place that escapes. Names, paths, Sids and comments of a pull request are somebody else's text: nothing of them may
 * become a control sequence, a workflow command, a mention, HTML, a link, a hidden marker or a diagram's directive.
 */

/** For a terminal: control, bidirectional and invisible characters are shown, not obeyed. */
export function forTerminal(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (character) =>
    character === '\t'
      ? '  '
      : character === '\n'
        ? ' '
        : `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** The text after `::` of a workflow command. https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts */
export function forCommandData(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/##\[/g, '## [');
}

export function forCommandProperty(text: string): string {
  return forCommandData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}

/** A line that cannot start a workflow command, wherever it is logged. */
export function forLog(text: string): string {
  return forTerminal(text)
    .replace(/^(\s*)::/, '$1: :')
    .replace(/##\[/g, '## [');
}

/** The first characters of a text; no pair of surrogates is split. */
export function cutTo(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const characters = [...text];
  return characters.length > longest ? `${characters.slice(0, longest).join('')}…` : text;
}

/** A code span: neither a mention, nor a link, nor HTML is read inside one. https://spec.commonmark.org/0.31.2/#code-spans */
export function codeSpan(text: string, longest = 300): string {
  const clean = cutTo(forTerminal(text), longest)
    // No hidden marker may be forged, not even where it would not be read as one.
    .replace(/<!--/g, '<! --')
    .replace(/-->/g, '-- >')
    // A table ends its cell at a pipe inside code, too, and what escapes it there is disputed where backslashes stand before it.
    .replace(/\|/g, '¦');
  if (clean.trim() === '' || /^`+$/.test(clean.trim())) return '`(empty)`';
  const fence = '`'.repeat(Math.max(0, ...[...clean.matchAll(/`+/g)].map((run) => run[0].length)) + 1);
  const padded = /^[` ]|[` ]$/.test(clean) ? ` ${clean} ` : clean;
  return `${fence}${padded}${fence}`;
}

/**
 * Words that GitHub makes something of after Markdown was read, so that a backslash does not help: mentions, issues, commits,
 * addresses, emoji, formulas. https://github.com/github/markup/issues/1168
 */
const LIVELY = /[@#$:/\\`]|\bwww\.|\b[0-9a-f]{7,}\b|\bgh-\d/i;

/** Prose in Markdown: names, ARNs and whatever could come alive stand in code spans, all other markup is disarmed. */
export function inMarkdown(text: string): string {
  return cutTo(forTerminal(text), 2000)
    .split(/(\s+)/)
    .map((word) => {
      const [, before = '', core = '', after = ''] = /^([("'“‘]*)(.*?)([)"'”’.,;:!?]*)$/su.exec(word) ?? [];
      return LIVELY.test(core) ? `${disarmed(before)}${codeSpan(core)}${disarmed(after)}` : disarmed(word);
    })
    .join('')
    .replace(/^(\s*)([-+=>]|\d+[.)])/, '$1\\$2');
}

function disarmed(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()#+!|~]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

/** Lines of a file, in a block that nothing inside can end. */
export function fenced(text: string, language = ''): string {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map((run) => run[0].length + 1)));
  const shown = text.replace(/\r\n?/g, '\n').split('\n').map(withoutInvisible).join('\n');
  return `${fence}${language}\n${cutTo(shown, 10_000)}\n${fence}`;
}

/** A line as it stands, with what nobody sees shown; the tab is the only such thing that lines are made of. */
function withoutInvisible(line: string): string {
  return line.split('\t').map(forTerminal).join('\t').replace(/<!--/g, '<! --');
}

/** Whether a text is shown as it stands, so that it can be offered as a suggestion. */
export function isPlain(text: string): boolean {
  return text.split('\n').every((line) => withoutInvisible(line) === line);
}

/** A link whose text is a code span; the address is the project's own, with somebody's path in it. */
export function codeLink(label: string, address: string | undefined): string {
  return address === undefined ? codeSpan(label) : `[${codeSpan(label)}](${address})`;
}

/** A path in an address, each segment encoded. */
export function inAddress(path: string): string {
  return path
    .replace(/\p{Cs}/gu, '\uFFFD')
    .split('/')
    .map((segment) => encodeURIComponent(segment).replace(/[()'*!~]/g, (one) => `%${one.charCodeAt(0).toString(16)}`))
    .join('/');
}

/** A quoted label of a Mermaid diagram: letters, digits and what ARNs are made of; nothing is a directive, a link or HTML. */
export function mermaidLabel(text: string): string {
  const kept = cutTo(forTerminal(text), 80).replace(/[^\p{L}\p{N} ._:/@=+,*${}·-]/gu, '_');
  return `"${kept.replace(/:\/\//g, ':_').replace(/\$\$+/g, '$')}"`;
}

/** Text of HTML, and of attributes in double quotes. */
export function forHtml(text: string): string {
  return forTerminal(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}
