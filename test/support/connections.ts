// A connection under test, to a hub double, in manual time.
import { Connection, type Start } from "../../src/client/connection/connection.ts";
import type { ConnectionEvents, ConnectionState, ControlFrame } from "../../src/client/connection/connection-events.ts";
import type { Close, Ports } from "../../src/client/connection/ports.ts";
import type { ReactorEvent } from "../../src/wire/event.ts";
import { HubDouble } from "./hub-double.ts";
import { ManualClock, scripted } from "./manual-ports.ts";

export const HOUR_MS = 3_600_000;

export const at = (seq: number, epoch = "k3x9") => ({ epoch, seq });

export function event(seq: number): ReactorEvent {
  return { type: "a", data: {}, source: "system", timestamp: "2026-11-21T12:00:00.000Z", id: `k3x9.${seq}`, seq };
}

/** A client that has just opened its first socket, to a hub that has sent nothing yet. By default `random` is 0.5. */
export function connecting({
  random = scripted(0.5),
  onEvent,
  onState,
  onFrame,
  page,
  inflater,
  ...start
}: Partial<Pick<Ports, "random" | "page" | "inflater">> & Partial<ConnectionEvents> & Start = {}) {
  const clock = new ManualClock();
  const hub = new HubDouble(clock);
  const received: (number | undefined)[] = [];
  const states: ConnectionState[] = [];
  const losses: (Close | undefined)[] = [];
  const frames: ControlFrame[] = [];
  const connection = new Connection(
    () => "ws://hub.test/ws/stream",
    { open: hub.open, after: clock.after, soon: clock.soon, random, page, inflater },
    start,
  );
  connection.events = {
    onEvent(each) {
      received.push(each.seq);
      onEvent?.(each);
    },
    onState(state, close) {
      states.push(state);
      losses.push(close);
      onState?.(state, close);
    },
    onFrame(frame) {
      frames.push(frame);
      onFrame?.(frame);
    },
  };
  connection.open();
  return { clock, hub, connection, received, states, losses, frames };
}

/** A client that has just been welcomed at k3x9.41. */
export function connected(...given: Parameters<typeof connecting>) {
  const client = connecting(...given);
  client.hub.latest.welcome(at(41));
  client.clock.pass(0);
  return client;
}

/** The query of the stream's URL. */
export const query = (url: string) => Object.fromEntries(new URL(url).searchParams);
