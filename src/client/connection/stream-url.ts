// The URL of a hub's event stream, and the handshake that opens it. Made of text: React Native has no `URL` that can be changed.
import { EVENTS_SUBPROTOCOL, SUBPROTOCOL } from "../../wire/server-frame.ts";

let served: string | undefined;

/** @param script the address of a script that a hub serves; text in a page has none, and one from `blob:` names no host */
export function connectByDefaultTo(script: string | undefined): void {
  if (script?.startsWith("http")) served = script;
}

/** A hub behind a path of another site is at that path. The stream's own path may be there: it is what other tools are given. */
const HUB = /^(?:http|ws)(s?:\/\/[^\s/?#]+(?:\/[^\s?#]*?)??)\/*(?:\/ws\/stream)?\/*$/;

export function isHubUrl(url: unknown): boolean {
  return typeof url === "string" && HUB.test(url);
}

/**
 * @param url of the hub, checked; default: the origin of the hub that served the script, else the page's own
 * @param channel default: `main`
 * @throws TypeError if there is no `url`, and no origin
 */
export function streamUrl(url?: string, channel?: string): string {
  const own = served ?? (typeof location === "undefined" ? "" : location.href);
  const base = HUB.exec(url ?? own.split("/", 3).join("/"));
  if (!base) {
    throw new TypeError(
      `Name the hub by \`url\`, http(s): or ws(s):. The address of this script is ${own || "unknown"}.`,
    );
  }
  return `ws${base[1]}/ws/stream${channel === undefined ? "" : `?channel=${encodeURIComponent(channel)}`}`;
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
  const bytes = encodeURIComponent(text).replace(/%(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return btoa(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}
