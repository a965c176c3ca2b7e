// JSON Pointers (RFC 6901), which say where in what was sent a problem is.

/** The pointer to the member or item `step` of what `pointer` points to. */
export function pointerTo(pointer: string, step: string | number): string {
  return `${pointer}/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
