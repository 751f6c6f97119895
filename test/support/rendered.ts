import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

/** Markdown as GitHub makes HTML of it, before it takes out what it does not allow. */
export function rendered(markdown: string): string {
  return micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
}

/** What a reader sees, with line breaks where blocks end. */
export function readable(html: string): string {
  return unescaped(
    html
      .replace(/<!--.*?-->/gs, '')
      .replace(/<\/(p|h\d|li|tr|summary|pre)>|<br \/>/g, '\n')
      .replace(/<\/t[dh]>/g, ' | ')
      .replace(/<[^>]*>/g, ''),
  );
}

/** The text outside of code, which is where GitHub looks for mentions, issues and addresses. */
export function outsideCode(html: string): string {
  return unescaped(
    html
      .replace(/<(code|pre)\b.*?<\/\1>/gs, '`')
      .replace(/<!--.*?-->/gs, '')
      .replace(/<[^>]*>/g, ''),
  );
}

export function tagsIn(html: string): readonly string[] {
  return [...html.replace(/<!--.*?-->/gs, '').matchAll(/<\/?([a-z][a-z0-9]*)/gi)].map(([, name = '']) => name);
}

export function addressesIn(html: string): readonly string[] {
  return [...html.matchAll(/\b(?:href|src)="([^"]*)"/g)].map(([, address = '']) => unescaped(address));
}

function unescaped(text: string): string {
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#x?\w+;/g, '?')
    .replace(/&amp;/g, '&');
}
