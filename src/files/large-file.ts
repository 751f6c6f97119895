import { openSync, readFileSync, readSync, statSync } from 'node:fs';
import type { LargeFile } from '../documents/authorization-details/dump.ts';
import { decode } from './decode.ts';

/** More is no text of JavaScript's. */
const MOST_MEGABYTES = 512;

/**
 * A file of UTF-8 of which a piece is read at a time, or what a pipe holds. UTF-16 is read as a whole and held as UTF-8. Undefined
 * for what is no text.
 */
export function largeFile(real: string, path: string, shownPath: string): LargeFile | undefined {
  const stat = statSync(real);
  if (!stat.isFile()) return inMemory(readFileSync(real), path, shownPath);
  const file = openSync(real, 'r');
  const { size } = stat;
  const read = (start: number, end: number): Uint8Array => {
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(end, size) - start));
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(file, bytes, filled, bytes.length - filled, start + filled);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  };
  const begins = read(0, 4096);
  if (!isWide(begins)) return begins.includes(0) ? undefined : { path, shownPath, size, read };
  return isTooLarge(size) ? undefined : inMemory(read(0, size), path, shownPath);
}

export function isTooLarge(size: number): boolean {
  return size >= MOST_MEGABYTES << 20;
}

function inMemory(bytes: Uint8Array, path: string, shownPath: string): LargeFile | undefined {
  const text = isWide(bytes) ? decode(bytes) : undefined;
  const held = text === undefined ? bytes : Buffer.from(text);
  if (held.subarray(0, 4096).includes(0)) return undefined;
  return { path, shownPath, size: held.length, read: (start, end) => held.subarray(start, end) };
}

/** UTF-16, told by its byte order mark. */
function isWide([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}
