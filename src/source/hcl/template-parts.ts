import type { Place, Source } from '../source.ts';
import { SyntaxSlip } from './scanner.ts';
import type { Expression, TemplatePart } from './syntax.ts';

/** The parts of a template in a row, as they are scanned: directives are not yet joined to their ends. */
export type FlatPart = FlatText | FlatMarker;

export interface FlatText {
  readonly kind: 'text';
  text: string;
  start: number;
  end: number;
  /** Pieces of one run (a line of a heredoc, a quoted text) are trimmed as one. */
  readonly run: number;
}

export interface FlatMarker {
  readonly kind: 'marker';
  readonly directive: Directive;
  /** `${~` and `~}` trim the text beside them. */
  readonly trimsBefore: boolean;
  readonly trimsAfter: boolean;
  readonly start: number;
  readonly end: number;
}

export type Directive =
  | { readonly kind: 'interpolation'; readonly value: Expression }
  | { readonly kind: 'if'; readonly condition: Expression }
  | {
      readonly kind: 'for';
      readonly keyName: string | undefined;
      readonly valueName: string;
      readonly collection: Expression;
    }
  | { readonly kind: 'else' | 'endif' | 'endfor' };

/** Applies the `~` of markers. */
export function trimAroundMarkers(parts: readonly FlatPart[]): void {
  for (const [index, part] of parts.entries()) {
    if (part.kind !== 'marker') continue;
    if (part.trimsBefore) trimRun(parts, index - 1, -1);
    if (part.trimsAfter) trimRun(parts, index + 1, 1);
  }
}

function trimRun(parts: readonly FlatPart[], from: number, step: 1 | -1): void {
  const first = parts[from];
  for (let index = from; ; index += step) {
    const part = parts[index];
    if (part?.kind !== 'text' || first?.kind !== 'text' || part.run !== first.run) return;
    const kept = step === 1 ? part.text.replace(/^\s+/, '') : part.text.replace(/\s+$/, '');
    const linear = part.text.length === part.end - part.start;
    if (linear && step === 1) part.start += part.text.length - kept.length;
    else if (linear) part.end -= part.text.length - kept.length;
    part.text = kept;
    if (kept !== '') return;
  }
}

/** `<<-`: takes the least indentation of all lines from each of them. Lines are counted as they are after trimming. */
export function flushHeredoc(parts: readonly FlatPart[]): void {
  const starts: FlatText[] = [];
  let least = Number.POSITIVE_INFINITY;
  let lineStarts = true;
  for (const part of parts) {
    if (lineStarts) {
      lineStarts = false;
      const text = part.kind === 'text' ? part.text : '';
      const bare = text.replace(/^\s+/, '');
      if (bare !== '' || !text.endsWith('\n')) {
        least = Math.min(least, text.length - bare.length);
        if (part.kind === 'text') starts.push(part);
      }
    }
    if (part.kind === 'text' && part.text.endsWith('\n')) lineStarts = true;
  }
  if (least === 0 || least === Number.POSITIVE_INFINITY) return;
  for (const part of starts) {
    part.text = part.text.slice(least);
    part.start += least;
  }
}

/** Joins directives to their ends. */
export function joinDirectives(parts: readonly FlatPart[], source: Source): readonly TemplatePart[] {
  let index = 0;
  const place = (start: number, end: number): Place => ({ source, start, end });
  const until = (...ends: readonly Directive['kind'][]): readonly TemplatePart[] => {
    const joined: TemplatePart[] = [];
    for (let part = parts[index]; part !== undefined; part = parts[index]) {
      if (part.kind === 'marker' && ends.includes(part.directive.kind)) return joined;
      index += 1;
      if (part.kind === 'text') {
        if (part.text !== '') joined.push({ kind: 'text', text: part.text, place: place(part.start, part.end) });
      } else joined.push(join(part));
    }
    if (ends.length > 0) throw new SyntaxSlip(`a template directive has no ${ends.at(-1)}`, parts.at(-1)?.end ?? 0);
    return joined;
  };
  const close = (kind: 'endif' | 'endfor'): void => {
    const part = parts[index];
    if (part?.kind !== 'marker' || part.directive.kind !== kind)
      throw new SyntaxSlip(`a template directive has no ${kind}`, part?.start ?? 0);
    index += 1;
  };
  const join = (part: FlatMarker): TemplatePart => {
    const { directive } = part;
    const at = place(part.start, part.end);
    switch (directive.kind) {
      case 'interpolation':
        return { kind: 'interpolation', value: directive.value, place: at };
      case 'if': {
        const whenTrue = until('else', 'endif');
        const next = parts[index];
        const hasElse = next?.kind === 'marker' && next.directive.kind === 'else';
        if (hasElse) index += 1;
        const whenFalse = hasElse ? until('endif') : [];
        close('endif');
        return { kind: 'if', condition: directive.condition, whenTrue, whenFalse, place: at };
      }
      case 'for': {
        const body = until('endfor');
        close('endfor');
        return { ...directive, kind: 'for', body, place: at };
      }
      default:
        throw new SyntaxSlip(`%{ ${directive.kind} } ends nothing`, part.start);
    }
  };
  return until();
}
