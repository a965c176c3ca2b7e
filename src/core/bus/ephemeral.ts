// Events that are not logged: they state what is true now, and are not replayed.
import type { ClockTime } from "../clock.ts";
import type { EventText } from "../log/event-text.ts";
import { type Heartbeat, REACTOR_EVENTS } from "./event-names.ts";

/** @param name distinguishes it from others of its type and time */
export function ephemeral(type: string, data: object, name: string, at: ClockTime): EventText {
  const event = { type, data, source: "system", timestamp: at.iso, id: `${type}.${name}` };
  return { type, event: JSON.stringify(event) };
}

export function heartbeat(connected_clients: number, events_emitted: number, at: ClockTime): EventText {
  const data: Heartbeat = { connected_clients, events_emitted };
  return ephemeral(REACTOR_EVENTS.REACTOR_HEARTBEAT, data, String(at.ms), at);
}
