// What the hub says of itself: `/ws/stats` and `/ws/health`.
import { type Cursor, parseCursor } from "../../wire/cursor.ts";
import { asObject } from "../../wire/json.ts";
import type { Answer } from "../visit/ask-hub.ts";

/** `null`: not reported by the hub. */
export interface Stats {
  readonly clients: number | null;
  readonly replaying: number | null;
  /** Since the channel's first event: the `seq` of the newest one. */
  readonly taken: number | null;
  readonly deliveries: number | null;
  /** In Unix time in ms. */
  readonly lastEventMs: number | null;
  /** The log's newest event. */
  readonly head: Cursor | null;
  readonly kept: number | null;
  readonly bytesKept: number | null;
}

export function readStats(body: Readonly<Record<string, unknown>>): Stats {
  const count = (name: string) => (typeof body[name] === "number" ? body[name] : null);
  const lastEventS = count("ws_last_event_ts");
  return {
    clients: count("connected_clients"),
    replaying: count("ws_catching_up"),
    taken: count("ws_events_emitted_total"),
    deliveries: count("ws_deliveries_total"),
    lastEventMs: lastEventS === null ? null : lastEventS * 1_000,
    head: parseCursor(body.cursor) ?? null,
    kept: count("events_kept"),
    bytesKept: count("bytes_kept"),
  };
}

/** `unknown`: not asked yet, or there was no answer that says so. */
export type Health = "unknown" | "healthy" | "disabled" | "failing";

/** @param answer of `/ws/health`, or of another route where that fails */
export function healthOf(answer: Answer): Health {
  if (answer.ok) return "healthy";
  if (asObject(answer.body.reactor)?.status === "disabled") return "disabled";
  return answer.status >= 500 ? "failing" : "unknown";
}
