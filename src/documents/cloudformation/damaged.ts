import { type Unbalanced, unbalanced } from '../../source/brackets.ts';
import { parseJson } from '../../source/json.ts';
import { Outline, type Part } from '../../source/outline.ts';
import type { Source, SourceFile } from '../../source/source.ts';
import { member, type ParsedText, scalarText, type TextProblem, type Tree } from '../../source/tree.ts';
import { parseYaml } from '../../source/yaml.ts';
import { isMacro } from './macros.ts';
import { isTemplate } from './template.ts';

/** A template with more slips is not read. */
const MOST_ROUNDS = 12;
/** Nor is a longer one, which takes too long to read again. */
const LONGEST = 500_000;
/** As many letters are read again, in all rounds together. */
const MOST_LETTERS = 1_500_000;

/** So many parts that are left out are named. */
const MOST_NAMES = 5;

/** What another tool makes of loops and branches, nobody knows. */
const GENERATED = /\{%|<%|\{\{[-#/]|\{\{\s*(?:if|else|end|range|with|each|define|block|template)\b/;

/** Sections whose entries the rest of a template can only refer to. */
const APART: ReadonlySet<string | undefined> = new Set(['Resources', 'Outputs', 'Metadata']);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html, and SAM's of its own. */
const SECTIONS: ReadonlySet<string> = new Set([
  ...['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Parameters', 'Rules', 'Mappings', 'Conditions'],
  ...['Transform', 'Resources', 'Outputs', 'Hooks', 'Globals'],
]);

type Syntax = 'YAML' | 'JSON';

interface Rest {
  /** The text with blanks where parts of it are left out. */
  readonly text: string;
  readonly left: readonly Part[];
  /** It breaks off: nobody knows what follows. */
  readonly cut?: true;
}

/**
 * A template that is not valid, read without the resources and other entries in which its slips stand: what the others say does
 * not hang on them, except where they refer to them. Indents tell which entry a slip is in, since they stay as they are where
 * brackets and quotes fail. As it was given where too little is left to go by.
 */
export function withoutDamage(file: SourceFile, given: ParsedText): ParsedText {
  const first = given.problems.find(({ level }) => level === 'error');
  if (first === undefined || file.text.length > LONGEST || GENERATED.test(file.text)) return given;
  const syntax = /^\uFEFF?\s*[[{]/.test(file.text.slice(0, 4096)) ? 'JSON' : 'YAML';
  const slip = syntax === 'JSON' ? atBracket(first, file.text) : first;
  const told: TextProblem[] = given.problems.filter(({ level }) => level === 'error');
  let rest = withoutConflicts({ text: file.text, left: [] }, syntax);
  const rounds = Math.min(MOST_ROUNDS, Math.floor(MOST_LETTERS / file.text.length));
  for (let round = 0; round < rounds; round++) {
    if (syntax === 'JSON') rest = balanced(rest);
    const beyond = rest.cut === true || rest.left.some(({ section }) => !APART.has(section));
    const lost = rest.left.length === 0 && !beyond ? undefined : { slip: slip.place, beyond };
    const source: Source = { path: file.path, text: rest.text, toFile: (offset) => offset, file, lost };
    const parsed = syntax === 'JSON' ? parseJson(source, 'mended') : parseYaml(source);
    const failures = parsed.problems.filter(({ level }) => level === 'error');
    if (failures.length === 0) {
      const warnings = parsed.problems.filter(({ level }) => level === 'warning');
      const problems = [...told.map((one) => (one === first ? named(slip, rest.left) : one)), ...warnings];
      const templates = parsed.documents.filter(isTemplate);
      if (!rest.left.every(isOfTemplate) || !templates.every(hasTypes)) return given;
      const others = given.documents.filter((tree) => !isTemplate(tree));
      return templates.length > 0 ? { documents: [...templates, ...others], problems } : given;
    }
    const outline = new Outline(rest.text, syntax);
    const less = without(rest, failures.flatMap(spoiltBy(rest, outline)), outline);
    if (less.text === rest.text) return given;
    rest = less;
  }
  return given;
}

/** The slip where a person mends it: a parser finds out at the end only that a bracket is missing. */
function atBracket(slip: TextProblem, text: string): TextProblem {
  const found = unbalanced(text);
  if (found?.kind !== 'pair' || found.opened === found.closed) return slip;
  const at = unfitting(found, new Outline(text, 'JSON')) ?? found.closed;
  return {
    ...slip,
    message: 'not valid JSON: a bracket too many or too few',
    place: { ...slip.place, start: at, end: at + 1 },
  };
}

function unfitting(found: Unbalanced, outline: Outline): number | undefined {
  const offsets = [found.opened, found.kind === 'pair' ? found.closed : undefined];
  return offsets.find((offset) => offset !== undefined && outline.isInEntry(offset));
}

function named(slip: TextProblem, left: readonly Part[]): TextProblem {
  const names = [...new Set(left.map(({ name }) => name))].filter((name) => /\w/.test(name));
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  const shown = `${names.slice(0, MOST_NAMES).join(', ')}${more}`;
  return names.length === 0 ? slip : { ...slip, message: `${slip.message} (all is read but ${shown})` };
}

/**
 * The entry that an error stands in. One that is found where an entry or a section starts is the end of the entry before, as
 * long as the error goes with it.
 */
function spoiltBy({ left }: Rest, outline: Outline): (error: TextProblem) => readonly (Part | undefined)[] {
  return ({ place: { start, end } }) => {
    const before = outline.entryBefore(start);
    if (before !== undefined && !left.some((part) => part.start >= before.end && part.start < start)) return [before];
    return [outline.partAt(start), outline.partAt(Math.max(start, end - 1))];
  };
}

/** A line that stands too far to the left cuts an entry in two: what is lost with it, no indent tells. */
function isOfTemplate({ section, name }: Part): boolean {
  return SECTIONS.has(section ?? name);
}

function hasTypes(template: Tree): boolean {
  const resources = member(template, 'Resources');
  const entries = resources?.kind === 'map' ? resources.entries : [];
  return entries.every(({ key, value }) => isMacro(key.text) || scalarText(member(value, 'Type')) !== undefined);
}

/** What has no type is no resource, but the end of the one before. */
function isResource({ start, end }: Part, text: string): boolean {
  const [head = '', ...body] = text.slice(start, end).split('\n');
  const space = body.map((line) => /^\s*(?=\S)/.exec(line)?.[0]).find((one) => one !== undefined) ?? '';
  return [head, ...body.filter((line) => line.startsWith(space) && !/\s/.test(line[space.length] ?? ' '))].some(
    (line) => /["']?\bType["']?\s*:/.test(line),
  );
}

function without(rest: Rest, parts: readonly (Part | undefined)[], outline: Outline): Rest {
  const gone = parts
    .filter((part) => part !== undefined)
    .flatMap((part) => {
      const before =
        part.section !== 'Resources' || isResource(part, rest.text) ? undefined : outline.entryBefore(part.start);
      return before === undefined ? [part] : [before, part];
    });
  const text = gone.reduce(
    (left, { start, end }) => left.slice(0, start) + blank(left.slice(start, end)) + left.slice(end),
    rest.text,
  );
  return { ...rest, text, left: [...rest.left, ...gone] };
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}

/** Between the marks of a merge stand two versions, of which one is meant, or neither. */
function withoutConflicts(rest: Rest, syntax: Syntax): Rest {
  const offsets: number[] = [];
  let start = 0;
  let inside = false;
  const lines = rest.text.split('\n').map((line) => {
    const mark = /^(?:<{7}|\|{7}|={7}|>{7})(?:\s|$)/.test(line);
    if (mark) inside = !line.startsWith('>');
    else if (inside) offsets.push(start);
    start += line.length + 1;
    return mark ? blank(line) : line;
  });
  const text = lines.join('\n');
  const outline = new Outline(text, syntax);
  const parts: Part[] = [];
  for (const offset of offsets) {
    const part = parts.some(({ end }) => offset <= end) ? undefined : outline.partAt(offset);
    if (part !== undefined) parts.push(part);
  }
  return without({ ...rest, text }, parts, outline);
}

/** JSON whose brackets fit: without the entries where they do not, and closed where it breaks off. */
function balanced(given: Rest): Rest {
  let rest = given;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const found = unbalanced(rest.text);
    if (found === undefined) return rest;
    const outline = new Outline(rest.text, 'JSON');
    const at = unfitting(found, outline);
    if (at !== undefined) rest = without(rest, [outline.partAt(at)], outline);
    else return found.kind === 'unclosed' ? { ...rest, text: rest.text + found.unclosed, cut: true } : rest;
  }
  return rest;
}
