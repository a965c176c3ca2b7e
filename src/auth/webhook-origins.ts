// Systems that may deliver CloudEvents although they ask first (WEBHOOK_ORIGINS). The handshake protects a hub from deliveries that
// it did not ask for; it is no credential: each delivery needs the key or a token.
import { parseList } from "../wire/list.ts";

/** As a sender writes itself: a name of the DNS, such as `eventgrid.azure.net`. */
const DNS_NAME = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

const MAX_DNS_NAME = 253;

/**
 * @param list comma-separated names; absent or empty: none
 * @returns them in lower case: in the DNS case does not tell
 * @throws an Error that names the variable, the entry and the valid values
 */
export function parseWebhookOrigins(list: string | undefined): ReadonlySet<string> {
  const names = parseList(list).map((name) => name.toLowerCase());
  const wrong = names.find((name) => name.length > MAX_DNS_NAME || !DNS_NAME.test(name));
  if (wrong === undefined) return new Set(names);
  throw new Error(
    `WEBHOOK_ORIGINS must be names such as eventgrid.azure.net, comma-separated, without a scheme, not "${wrong}".`,
  );
}
