// Whether an event type matches a pattern: for the hub, and for clients, which pick the listeners of an event.

/** The literal pieces of a pattern, between its stars: a type begins with the first and ends with the last. */
export type Pieces = readonly string[];

export function piecesOf(pattern: string): Pieces {
  return pattern.split("*");
}

/**
 * Whether a type has these pieces, with any run of characters, also an empty one, between them. The ends come first: they are
 * cheap, and most types fail there. Each piece between is sought once, behind the one before: at most pattern × type steps,
 * where a regular expression made of a client's pattern may take exponentially many.
 */
export function fits(pieces: Pieces, type: string): boolean {
  const last = pieces.length - 1;
  const head = pieces[0] ?? "";
  const tail = pieces[last] ?? "";
  if (last === 0) return head === type;
  const end = type.length - tail.length;
  let from = head.length;
  if (end < from || !type.startsWith(head) || !type.endsWith(tail)) return false;
  for (let index = 1; index < last; index++) {
    const piece = pieces[index] ?? "";
    const at = type.indexOf(piece, from);
    from = at + piece.length;
    if (at < 0 || from > end) return false;
  }
  return true;
}

/**
 * Whether an event type matches a pattern, in which `*` stands for any run of characters, also an empty one. For one type: the
 * hub prepares its patterns, and a client has few.
 *
 * @example
 * ```ts
 * import { matchesType } from "pulse-reactor/wire";
 *
 * console.log(matchesType("news_*", "news_processed")); // → true
 * console.log(matchesType("news_*", "digest_created")); // → false
 * ```
 */
export function matchesType(pattern: string, type: string): boolean {
  return fits(piecesOf(pattern), type);
}
