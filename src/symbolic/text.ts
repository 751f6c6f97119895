/**
 * A string as far as the documents let anyone know it: plain where it is known, else a list of parts.
 * The same unknown equals itself, so `arn:aws:iam::${AWS::AccountId}:root` is "this account" without its number.
 */
export type Text = string | SymbolicText;

export interface SymbolicText {
  readonly parts: readonly (string | Unknown)[];
}

/** What sort of string an unknown can be; it decides what literal text it could equal. */
export type UnknownKind = 'open' | 'account-id' | 'region' | 'generated-name';

export interface Unknown {
  /** Equal ids are equal values. */
  readonly id: string;
  readonly kind: UnknownKind;
  /** How its source writes it: `${AWS::AccountId}`, `${AgentRole}`. */
  readonly shown: string;
  /** What a person must supply, or why nobody can: "a value for the parameter TrustedAccountId". */
  readonly missing: string;
  /** The values that the source allows, where it lists them. */
  readonly choices?: readonly string[];
  /** Set for what no document declares: nothing is said against it. */
  readonly undeclared?: boolean;
  /** The condition key whose value this is, where the caller or the moment supplies it. */
  readonly supplies?: string;
  /** Set for what the caller or the moment decides: the branch on which somebody runs a workflow. */
  readonly chosen?: boolean;
}

export function isKnown(text: Text): text is string {
  return typeof text === 'string';
}

/** Joins texts; adjacent literals become one, and a text without unknowns is a plain string again. */
export function concat(...texts: readonly (Text | Unknown)[]): Text {
  const parts: (string | Unknown)[] = [];
  const push = (part: string | Unknown): void => {
    const last = parts.at(-1);
    if (part === '') return;
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
    else parts.push(part);
  };
  for (const text of texts) {
    if (typeof text === 'string' || 'id' in text) push(text);
    else for (const part of text.parts) push(part);
  }
  const [only] = parts;
  if (only === undefined) return '';
  return parts.length === 1 && typeof only === 'string' ? only : { parts };
}

export function unknownText(unknown: Unknown): Text {
  return { parts: [unknown] };
}

/** The text as its source wrote it. */
export function show(text: Text): string {
  if (isKnown(text)) return text;
  return text.parts.map((part) => (typeof part === 'string' ? part : part.shown)).join('');
}

/** A key under which equal texts meet; texts that differ only by an unknown's identity stay apart. */
export function keyOf(text: Text): string {
  if (isKnown(text)) return text;
  return text.parts.map((part) => (typeof part === 'string' ? part : `\u0000${part.id}\u0000`)).join('');
}

export function partsOf(text: Text): readonly (string | Unknown)[] {
  return isKnown(text) ? [text] : text.parts;
}

export function unknownsIn(text: Text): readonly Unknown[] {
  return isKnown(text) ? [] : text.parts.filter((part) => typeof part !== 'string');
}

/**
 * Splits at a separator into at most `limit` texts (the last keeps the rest). An unknown is taken to hold no separator.
 */
export function split(text: Text, separator: string, limit = Number.POSITIVE_INFINITY): readonly Text[] {
  if (isKnown(text)) return splitLiteral(text, separator, limit);
  const pieces: Text[] = [''];
  for (const part of text.parts) {
    const [first = '', ...rest] =
      typeof part === 'string' ? splitLiteral(part, separator, limit - pieces.length + 1) : [];
    pieces.push(concat(pieces.pop() ?? '', typeof part === 'string' ? first : part), ...rest);
  }
  return pieces;
}

function splitLiteral(text: string, separator: string, limit: number): string[] {
  const pieces = text.split(separator);
  return pieces.length <= limit ? pieces : [...pieces.slice(0, limit - 1), pieces.slice(limit - 1).join(separator)];
}

export function lowerCase(text: Text): Text {
  if (isKnown(text)) return text.toLowerCase();
  return { parts: text.parts.map((part) => (typeof part === 'string' ? part.toLowerCase() : inLowerCase(part))) };
}

function inLowerCase(unknown: Unknown): Unknown {
  if (unknown.choices !== undefined)
    return { ...unknown, choices: unknown.choices.map((choice) => choice.toLowerCase()) };
  // How services write the names that they generate no longer shows.
  return unknown.kind === 'generated-name' ? { ...unknown, kind: 'open' } : unknown;
}
