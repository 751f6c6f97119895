import { createHash } from 'node:crypto';
import { ofBytes } from './file.ts';
import { type Functions, ofTexts } from './function.ts';

type Algorithm = 'md5' | 'sha1' | 'sha256' | 'sha512';

function hash(algorithm: Algorithm, encoding: 'hex' | 'base64') {
  return ofTexts((text = '') => digest(text, algorithm, encoding));
}

function fileHash(algorithm: Algorithm, encoding: 'hex' | 'base64') {
  return ofBytes((bytes) => digest(bytes, algorithm, encoding));
}

function digest(of: string | Buffer, algorithm: Algorithm, encoding: 'hex' | 'base64'): string {
  return createHash(algorithm).update(of).digest(encoding);
}

export const HASHES: Functions = {
  base64sha256: hash('sha256', 'base64'),
  base64sha512: hash('sha512', 'base64'),
  filebase64sha256: fileHash('sha256', 'base64'),
  filebase64sha512: fileHash('sha512', 'base64'),
  filemd5: fileHash('md5', 'hex'),
  filesha1: fileHash('sha1', 'hex'),
  filesha256: fileHash('sha256', 'hex'),
  filesha512: fileHash('sha512', 'hex'),
  md5: hash('md5', 'hex'),
  sha1: hash('sha1', 'hex'),
  sha256: hash('sha256', 'hex'),
  sha512: hash('sha512', 'hex'),
  uuidv5: ofTexts((namespace = '', name = '') => uuidv5(namespace, name)),
};

/** https://www.rfc-editor.org/rfc/rfc4122#appendix-C */
const NAMESPACES: Readonly<Record<string, string>> = {
  dns: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
  url: '6ba7b811-9dad-11d1-80b4-00c04fd430c8',
  oid: '6ba7b812-9dad-11d1-80b4-00c04fd430c8',
  x500: '6ba7b814-9dad-11d1-80b4-00c04fd430c8',
};

function uuidv5(namespace: string, name: string): string | null {
  const known = (Object.hasOwn(NAMESPACES, namespace) ? NAMESPACES[namespace] : undefined) ?? namespace;
  // Terraform takes other forms of ids, too.
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(known)) return null;
  const bytes = createHash('sha1')
    .update(Buffer.from(known.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest();
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.subarray(0, 16).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
