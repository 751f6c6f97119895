import { createHash } from 'node:crypto';
import { type Functions, ofTexts } from './function.ts';

function hash(algorithm: 'md5' | 'sha1' | 'sha256' | 'sha512', encoding: 'hex' | 'base64') {
  return ofTexts((text = '') => createHash(algorithm).update(text).digest(encoding));
}

export const HASHES: Functions = {
  base64sha256: hash('sha256', 'base64'),
  base64sha512: hash('sha512', 'base64'),
  md5: hash('md5', 'hex'),
  sha1: hash('sha1', 'hex'),
  sha256: hash('sha256', 'hex'),
  sha512: hash('sha512', 'hex'),
};
