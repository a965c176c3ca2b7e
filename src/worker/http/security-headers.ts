// What every reply tells a browser not to do with it. Static files, which never come by here, have theirs in
// public/_headers.

/** JSON is no page: opened as one, it runs nothing, loads nothing, and stands in nobody's frame. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'";

/** @param reply whose headers can be set; a socket's 101 is no matter of pages */
export function withSecurityHeaders(reply: Response): void {
  if (reply.status === 101) return;
  const { headers } = reply;
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "no-referrer"); // a token in a URL goes nowhere
  if (!headers.has("Content-Security-Policy")) headers.set("Content-Security-Policy", NOTHING);
}
