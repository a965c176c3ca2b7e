// The URL of a hub's event stream.

let served: string | undefined;

/** @param script the address of a script that a hub serves; text in a page has none, and one from `blob:` names no host */
export function connectByDefaultTo(script: string | undefined): void {
  if (script?.startsWith("http")) served = script;
}

/** @param url of the hub; default: the one that served the script, else the page's own origin @param channel default: `main` */
export function streamUrl(url = served, channel?: string): string {
  const stream = new URL("/ws/stream", url ?? location.href);
  stream.protocol = stream.protocol.replace("http", "ws");
  if (channel !== undefined) stream.searchParams.set("channel", channel);
  return stream.href;
}

/**
 * Adds the cursor, or without one how many of the newest events to begin with, and the subscription. Patterns are not percent-encoded: none of their characters needs it (RFC 3986,
 * 3.4), and 8 KiB of them would become 23 KiB, over Cloudflare's URL limit of 16 KiB.
 */
export function withCursor(
  stream: string,
  cursor: string | undefined,
  patterns: readonly string[],
  last?: number,
): string {
  let url = stream;
  const add = (part: string) => {
    url += (url.includes("?") ? "&" : "?") + part;
  };
  if (cursor) add(`cursor=${cursor}`);
  else if (last) add(`last=${last}`);
  if (patterns.length > 0) add(`events=${patterns.join(",")}`);
  return url;
}
