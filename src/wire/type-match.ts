// Whether an event type matches a pattern, for clients: they pick the listeners of an event.

/**
 * Each piece between two stars is sought once, behind the one before: a regular expression made of a pattern may take
 * exponentially many steps.
 */
export function matchesType(pattern: string, type: string): boolean {
  const [head = "", ...others] = pattern.split("*");
  const tail = others.pop();
  if (tail === undefined) return head === type;
  const end = type.length - tail.length;
  if (end < head.length || !type.startsWith(head) || !type.endsWith(tail)) return false;
  let from = head.length;
  for (const piece of others) {
    const at = type.indexOf(piece, from);
    from = at + piece.length;
    if (at < 0 || from > end) return false;
  }
  return true;
}
