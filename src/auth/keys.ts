// API keys of backends and operators. A key allows everything.

const encoder = new TextEncoder();

/**
 * Whether `text` is one of `keys`, compared in constant time: the time depends on their lengths only, which are not secret.
 * (Comparing digests would hide the lengths too, and cost a tenth of an emit's CPU.)
 */
export function isKey(text: string, keys: readonly string[]): boolean {
  const shown = encoder.encode(text);
  let found = false;
  for (const key of keys) {
    const known = encoder.encode(key);
    const isAsLong = known.byteLength === shown.byteLength; // else `timingSafeEqual` throws: it then compares `shown` with itself
    const same = crypto.subtle.timingSafeEqual(shown, isAsLong ? known : shown) && isAsLong;
    found ||= same;
  }
  return found;
}
