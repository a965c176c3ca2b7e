// From a credential, a key or a token, to rights. The Worker calls it for every request, a Hub for a fresh token.
import { EVERYTHING, includes, LISTENING, type Rights } from "../core/access/rights.ts";
import { err, ok, type Result } from "../wire/problem.ts";
import type { AuthSettings } from "./auth-settings.ts";
import { isKey } from "./keys.ts";
import { readToken } from "./token.ts";

/**
 * @param credential a key or a token, as it was sent; `null`: none was
 * @param channel the channel that was asked for
 * @param nowMs Unix time in ms
 * @returns the rights in that channel; `unauthorized`: the credential is invalid; `forbidden`: it is valid, but not for this
 *   channel; `keys_unavailable`: it cannot be checked at the moment
 */
export async function authenticate(
  credential: string | null,
  settings: AuthSettings,
  channel: string,
  nowMs: number,
): Promise<Result<Rights>> {
  const { keys, tokens, channels } = settings;
  if (credential === null) {
    if (tokens) return err("unauthorized", "Reading requires a token or a key: send one.");
    return isOpen(channel, settings) ? ok(LISTENING) : err("unauthorized", "This channel requires a key.");
  }
  if (isKey(credential, keys)) return ok(EVERYTHING);
  if (!tokens) return err("unauthorized", "The credential is not a key of this hub, and no tokens are configured.");
  const token = await readToken(credential, tokens, nowMs);
  if (!token.ok) return token;
  const { channels: own, ...rights } = token.value;
  if (includes(own ?? channels, channel)) return ok(rights);
  return err("forbidden", "This token is not valid for this channel.");
}

/** Whether a channel is open to anonymous clients. */
export function isOpen(channel: string, { channels }: AuthSettings): boolean {
  return includes(channels, channel);
}
