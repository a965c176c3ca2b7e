// Backends and operators: whoever shows a key may emit, and read everything.

/** Whether `text` is one of `keys`, in a time that tells nothing of where they differ, nor which it is. */
export async function isKey(text: string, keys: readonly string[]): Promise<boolean> {
  const [shown, ...known] = await Promise.all([text, ...keys].map(digest));
  let found = false;
  for (const key of known) {
    const same = shown !== undefined && crypto.subtle.timingSafeEqual(shown, key);
    found ||= same;
  }
  return found;
}

/** Digests have one length, whatever a stranger sent. */
function digest(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
}
