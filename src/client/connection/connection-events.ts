// What a connection reports to its owner.
import type { ReactorEvent } from "../../wire/event.ts";
import type { EventsFrame, ServerFrame } from "../../wire/server-frame.ts";
import type { Close } from "./ports.ts";

/**
 * The state of a connection:
 * - `connecting`: a socket is opening, or the hub has not welcomed it yet
 * - `connected`: events arrive
 * - `reconnecting`: the connection was lost; a retry is scheduled
 * - `closed`: no retry follows, or it was never opened
 *
 * @example
 * ```ts
 * import { type ConnectionState, connect } from "pulse-reactor/client";
 *
 * const labels: Record<ConnectionState, string> = {
 *   connecting: "Connecting …",
 *   connected: "Live",
 *   reconnecting: "Connection lost, trying again …",
 *   closed: "Not connected",
 * };
 * const reactor = connect({ url: "https://events.example.org" });
 * console.log(labels[reactor.state]); // → Connecting …
 * reactor.onState((state) => console.log(labels[state])); // → Live
 * ```
 */
export type ConnectionState = "connecting" | "connected" | "reconnecting" | "closed";

/** Every frame but `reactor_events`, and but `reactor_removed`, which changes nothing about a connection. */
export type ControlFrame = Exclude<ServerFrame, EventsFrame | { readonly type: "reactor_removed" }>;

/** The owner MAY open, close and change the connection from within any of these. */
export interface ConnectionEvents {
  onEvent(event: ReactorEvent): void;
  /** @param close how the socket ended, if that is why the state changed: 1006 if it broke or timed out */
  onState(state: ConnectionState, close?: Close): void;
  /** Called after the connection has applied `frame` to itself. */
  onFrame(frame: ControlFrame): void;
}
