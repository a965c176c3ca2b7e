// Conditional requests (RFC 9110, 13): a client that has the answer already is told so.

/**
 * JSON text with its ETag, or 304 if the request names it. The client may keep the answer, and MUST ask again before it uses it:
 * its rights may have changed.
 */
export function taggedJson(request: Request, text: string, etag: string): Response {
  const headers = { ETag: etag, "Cache-Control": "private, no-cache" };
  if (names(request.headers.get("If-None-Match") ?? "", etag)) return new Response(null, { status: 304, headers });
  return new Response(text, { headers: { ...headers, "Content-Type": "application/json" } });
}

/** Compared weakly: a proxy that compresses makes a tag weak. */
function names(list: string, etag: string): boolean {
  const tags = list.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || list.trim() === "*";
}
