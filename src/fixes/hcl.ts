import type { Entity } from '../inventory/inventory.ts';
import type { Finding } from '../rules/apply.ts';
import type { Place, SourceFile } from '../source/source.ts';
import { member } from '../source/tree.ts';
import { show } from '../symbolic/text.ts';
import type { Edit } from './fix.ts';
import { resourceInJson } from './json-text.ts';
import { asNeighbours } from './spell.ts';
import { inFile } from './text-style.ts';

export function isTerraformJson({ path }: SourceFile): boolean {
  return /\.(tf|tofu)\.json$/.test(path);
}

export function isHcl({ path }: SourceFile): boolean {
  return /\.(tf|tofu|hcl)$/.test(path);
}

/** A principal or a role as a Terraform file writes it: by reference where its module declares it, else by its text. */
export function hclValue(wanted: string, place: Place, { subject }: Finding): string | undefined {
  const { file, start } = inFile(place);
  const ends = [subject?.assumption.principal, subject?.assumption.role];
  const entity = ends.find((one) => one !== undefined && show(one.declaration.arn) === wanted);
  const address = entity === undefined ? undefined : addressOf(entity.declaration.place, file);
  if (address !== undefined) return `${address}.arn`;
  if (wanted.includes('${')) return undefined;
  const account = ends.find((one) => one?.declaration.place.source.file.path === file.path)?.declaration.account;
  return JSON.stringify(asNeighbours(wanted, file, start, account === undefined ? undefined : show(account)));
}

/** `aws_iam_role.deployer`, where it is one resource of the file's own module. */
export function addressOf({ source, start }: Place, file: SourceFile): string | undefined {
  const own = source.file;
  const folder = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
  if (folder(own.path) !== folder(file.path)) return undefined;
  if (isTerraformJson(own)) return addressInJson(own, source.toFile(start));
  if (!isHcl(own)) return undefined;
  const { line } = own.position(source.toFile(start));
  const [, type, name] = /^resource\s+"(aws_iam_(?:role|user))"\s+"([\w-]+)"\s*\{\s*$/.exec(own.line(line)) ?? [];
  const last = endOfBlock(own, line);
  if (type === undefined || last === undefined) return undefined;
  for (let next = line; next < last; next++) if (/^\s{1,4}(count|for_each)\s*=/.test(own.line(next))) return undefined;
  return `${type}.${name}`;
}

/** The same of a file of Terraform's JSON, where the name is a key of `resource.aws_iam_role`. */
function addressInJson(file: SourceFile, offset: number): string | undefined {
  const found = resourceInJson(file, offset);
  if (found === undefined || !/^aws_iam_(role|user)$/.test(found.type)) return undefined;
  const repeated = member(found.body, 'count') ?? member(found.body, 'for_each');
  return repeated === undefined ? `${found.type}.${found.name}` : undefined;
}

/** Whether a text stands in a heredoc, where quotes are the text's own. */
export function isInHeredoc({ text }: SourceFile, start: number): boolean {
  for (const { 0: opening, 1: marker, index } of text.matchAll(/<<-?([A-Za-z_][\w-]*)\r?\n/g)) {
    if (index > start) return false;
    const from = index + opening.length;
    const closing = new RegExp(`^[ \\t]*${marker}[ \\t]*\\r?$`, 'm').exec(text.slice(from));
    if (closing === null || start < from + closing.index) return true;
  }
  return false;
}

/** The line of the brace that ends a block which starts in the first column. */
export function endOfBlock(file: SourceFile, line: number): number | undefined {
  const texts = heredocs(file);
  for (let next = line + 1; next <= file.lineCount; next++) {
    const at = file.lineStart(next);
    if (/^\}/.test(file.line(next)) && !texts.some(({ start, end }) => at >= start && at < end)) return next;
  }
  return undefined;
}

/** A resource of its own behind the role or user that gets the grant. */
export function grantInHcl(entity: Entity, name: string, actions: readonly string[], value: string): Edit | undefined {
  const { source, start } = entity.declaration.place;
  const { file } = source;
  const address = isHcl(file) ? addressOf(entity.declaration.place, file) : undefined;
  const line = file.position(source.toFile(start)).line;
  const last = endOfBlock(file, line);
  if (address === undefined || last === undefined) return undefined;
  const { kind } = entity.declaration;
  const action =
    actions.length === 1 ? JSON.stringify(actions[0]) : `[${actions.map((one) => JSON.stringify(one)).join(', ')}]`;
  const id = `${address.split('.')[1] ?? kind}_${name}`.replace(/[^\w]+/g, '_');
  const lines = [
    file.line(last),
    '',
    `resource "aws_iam_${kind}_policy" "${id}" {`,
    `  name = ${JSON.stringify(name)}`,
    `  ${kind} = ${address}.name`,
    '  policy = jsonencode({',
    '    Version   = "2012-10-17"',
    `    Statement = [{ Effect = "Allow", Action = ${action}, Resource = ${value} }]`,
    '  })',
    '}',
  ];
  return { path: file.path, shownPath: file.shownPath, startLine: last, endLine: last, newText: lines.join('\n') };
}

/** https://developer.hashicorp.com/terraform/language/expressions/strings#heredoc-strings */
export function heredocs(file: SourceFile): readonly { readonly start: number; readonly end: number }[] {
  const found: { start: number; end: number }[] = [];
  let open: { readonly tag: string; readonly start: number } | undefined;
  for (let line = 1; line <= file.lineCount; line++) {
    const text = file.line(line);
    if (open === undefined) {
      const tag = /<<-?(\w+)$/.exec(text.trimEnd())?.[1];
      if (tag !== undefined) open = { tag, start: file.lineStart(line) + text.lastIndexOf('<<') };
    } else if (text.trim() === open.tag) {
      found.push({ start: open.start, end: file.lineStart(line) + text.length });
      open = undefined;
    }
  }
  return found;
}
