// What the sources say to SQLite, as far as a program can tell by reading them.

/**
 * The lines of a source on which a statement with RETURNING is not read to its end where it is executed: its cursor keeps the
 * statement open, so that the object's commit fails at the end of the turn. What other requests wrote is then lost, and every
 * hibernating socket is cut (measured). One outside of `exec(…)` counts too: it cannot be checked.
 */
export function unreadReturning(source: string): readonly number[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, (comment) => comment.replace(/[^\n]/g, " "));
  const read = readStatements(code);
  return [...code.matchAll(/\bRETURNING\b/gi)]
    .filter(({ index }) => !read.some(([from, to]) => from < index && index < to))
    .map(({ index }) => code.slice(0, index).split("\n").length);
}

/** From and to of every `exec(…)` that `.toArray()` or `.one()` follows at once. */
function readStatements(code: string): readonly (readonly [from: number, to: number])[] {
  return [...code.matchAll(/\bexec\b(<[^()]*>)?\(/g)].flatMap(({ index, 0: start }) => {
    const to = endOfCall(code, index + start.length);
    const isRead = /^(\s*\.raw(<[^()]*>)?\(\))?\s*\.(toArray|one)\(\)/.test(code.slice(to));
    return isRead ? [[index, to] as const] : [];
  });
}

/** Behind the bracket that closes the one before `from`. Brackets in a statement are in pairs. */
function endOfCall(code: string, from: number): number {
  let depth = 1;
  let at = from;
  for (; depth > 0 && at < code.length; at++) {
    if (code[at] === "(") depth += 1;
    if (code[at] === ")") depth -= 1;
  }
  return at;
}
