/** Roles, users, groups and policies in a text, as the names in their ARNs. */
const ARNS = /arn:[\w-]*:(?:iam::\d{12}:(?:role|user|group|policy)|sts::\d{12}:assumed-role)\/[\w+=,.@/-]+/g;

/** Whom an entity's JSON names by ARN, policy documents inside it included. */
export function arnsIn(json: string, item: unknown): readonly string[] {
  const text = /[\\%]/.test(json) ? textsIn(item).join('\n') : json;
  return text.match(ARNS) ?? [];
}

/**
 * The name at the end of an ARN, or of a session's role, in lower case: whoever writes it otherwise may mean the same. Of a text
 * that is no ARN what stands behind its last slash.
 */
export function nameOf(text: string): string {
  const session = text.indexOf(':assumed-role/');
  const name = session === -1 ? text.slice(text.lastIndexOf('/') + 1) : text.slice(session).split('/')[1];
  return (name ?? '').toLowerCase();
}

/** Escapes resolved, also those of documents that stand in texts as JSON or URL-encoded JSON. */
function textsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsIn);
  if (typeof value !== 'string') return [];
  const plain = decoded(value);
  if (!/^\s*[[{]/.test(plain)) return [plain];
  try {
    return textsIn(JSON.parse(plain));
  } catch {
    return [plain];
  }
}

/** Some tools encode what is encoded already. */
function decoded(text: string): string {
  let plain = text;
  try {
    while (/^\s*%(?:25)*7B/i.test(plain)) plain = decodeURIComponent(plain);
  } catch {
    // What is not encoded after all is read as it stands.
  }
  return plain;
}
