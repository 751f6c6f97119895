/** A file's bytes as text: UTF-8, or UTF-16 as PowerShell writes it, told by the byte order mark. Undefined for what is no text. */
export function decode(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes.subarray(0, 4096).includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether what was decoded is the text of these bytes in UTF-8, and nothing was left out. */
export function isVerbatim([first, second]: Uint8Array): boolean {
  const mark =
    (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || (first === 0xef && second === 0xbb);
  return !mark;
}
