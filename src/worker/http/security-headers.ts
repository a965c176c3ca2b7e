// Security headers on every response. Static files do not pass here and have theirs in public/_headers.

/** For JSON: opened as a page it runs nothing, loads nothing, and cannot be framed. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'";

/** @param reply with mutable headers; a socket's 101 needs none */
export function withSecurityHeaders(reply: Response): void {
  if (reply.status === 101) return;
  const { headers } = reply;
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "no-referrer"); // a token in a URL goes nowhere
  if (!headers.has("Content-Security-Policy")) headers.set("Content-Security-Policy", NOTHING);
}
