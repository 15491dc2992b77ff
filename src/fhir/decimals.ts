import { isRaw } from './ask.ts';

/**
 * Numbers as the server wrote them. R4 «decimal»: precision is part of the value, `1.0` is not `1`, and JSON.parse
 * keeps neither trailing zeros, exponents nor more than 17 digits (SAFETY HZ10). `JSON.parse` with source text access
 * is not in every browser we run in, so the text is gone through beside the value.
 */
const WRITTEN = new WeakMap<object, ReadonlyMap<string, string>>();

/** A string, which is passed over, or a number. Unrolled, so that a document in base64 does not exhaust the stack. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** As deep as any real resource in a bundle. */
const DEEPEST = 80;

/**
 * Remembers the numbers of `text` that JavaScript writes otherwise, beside the value parsed from it.
 * Numbers stand in the text in the order the value is walked; where the two do not agree, nothing is remembered.
 */
export function rememberDecimals(text: string, value: object): void {
  const literals = (text.match(TOKEN) ?? []).filter(token => !token.startsWith('"'));
  const found = new Map<object, Map<string, string>>();
  let next = 0;
  let agree = true;
  const walk = (holder: object, depth: number) => {
    agree &&= depth < DEEPEST;
    if (!agree) return;
    for (const [key, inner] of Object.entries(holder)) {
      if (typeof inner === 'number') {
        const literal = literals[next++] ?? '';
        agree &&= Number(literal) === inner;
        if (literal !== String(inner))
          found.set(holder, (found.get(holder) ?? new Map<string, string>()).set(key, literal));
      } else if (isRaw(inner) || Array.isArray(inner)) walk(inner, depth + 1);
    }
  };
  walk(value, 0);
  if (!agree || next !== literals.length) return;
  for (const [holder, numbers] of found) WRITTEN.set(holder, numbers);
}

/** The number under `key` as the server wrote it; undefined where there is none. */
export function asWritten(holder: unknown, key: string): string | undefined {
  if (!isRaw(holder) || typeof holder[key] !== 'number') return undefined;
  return WRITTEN.get(holder)?.get(key) ?? String(holder[key]);
}
