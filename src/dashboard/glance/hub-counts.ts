// The hub's counters, from `/ws/stats`.
import { askHub } from "../visit/ask-hub.ts";

/** `null`: not reported by the hub. */
export interface Counts {
  readonly connected: number | null;
  readonly catchingUp: number | null;
  /** Since the channel's first event. */
  readonly emitted: number | null;
  readonly kept: number | null;
  readonly bytesKept: number | null;
}

export type Counted = { readonly ok: true; readonly counts: Counts } | { readonly ok: false; readonly detail: string };

/** @param credential `null`: none is sent @param channel `null`: the default one */
export async function askCounts(credential: string | null, channel: string | null): Promise<Counted> {
  const answer = await askHub("/ws/stats", credential, channel);
  if (!answer.ok) return answer;
  const count = (name: string) => (typeof answer.body[name] === "number" ? answer.body[name] : null);
  return {
    ok: true,
    counts: {
      connected: count("connected_clients"),
      catchingUp: count("ws_catching_up"),
      emitted: count("ws_events_emitted_total"),
      kept: count("events_kept"),
      bytesKept: count("bytes_kept"),
    },
  };
}
