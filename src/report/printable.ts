/**
 * The only place that escapes. Names, paths, Sids and comments of a pull request are somebody else's text: nothing of them may
 * become a control sequence, a workflow command, a mention, HTML, a link or a hidden marker.
 */

/** For a terminal: control and bidirectional characters are shown, not obeyed. */
export function forTerminal(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069\u200E\u200F]/gu, (character) =>
    character === '\t'
      ? '  '
      : character === '\n'
        ? ' '
        : `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** The text after `::` of a workflow command. https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts */
export function forCommandData(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
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

/** A code span: neither a mention, nor a link, nor HTML is read inside one. https://spec.commonmark.org/0.31.2/#code-spans */
export function codeSpan(text: string, longest = 300): string {
  // No hidden marker may be forged, not even where it would not be read as one.
  const clean = forTerminal(text).replace(/\|/g, '\\|').replace(/<!--/g, '<! --').replace(/-->/g, '-- >');
  const cut = [...clean].length > longest ? `${[...clean].slice(0, longest).join('')}…` : clean;
  if (cut.trim() === '' || /^`+$/.test(cut.trim())) return '`(empty)`';
  const fence = '`'.repeat(Math.max(0, ...[...cut.matchAll(/`+/g)].map((run) => run[0].length)) + 1);
  const padded = cut.startsWith('`') || cut.endsWith('`') ? ` ${cut} ` : cut;
  return `${fence}${padded}${fence}`;
}

/** Prose in Markdown: what could be a mention, a link or an ARN stands in a code span, all other markup is disarmed. */
export function inMarkdown(text: string): string {
  return forTerminal(text)
    .split(/(\s+)/)
    .map((word) =>
      /@|:\/\/|^arn:|www\./.test(word)
        ? codeSpan(word)
        : word
            .replace(/[\\`*_{}[\]()#+!|~]/g, '\\$&')
            .replace(/&/g, '&amp;')
            .replace(/</g, '&lt;')
            .replace(/>/g, '&gt;'),
    )
    .join('');
}
