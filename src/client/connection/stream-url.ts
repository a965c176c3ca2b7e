// Where a hub's stream is.

/** @param url of the hub: this page's own server if not given @param channel `main` if not given */
export function streamUrl(url?: string, channel?: string): string {
  const stream = new URL("/ws/stream", url ?? location.href);
  stream.protocol = stream.protocol.replace("http", "ws");
  if (channel !== undefined) stream.searchParams.set("channel", channel);
  return stream.href;
}

/**
 * The same stream from a place on, of what is to be heard. Patterns are written as they are: their 8 KiB would be 23 in
 * percents, and Cloudflare takes no URL over 16. None of their characters needs it (RFC 3986, 3.4).
 */
export function withCursor(stream: string, cursor: string | undefined, patterns: readonly string[]): string {
  let url = stream;
  const add = (part: string) => {
    url += (url.includes("?") ? "&" : "?") + part;
  };
  if (cursor) add(`cursor=${cursor}`);
  if (patterns.length > 0) add(`events=${patterns.join(",")}`);
  return url;
}
