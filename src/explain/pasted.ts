const ESCAPES = String.raw`\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[@-_]`;
const CONTROL = new RegExp(ESCAPES, 'g');
/** Colour codes whose first character was lost on the way: `[31m`. */
const LOST = /\[(?:\d{1,3};?)*m/g;
/** What a log writes before each line: a time, a frame, a level. */
const PREFIXES = [
  /^\uFEFF/,
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?\s?/,
  /^[\s│╷╵|>]+/,
  /^(?:##\[\w+\]|::(?:error|warning|notice|debug)[^:]*::)\s*/,
];
const LAST_OF_ARN = /(?:arn:[\w-]*|sts:\w*|oidc-provider\/\S*)\S*$/;
/** Words that go on after an ARN in a sentence of AWS. */
const GOES_ON = /^(?:is|because|with|on|and|or|at|in|status|request|error|user|but|which|\(|"|'|[A-Z][a-z]+:)/i;
const HARD_WRAPPED = 60;

/** A message as AWS may have written it, out of what somebody pasted: without colours, frames and the line breaks of a terminal. */
export function plainMessages(pasted: string): readonly string[] {
  const lines = pasted
    .replace(CONTROL, '')
    .replace(LOST, '')
    .replace(/\\u001b\[[0-9;]*m/gi, '')
    .replace(/&quot;|\\"/g, '"')
    .replace(/&#39;|&apos;/g, "'")
    .replace(/\\r?\\n/g, '\n')
    .split(/\r?\n|\r/)
    .map(withoutPrefix);
  const [first = '', ...rest] = lines;
  // A terminal cuts every line but the last at its own width, in the middle of words, too.
  const cut = first.length >= 40 && rest.length > 0 && rest.slice(0, -1).every((line) => line.length === first.length);
  const whole = inOneLine(lines.join(''));
  const words = inOneLine(byWords(lines));
  return cut ? [whole, words] : [words, whole];
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function byWords(lines: readonly string[]): string {
  let text = '';
  let before = '';
  for (const line of lines) {
    const next = line.trim();
    const glued = text !== '' && next !== '' && isCut(before, next);
    text += glued ? next : ` ${next}`;
    before = line.trimEnd();
  }
  return text;
}

function withoutPrefix(line: string): string {
  return PREFIXES.reduce((rest, prefix) => rest.replace(prefix, ''), line);
}

/** Whether a terminal broke the line within an ARN or an action. */
function isCut(before: string, next: string): boolean {
  const last = LAST_OF_ARN.exec(before)?.[0];
  if (last === undefined) return false;
  if (/[:/_-]$/.test(last)) return true;
  const arn = /arn:\S*$/.exec(last)?.[0];
  if (arn !== undefined && arn.split(':').length < 6) return true;
  return before.length >= HARD_WRAPPED && !GOES_ON.test(next);
}
