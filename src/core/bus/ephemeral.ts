// Events that are not logged: they say what is so now, and nobody misses them later.
import type { ClockTime } from "../clock.ts";
import type { EventText } from "../log/event-text.ts";
import { type Heartbeat, REACTOR_EVENTS } from "./event-names.ts";

/** @param name tells it from others of its type and moment */
export function ephemeral(type: string, data: object, name: string, at: ClockTime): EventText {
  const event = { type, data, source: "system", timestamp: at.iso, id: `${type}.${name}` };
  return { type, event: JSON.stringify(event) };
}

export function heartbeat(connected_clients: number, events_emitted: number, at: ClockTime): EventText {
  const data: Heartbeat = { connected_clients, events_emitted };
  return ephemeral(REACTOR_EVENTS.REACTOR_HEARTBEAT, data, String(at.ms), at);
}
