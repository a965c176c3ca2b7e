// What a connection tells whoever owns it.
import type { ReactorEvent } from "../../wire/event.ts";
import type { EventsFrame, ServerFrame } from "../../wire/server-frame.ts";
import type { Close } from "./ports.ts";

/** `reconnecting`: the connection is gone and comes back by itself. `closed`: it does not, or was not opened yet. */
export type ConnectionState = "connecting" | "connected" | "reconnecting" | "closed";

/** What the hub says besides events. */
export type ControlFrame = Exclude<ServerFrame, EventsFrame>;

/** The owner MAY open, close and change the connection from within any of these. */
export interface ConnectionEvents {
  onEvent(event: ReactorEvent): void;
  /** @param close how the socket ended, where that is why the state has changed: 1006 if it broke, or was given up */
  onState(state: ConnectionState, close?: Close): void;
  /** Called once the connection has done what `frame` says. */
  onFrame(frame: ControlFrame): void;
}
