/** Whether a text matches a pattern of `*` and `?`, in the plainest way. */
export function naiveGlob(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] === '*')
    return naiveGlob(pattern.slice(1), text) || (text !== '' && naiveGlob(pattern, text.slice(1)));
  return text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && naiveGlob(pattern.slice(1), text.slice(1));
}
