// The client's public object, as pages use it.
import type { ReactorEvent } from "../wire/event.ts";
import type { ErrorData, Reset } from "../wire/server-frame.ts";
import type { ConnectionState } from "./connection/connection-events.ts";
import type { Close } from "./connection/ports.ts";
import type { EmitOptions, EmitReceipt } from "./outbox.ts";

/**
 * A connection to one channel of a hub. It reconnects and resumes until it is closed. Listeners are called in the order in
 * which they were added, those of an event's type before those of `*`. What one of them throws goes to the page's `error`
 * event, and the others are still called.
 */
export interface Reactor {
  /** The state now; `onState` reports its changes. */
  readonly state: ConnectionState;
  /**
   * Position in the channel's log, as `<epoch>.<seq>`, such as `k3x9.41`: all subscribed events up to here were delivered.
   * Store it, and pass it as the option `cursor` to resume there later. Before the first connection it is that option, or
   * `0.0`, which is the beginning of the log.
   *
   * @example
   * ```ts
   * import { connect } from "pulse-reactor/client";
   *
   * const cursor = localStorage.getItem("cursor") ?? "0.0"; // the first visit reads the log from its beginning
   * const reactor = connect({ url: "https://events.example.org", cursor });
   * reactor.on("news_processed", (event) => console.log(event.seq)); // → 1 → 2
   * addEventListener("pagehide", () => localStorage.setItem("cursor", reactor.cursor));
   * ```
   */
  readonly cursor: string;
  /** Subscribed patterns, including a change that the hub has not confirmed yet; empty: all events. */
  readonly patterns: readonly string[];
  /** Reconnect attempts since it was last connected or opened; 0 while connected. */
  readonly attempts: number;
  /** URL of the event stream, such as `wss://events.example.org/ws/stream?channel=eu`, without cursor, patterns and token. */
  readonly url: string;
  /**
   * Calls `listener` once for each event of `type`, in order.
   *
   * @param type an event type such as `news_processed`, or `*` for all subscribed events; not a pattern
   * @returns a function that unsubscribes the listener. The hub sends the events still: `subscribe` decides that
   * @example
   * ```ts
   * import { connect } from "pulse-reactor/client";
   *
   * const reactor = connect({ url: "https://events.example.org", cursor: "0.0" });
   * reactor.on("*", (event) => console.log(event.seq, event.type)); // → 1 news_processed → 2 news_processed
   * const unsubscribe = reactor.on("news_processed", (event) => {
   *   unsubscribe(); // only the first one
   *   console.log(event.data); // → {"title":"First"}
   * });
   * ```
   */
  on(type: string, listener: (event: ReactorEvent) => void): () => void;
  /**
   * Calls `listener` when `state` changes. Where a lost socket is the reason, `close` says how it ended: 4401 if the hub
   * requires another token, 4503 if the token or the page's origin is not allowed, 4429 if a limit was exceeded, 1006 if it broke.
   *
   * @returns a function that unsubscribes
   */
  onState(listener: (state: ConnectionState, close?: Close) => void): () => void;
  /**
   * Calls `listener` when the hub could not resume at the cursor: events may be missing, and what the page shows may be
   * out of date. The connection goes on from `reset.cursor`.
   *
   * @returns a function that unsubscribes
   */
  onReset(listener: (reset: Reset) => void): () => void;
  /**
   * Calls `listener` when the hub refuses something, such as a pattern, and once if the first connection does not open
   * (`connection_failed`: the message has the likely causes). Refusals of `emit` reject its promise instead.
   *
   * @returns a function that unsubscribes
   */
  onError(listener: (error: ErrorData) => void): () => void;
  /**
   * Replaces the subscription. No event is missed or duplicated around the change. While not connected, the change is sent
   * as soon as it is. If the hub refuses a pattern (`onError`, `bad_pattern`), the previous subscription stays.
   *
   * @param patterns at most 64 event types in which `*` stands for any run of characters; empty: all events
   * @example
   * ```ts
   * import { connect } from "pulse-reactor/client";
   *
   * const reactor = connect({ url: "https://events.example.org", events: ["digest_*"] });
   * reactor.on("*", (event) => console.log(event.type)); // → news_processed
   * reactor.subscribe([...reactor.patterns, "news_*"]);
   * console.log(reactor.patterns); // → ["digest_*","news_*"]
   * ```
   */
  subscribe(patterns: readonly string[]): void;
  /**
   * Emits an event, which requires a token that allows its type. Waits until connected. If the connection is lost before
   * the hub has answered, the event is sent again with the same id, and is logged once. Its `source` is `user:` and the
   * token's `sub`.
   *
   * @param type 1 to 256 bytes without control characters, `,` or `*`, and without a space at either end; not `echo`,
   * `reactor_*` or `websocket_*`
   * @param data any JSON; default: `{}`
   * @returns the event's cursor and id, and `duplicate: true` if it was logged before
   * @throws (rejects with) a TypeError if `data` has no JSON form, or an `EmitError` whose `code` is that of the hub's
   * refusal (`forbidden`, `bad_event` …), or
   * - `event_too_large`: the frame exceeds 64 KiB
   * - `too_many_pending`: 16 events wait for an answer already
   * - `closed`: the connection is closed, or was closed first
   * - `unconfirmed`: it was sent, may be logged or not, and more than 9 minutes passed before it could be sent again
   *
   * A hub closes a socket that sends too much (default: 20 messages per second, a burst of 100) with 4429; the client
   * reconnects and sends what was not answered again.
   * @example
   * ```ts
   * import { connect } from "pulse-reactor/client";
   *
   * const token = () => fetch("/my/token").then((reply) => reply.text());
   * const reactor = connect({ url: "https://events.example.org", events: ["chat_*"], token });
   * reactor.on("chat_message", (event) => console.log(event.source, event.data)); // → user:ada {"text":"Hello"}
   * const { cursor } = await reactor.emit("chat_message", { text: "Hello" });
   * console.log(`The event is in the log at ${cursor}.`); // → The event is in the log at ….
   * ```
   */
  emit(type: string, data?: unknown, options?: EmitOptions): Promise<EmitReceipt>;
  /**
   * Requests a fresh token and sends it on the same socket, for instance after the user's rights have changed. Does nothing
   * without a token function. For another user make a new connection: unanswered events of this one would be emitted in
   * their name.
   */
  refreshToken(): void;
  /**
   * Sends a message to the hub, which refuses unknown types (`onError`).
   *
   * @returns whether it was sent; `false` if not connected, or if it exceeds 64 KiB
   * @throws TypeError if `data` has no JSON form
   */
  send(type: string, data: unknown): boolean;
  /**
   * Measures the round trip to the hub.
   *
   * @returns its time in ms; `null` if not connected, or if the connection is lost first
   * @example
   * ```ts
   * import { connect } from "pulse-reactor/client";
   *
   * const reactor = connect({ url: "https://events.example.org" });
   * reactor.onState(async (state) => {
   *   if (state === "connected") console.log(`${await reactor.ping()} ms`); // → … ms
   * });
   * ```
   */
  ping(): Promise<number | null>;
  /**
   * Connects at once and resumes, if closed or waiting to reconnect.
   *
   * @throws TypeError if the option `url` is no URL
   */
  open(): void;
  /** Closes the connection until `open`. Events that wait for an answer reject with `closed`. */
  close(): void;
}
