// Which tabs share a connection: those whose hub would send them the same.
import { parseObject } from "../wire/json.ts";
import { TOKEN_SUBPROTOCOL } from "../wire/server-frame.ts";
import { textOfBase64Url } from "./base64url-text.ts";

/** The claims that decide what a token's socket gets, and the name it emits under. */
const CLAIMS = ["iss", "aud", "sub", "channels", "events", "emit"] as const;

/** @returns the token that a socket's handshake offers */
export function tokenIn(protocols: readonly string[]): string | undefined {
  return protocols.find((each) => each.startsWith(TOKEN_SUBPROTOCOL))?.slice(TOKEN_SUBPROTOCOL.length);
}

/**
 * @param url of the socket; its query beside the channel is the tab's own
 * @param share the page's own key, in place of what the token says
 * @returns a name without secrets; `undefined`: the token cannot be read, and is shared with no other tab
 */
export function groupKey(url: string, token: string | undefined, share: string | undefined): string | undefined {
  const [stream = "", query = ""] = url.split("?");
  const channel = new URLSearchParams(query).get("channel") ?? "main";
  if (share !== undefined) return JSON.stringify([stream, channel, "share", share]);
  if (token === undefined) return JSON.stringify([stream, channel]);
  const claims = claimsOf(token);
  return claims && JSON.stringify([stream, channel, ...CLAIMS.map((name) => sorted(claims[name]) ?? null)]);
}

/** Not verified: the hub does that. A tab that lies to itself shares with none that does not. */
function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  const text = textOfBase64Url(token.split(".")[1] ?? "");
  return text === undefined ? undefined : parseObject(text);
}

function sorted(value: unknown): unknown {
  return Array.isArray(value) ? [...value].sort() : value;
}
