import type { Finding } from '../rules/apply.ts';
import { type Place, type SourceFile, textAt } from '../source/source.ts';
import { replaceRange } from './edit-text.ts';
import type { Edit, Fix } from './fix.ts';
import { escapedAt, languageAt } from './language.ts';
import { inFile, isJson, withQuotes } from './text-style.ts';

/** What AWS rejects in a trust policy and one edit of the text takes away or puts in. */
export function mendPolicy(finding: Finding): Omit<Fix, 'verified'> | undefined {
  if (finding.rule === 'invalid-principal') return typedPrincipal(finding);
  if (finding.rule !== 'invalid-policy') return undefined;
  if (/a trust policy has no (Not)?Resource/.test(finding.message)) return withoutLine(finding);
  return /the statement has no Action$/.test(
    finding.message.replace(/\. Because of it.*$/s, '').replace(/ Because of it.*$/s, ''),
  )
    ? withAction(finding)
    : undefined;
}

/** `Principal: ec2.amazonaws.com` gets its type. */
function typedPrincipal({ place }: Finding): Omit<Fix, 'verified'> | undefined {
  const name = textAt(place);
  if (!/^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(name)) return undefined;
  const inner = inFile(place);
  const escaped = inner.file.text.slice(inner.start - 2, inner.start) === '\\"';
  const around = escaped ? { ...inner, start: inner.start - 2, end: inner.end + 2 } : undefined;
  const { file, start, end } = around ?? withQuotes(inner.file, inner.start, inner.end);
  if (!/"?Principal\\?"?\s*[:=]\s*\\?$/.test(file.text.slice(Math.max(0, start - 40), start))) return undefined;
  const typed = asType(name, place);
  return { description: `write ${typed}`, edits: [replaceRange(file, start, end, typed)] };
}

function asType(name: string, place: Place): string {
  switch (languageAt(place)) {
    case 'hcl':
      return `{ Service = ${JSON.stringify(name)} }`;
    case 'json':
      return escapedAt(place, `{"Service": ${JSON.stringify(name)}}`);
    case 'yaml':
      return `{Service: ${name}}`;
  }
}

/** A member that stands in a line of its own is left out. */
function withoutLine({ place }: Finding): Omit<Fix, 'verified'> | undefined {
  const { file, start } = inFile(place);
  const { line } = file.position(start);
  const text = file.line(line);
  const before = line > 1 ? file.line(line - 1) : '';
  if (!/^\s*"?(Not)?Resource"?\s*:\s*("[^"]*"|'[^']*'|[^\s,[{|>]\S*)\s*,?\s*$/.test(text) || before.trim() === '')
    return undefined;
  const isLast = isJson(file) && !/,\s*$/.test(text);
  const edit: Edit = {
    path: file.path,
    shownPath: file.shownPath,
    startLine: line - 1,
    endLine: line,
    newText: isLast ? before.replace(/,\s*$/, '') : before,
  };
  return { description: 'leave it out', edits: [edit] };
}

/** The action that such a principal calls, before the statement's first element. */
function withAction({ place }: Finding): Omit<Fix, 'verified'> | undefined {
  const { file, start, end } = inFile(place);
  const statement = file.text.slice(start, end);
  // What is not about assuming roles lacks another action.
  const assumes = /\bPrincipal\b|\bprincipals\b/.test(statement)
    ? !statement.includes('Federated')
    : /:role\/|\baws_iam_role\./.test(statement) && !/:(?!role\/)[a-z-]+\/|"\*"/.test(statement);
  if (!assumes || /\bDeny\b/.test(statement)) return undefined;
  const edit =
    languageAt(place) === 'hcl' ? actionInHcl(file, start, statement) : actionInTemplate(place, file, start, statement);
  return edit === undefined ? undefined : { description: 'allow sts:AssumeRole', edits: [edit] };
}

function actionInTemplate(place: Place, file: SourceFile, start: number, statement: string): Edit | undefined {
  const [open, space] = /^\{(\s*)/.exec(statement) ?? [];
  if (open === undefined) {
    const indent = ' '.repeat(file.position(start).column - 1);
    return replaceRange(file, start, start, `Action: sts:AssumeRole\n${indent}`);
  }
  const quoted = /^\{\s*\\?"/.test(statement);
  const action = quoted ? escapedAt(place, '"Action": "sts:AssumeRole"') : 'Action: sts:AssumeRole';
  const line = space?.lastIndexOf('\n') ?? -1;
  if (space !== undefined && line !== -1)
    return replaceRange(file, start + 1, start + 1, `\n${space.slice(line + 1)}${action},`);
  return replaceRange(file, start, start + open.length, `{${action}, `);
}

/** In a block `statement {`, or in an object of `jsonencode`. */
function actionInHcl(file: SourceFile, start: number, statement: string): Edit | undefined {
  const [open, block, space = ''] = /^(statement\s*)?\{(\s*)/.exec(statement) ?? [];
  if (open === undefined) return undefined;
  const action = block === undefined ? 'Action = "sts:AssumeRole"' : 'actions = ["sts:AssumeRole"]';
  const line = space.lastIndexOf('\n');
  if (line === -1)
    return block === undefined ? replaceRange(file, start, start + open.length, `{ ${action}, `) : undefined;
  const brace = start + open.length - space.length;
  // As `terraform fmt` has it: the signs of lines that follow each other stand in one column.
  const width = /^\w+\s*(?==)/.exec(statement.slice(open.length))?.[0].length ?? 0;
  const [key = '', value = ''] = action.split(' = ');
  return replaceRange(file, brace, brace, `\n${space.slice(line + 1)}${key.padEnd(width - 1)} = ${value}`);
}
