// Whether an event type matches a pattern, for clients: they pick the listeners of an event.

/**
 * Each piece between two stars is sought once, behind the one before: a regular expression made of a pattern may take
 * exponentially many steps.
 */
export function matchesType(pattern: string, type: string): boolean {
  const [head = "", ...pieces] = pattern.split("*");
  const tail = pieces.pop();
  if (tail === undefined) return head === type;
  const end = type.length - tail.length;
  let from = head.length;
  const isNext = (piece: string) => {
    const at = type.indexOf(piece, from);
    from = at + piece.length;
    return at >= 0 && from <= end;
  };
  return from <= end && type.startsWith(head) && type.endsWith(tail) && pieces.every(isNext);
}
