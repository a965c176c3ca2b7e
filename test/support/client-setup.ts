// A connection of the client to a hub double, whose time passes by hand.
import { connect } from "../../src/client/connect.ts";
import type { ConnectOptions } from "../../src/client/connect-options.ts";
import type { AnyEvents } from "../../src/client/event-map.ts";
import type { Json, ReactorEvent } from "../../src/wire/event.ts";
import { at } from "./connections.ts";
import { HubDouble } from "./hub-double.ts";
import { ManualClock, scripted } from "./manual-ports.ts";

/** An event as the hub stamps it; of the hub's own none has a `seq`. */
export function stampedEvent(type: string, seq: number, data: Json = {}): ReactorEvent {
  const stamp = type.startsWith("reactor_") ? {} : { seq };
  return { type, data, source: "system", timestamp: "2026-11-21T12:00:00.000Z", id: `${type}${seq}`, ...stamp };
}

export function connectToDouble<Events extends object = AnyEvents>(options: ConnectOptions = {}) {
  const clock = new ManualClock();
  const hub = new HubDouble(clock);
  const ports = { open: hub.open, after: clock.after, soon: clock.soon, random: scripted(0.5) };
  const reactor = connect<Events>({ url: "https://hub.test", ...options }, ports);
  const live = (head = 0) => {
    hub.latest.welcome(at(head));
    clock.pass(0);
  };
  /** Sends one frame. */
  const emit = (...events: readonly ReactorEvent[]) => {
    const seqs = events.flatMap(({ seq }) => seq ?? []);
    const last = seqs.at(-1) ?? 0;
    hub.latest.events((seqs[0] ?? last + 1) - 1, at(last), events);
    clock.pass(0);
  };
  return { clock, hub, ports, reactor, live, emit };
}
