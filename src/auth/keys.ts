// Backends and operators: whoever shows a key may emit, and read everything.

const encoder = new TextEncoder();

/**
 * Whether `text` is one of `keys`, in a time that tells nothing of where they differ, nor which it is: only how long they
 * are, where that is not secret. (Comparing digests would tell not even that, and cost a tenth of an emit's CPU.)
 */
export function isKey(text: string, keys: readonly string[]): boolean {
  const shown = encoder.encode(text);
  let found = false;
  for (const key of keys) {
    const known = encoder.encode(key);
    const isAsLong = known.byteLength === shown.byteLength; // else the comparison throws: it is made all the same, with itself
    const same = crypto.subtle.timingSafeEqual(shown, isAsLong ? known : shown) && isAsLong;
    found ||= same;
  }
  return found;
}
