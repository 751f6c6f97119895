const ESCAPES = String.raw`\u001b\[[0-9;?]{0,40}[ -/]{0,4}[@-~]|\u001b\][^\u0007\u001b]{0,400}(?:\u0007|\u001b\\)|\u001b[@-_]`;
const CONTROL = new RegExp(ESCAPES, 'g');
/** Colour codes whose first character was lost on the way: `[31m`. */
const LOST = /\[\d{0,3}(?:;\d{1,3}){0,8}m/g;
/** What a log writes before each line: a time, a frame, a level. */
const PREFIXES = [
  /^\uFEFF/,
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z?\s?/,
  /^\s{0,40}[│╷╵|>][\s│╷╵|>]{0,40}/,
  /^(?:##\[\w{1,20}\]|::(?:error|warning|notice|debug)[^:]{0,200}::)\s*/,
];
const LAST_OF_ARN = /(?:arn:[\w-]*|sts:\w*|oidc-provider\/\S*)\S*$/;
/** Words that go on after an ARN in a sentence of AWS. */
const GOES_ON = /^(?:is|because|with|on|and|or|at|in|status|request|error|user|but|which|\(|"|'|[A-Z][a-z]+:)/i;
const HARD_WRAPPED = 60;
/** So much of a log is read as it is; of more, only what stands around an error. */
const MOST = 50_000;
const AROUND = 2000;
const MOST_ERRORS = 25;
const ERRORS =
  /not authorized to perform|assume|identitytoken|openidconnect|malformedpolicy|expiredtoken|token expired|packedpolicy|regiondisabled|encoded authorization|ACTIONS_ID_TOKEN|id-token|could not load credentials|saml/gi;

/**
 * A message as AWS may have written it, out of what somebody pasted: without colours, frames and the line breaks of a terminal.
 * Where it broke words cannot always be told: then there are several readings, the likelier first.
 */
export function plainMessages(pasted: string): readonly string[] {
  const lines = aroundErrors(pasted)
    .replace(CONTROL, '')
    .replace(LOST, '')
    .replace(/\\u001b\[[0-9;]{0,40}m/gi, '')
    .replace(/&quot;|\\"/g, '"')
    .replace(/&#39;|&apos;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/\\r?\\n/g, '\n')
    .replace(/\\t/g, ' ')
    .split(/\r\n|\n|\r/)
    .map(withoutPrefix);
  const words = inOneLine(byWords(lines));
  const whole = inOneLine(lines.join(''));
  const apart = inOneLine(lines.join(' '));
  return [...new Set(isCutAtWidth(lines) ? [whole, words, apart] : [words, apart, whole])];
}

/** What stands around the errors of a long text, in its order. */
function aroundErrors(pasted: string): string {
  if (pasted.length <= MOST) return pasted;
  const pieces: string[] = [];
  let end = 0;
  for (const { index } of pasted.matchAll(ERRORS)) {
    if (index < end) continue;
    if (pieces.length === MOST_ERRORS) break;
    pieces.push(pasted.slice(Math.max(end, index - AROUND), index + AROUND));
    end = index + AROUND;
  }
  return pieces.join('\n');
}

/** A terminal cuts every line but the last at its own width, in the middle of words, too. */
function isCutAtWidth(lines: readonly string[]): boolean {
  const written = lines.filter((line) => line !== '');
  const [first = '', ...rest] = written;
  return first.length >= 40 && rest.length > 1 && rest.slice(0, -1).every((line) => line.length === first.length);
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function byWords(lines: readonly string[]): string {
  const text: string[] = [];
  let before = '';
  for (const line of lines) {
    const next = line.trim();
    const glued = text.length > 0 && next !== '' && !/^\s/.test(line) && isCut(before, next);
    text.push(glued ? next : ` ${next}`);
    before = line.trimEnd();
  }
  return text.join('');
}

function withoutPrefix(line: string): string {
  return PREFIXES.reduce((rest, prefix) => rest.replace(prefix, ''), line);
}

/** Whether a terminal broke the line within an ARN or an action. */
function isCut(before: string, next: string): boolean {
  const last = LAST_OF_ARN.exec(before.slice(-300))?.[0];
  if (last === undefined) return false;
  if (/[:/_-]$/.test(last)) return true;
  const arn = /arn:\S*$/.exec(last)?.[0];
  if (arn !== undefined && arn.split(':').length < 6) return true;
  return before.length >= HARD_WRAPPED && !GOES_ON.test(next);
}
