// How clients should come back, told to each in its welcome: a deploy drops all sockets at once and nobody can warn them then.
import type { Retry } from "../../wire/server-frame.ts";

/** Reconnects a second that one Durable Object takes with a replay each; Cloudflare's own bound for requests with storage is 200–500. */
const RECONNECTS_PER_SECOND = 400;

/** The first reconnect is spread over as long as everyone's reconnecting takes, between half a second and half a minute. */
export function reconnectAdvice(connections: number): Retry {
  const spread = Math.ceil((connections / RECONNECTS_PER_SECOND) * 1000);
  return { first_ms: Math.min(Math.max(spread, 500), 30_000), base_ms: 500, max_ms: 20_000 };
}
