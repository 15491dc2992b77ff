/** Commas, bars and backslashes in search values (FHIR R4, Search §3.1.1.4.0.2). */

/** Splits on a separator that no backslash stands before; the escapes stay in. */
export function splitOn(text: string, separator: ',' | '|' | '$'): string[] {
  const parts = [''];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (letter === separator) {
      parts.push('');
      continue;
    }
    const last = parts.length - 1;
    if (letter === '\\' && at + 1 < text.length) {
      at += 1;
      parts[last] += letter + text.charAt(at);
    } else parts[last] += letter;
  }
  return parts;
}

/** `\,` is a comma; FHIR escapes only these four, and a backslash before another letter is a backslash. */
export function unescape(text: string): string {
  return text.replace(/\\([,|$\\])/g, '$1');
}
