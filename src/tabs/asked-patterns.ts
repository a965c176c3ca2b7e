// What the hub is asked for: what any tab wants.

/** A hub takes 64 patterns, of 8 KiB together with those that a token allows; beyond these all is asked for, and each tab picks. */
const [MAX_PATTERNS, MAX_UNITS] = [64, 2_048];

/** @param sets each tab's; an empty one is everything @returns their union; empty: everything */
export function unionOf(sets: readonly (readonly string[])[]): readonly string[] {
  const union = [...new Set(sets.flat())];
  const isTooMuch = union.length > MAX_PATTERNS || union.join().length > MAX_UNITS;
  return isTooMuch || sets.some((set) => set.length === 0) ? [] : union;
}

/** Whether who gets `held` gets `wanted`. */
export function covers(held: readonly string[], wanted: readonly string[]): boolean {
  return held.length === 0 || (wanted.length > 0 && wanted.every((pattern) => held.includes(pattern)));
}
