// The one status of the page, from what the connection and the hub say.
import type { Entry } from "../visit/visit.ts";
import type { Health } from "./hub-stats.ts";

/**
 * - `connecting`: for the first time, or because the visitor wants it
 * - `live`: events arrive
 * - `reconnecting`: the connection was lost, or did not open
 * - `locked`: a key or token is needed
 * - `disabled`: the hub takes no events (REACTOR_ENABLED)
 * - `foreign`: the hub does not let pages of this origin in
 * - `failing`: the hub answers that it, or its log, fails
 * - `ended`: the hub has ended the connection, for another reason
 */
export type Status = "connecting" | "live" | "reconnecting" | "locked" | "disabled" | "foreign" | "failing" | "ended";

export function statusOf({ state, ask, ended, attempts }: Entry, health: Health): Status {
  if (state === "closed") {
    if (ask) return "locked";
    return ended?.code === "foreign_origin" ? "foreign" : "ended";
  }
  if (health === "failing") return "failing";
  if (state === "connected") return health === "disabled" ? "disabled" : "live";
  return state === "reconnecting" || attempts > 0 ? "reconnecting" : "connecting";
}
