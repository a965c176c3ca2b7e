// From what somebody shows, a key or a token, to what they may. The Worker asks for every request, a Hub for a fresh token.
import { EVERYTHING, includes, LISTENING, type Rights } from "../core/access/rights.ts";
import { err, ok, type Result } from "../wire/problem.ts";
import type { AuthSettings } from "./auth-settings.ts";
import { isKey } from "./keys.ts";
import { readToken } from "./token.ts";

/**
 * @param credential a key or a token, as it was sent; `null`: nothing was
 * @param channel the channel that was asked for
 * @param nowMs in ms since 1970
 * @returns what they may in that channel; `unauthorized`: show something else; `forbidden`: that was valid, and may not;
 *   `keys_unavailable`: it cannot be told just now
 */
export async function authenticate(
  credential: string | null,
  settings: AuthSettings,
  channel: string,
  nowMs: number,
): Promise<Result<Rights>> {
  const { keys, tokens, channels } = settings;
  if (credential === null) {
    if (tokens) return err("unauthorized", "This hub is read with a token, or a key: send one.");
    return isOpen(channel, settings) ? ok(LISTENING) : err("unauthorized", "This channel is opened with a key.");
  }
  if (isKey(credential, keys)) return ok(EVERYTHING);
  if (!tokens) return err("unauthorized", "That is not the key of this hub, and it takes no tokens.");
  const token = await readToken(credential, tokens, nowMs);
  if (!token.ok) return token;
  const { channels: own, ...rights } = token.value;
  if (includes(own ?? channels, channel)) return ok(rights);
  return err("forbidden", "This token is not for that channel.");
}

/** Whether a channel is one that strangers may open. */
export function isOpen(channel: string, { channels }: AuthSettings): boolean {
  return includes(channels, channel);
}
