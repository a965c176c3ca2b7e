// The URL of a hub's event stream, and the handshake that opens it.
import { EVENTS_SUBPROTOCOL, SUBPROTOCOL } from "../../wire/server-frame.ts";

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

/** Cloudflare takes URLs of 16 KiB, and 8 KiB of patterns may become 24 where each byte of them has to be escaped. */
const MAX_URL = 16_000;

/**
 * Adds the cursor, or without one how many of the newest events to begin with, and the subscription: in the URL, or where that
 * would become too long as a subprotocol beside the dialect, which takes 4 bytes for 3.
 *
 * @returns the URL, and the subprotocols to offer
 */
export function handshakeOf(
  stream: string,
  cursor: string | undefined,
  patterns: readonly string[],
  last?: number,
): { readonly url: string; readonly protocols: string[] } {
  const query = cursor ? [`cursor=${cursor}`] : last ? [`last=${last}`] : [];
  const listed = patterns.length > 0 ? [`events=${patterns.map(inQuery).join(",")}`] : [];
  const withQuery = (parts: readonly string[]) =>
    parts.length === 0 ? stream : `${stream}${stream.includes("?") ? "&" : "?"}${parts.join("&")}`;
  const url = withQuery([...query, ...listed]);
  if (url.length <= MAX_URL) return { url, protocols: [SUBPROTOCOL] };
  return { url: withQuery(query), protocols: [SUBPROTOCOL, EVENTS_SUBPROTOCOL + base64Url(patterns.join(","))] };
}

/** Escapes only what has to be (RFC 3986, 3.4): `news_*` stays readable. */
function inQuery(pattern: string): string {
  return encodeURI(pattern).replace(/[&+#]/g, encodeURIComponent);
}

function base64Url(text: string): string {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte));
  return btoa(bytes.join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}
