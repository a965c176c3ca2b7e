// How clients should reconnect, stated in each welcome: a deploy drops all sockets at once, without a last word.
import type { Retry } from "../../wire/server-frame.ts";

/** Reconnects per second that one Durable Object can serve with a replay each; Cloudflare states 200–500 requests with storage. */
const RECONNECTS_PER_SECOND = 400;

/** First reconnects are spread over the time that serving all of them takes, between 0.5 s and 30 s. */
export function reconnectAdvice(connections: number): Retry {
  const spread = Math.ceil((connections / RECONNECTS_PER_SECOND) * 1000);
  return { first_ms: Math.min(Math.max(spread, 500), 30_000), base_ms: 500, max_ms: 20_000 };
}
