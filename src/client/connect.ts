// The client's public entry point.
import { formatCursor } from "../wire/cursor.ts";
import type { ReactorEvent } from "../wire/event.ts";
import type { ErrorData, Reset } from "../wire/server-frame.ts";
import { type ConnectOptions, checkOptions } from "./connect-options.ts";
import { Connection } from "./connection/connection.ts";
import type { ConnectionState } from "./connection/connection-events.ts";
import { browserPorts, type Close, type Ports } from "./connection/ports.ts";
import { streamUrl } from "./connection/stream-url.ts";
import { Credential } from "./credential.ts";
import { Listeners } from "./listener-set.ts";
import { type EmitOptions, type EmitReceipt, Outbox } from "./outbox.ts";

/** A connection to one channel of a hub. It reconnects and resumes until it is closed. */
export interface Reactor {
  readonly state: ConnectionState;
  /** Position in the channel's log. Store it to resume there later, by the option `cursor`. */
  readonly cursor: string;
  /** Subscribed patterns, including a change that the hub has not confirmed yet; empty: all events. */
  readonly patterns: readonly string[];
  /** Reconnect attempts since it was last connected or opened. */
  readonly attempts: number;
  /** URL of the event stream. */
  readonly url: string;
  /**
   * Calls `listener` once for each event of `type`, in order.
   *
   * @param type an event type, or `*` for all events
   * @returns a function that unsubscribes
   */
  on(type: string, listener: (event: ReactorEvent) => void): () => void;
  /**
   * Calls `listener` when `state` changes. Where a lost socket is the reason, `close` says how it ended: 4401 if the hub
   * requires another token, 4503 if the token does not allow this, 4429 if a limit was exceeded.
   *
   * @returns a function that unsubscribes
   */
  onState(listener: (state: ConnectionState, close?: Close) => void): () => void;
  /**
   * Calls `listener` when the hub could not resume at the cursor: events may be missing, and what the page shows may be
   * out of date.
   *
   * @returns a function that unsubscribes
   */
  onReset(listener: (reset: Reset) => void): () => void;
  /**
   * Calls `listener` when the hub refuses something, such as a pattern. Refusals of `emit` reject its promise instead.
   *
   * @returns a function that unsubscribes
   */
  onError(listener: (error: ErrorData) => void): () => void;
  /** Replaces the subscription; empty: all events. No event is missed or duplicated around the change. */
  subscribe(patterns: readonly string[]): void;
  /**
   * Emits an event, which requires a token that allows its type. Waits until connected. If the connection is lost before
   * the hub has answered, the event is sent again with the same id, and is logged once.
   *
   * @param data any JSON; default: `{}`
   * @returns the event's cursor and id, and `duplicate: true` if it was logged before
   * @throws (rejects with) an `EmitError` whose `code` is that of the hub's refusal (`forbidden`, `bad_event` …), or
   * - `event_too_large`: the frame exceeds 64 KiB
   * - `too_many_pending`: 16 events wait for an answer already
   * - `closed`: the connection is closed, or was closed first
   * - `unconfirmed`: it was sent, may be logged or not, and more than 9 minutes passed before it could be sent again
   *
   * A hub closes a socket that sends too much (default: 20 messages per second, a burst of 100) with 4429; the client
   * reconnects and sends what was not answered again.
   */
  emit(type: string, data?: unknown, options?: EmitOptions): Promise<EmitReceipt>;
  /**
   * Requests a fresh token and sends it on the same socket, for instance after the user's rights have changed. For another
   * user make a new connection: unanswered events of this one would be emitted in their name.
   */
  refreshToken(): void;
  /**
   * Sends a message to the hub, which refuses unknown types (`onError`).
   *
   * @returns whether it was sent; `false` if not connected, or if it exceeds 64 KiB
   */
  send(type: string, data: unknown): boolean;
  /** @returns the round-trip time in ms; `null` if not connected, or if the connection is lost first */
  ping(): Promise<number | null>;
  /** Connects at once and resumes, if closed or waiting to reconnect. */
  open(): void;
  /** Closes the connection, until `open`. */
  close(): void;
}

/**
 * Connects to a channel. After a lost connection it reconnects and resumes: missed events are replayed once, in order.
 *
 * @throws TypeError if an option is invalid
 * @example
 * ```ts
 * import { connect } from "pulse-reactor/client";
 *
 * const reactor = connect({ url: "https://events.example.org", events: ["news_*"] });
 * const unsubscribe = reactor.on("news_processed", (event) => console.log(event.seq, event.data));
 * reactor.onState((state) => console.log(state));
 * ```
 */
export function connect(options: ConnectOptions = {}, ports: Ports = browserPorts): Reactor {
  const reactor = createReactor(options, ports);
  reactor.open();
  return reactor;
}

/**
 * Like `connect`, but stays closed until `open`.
 *
 * @throws TypeError if an option is invalid
 * @example
 * ```ts
 * import { createReactor } from "pulse-reactor/client";
 *
 * const reactor = createReactor({ url: "https://events.example.org" });
 * reactor.on("*", (event) => console.log(event.type));
 * reactor.open();
 * ```
 */
export function createReactor(options: ConnectOptions = {}, ports: Ports = browserPorts): Reactor {
  const start = checkOptions(options);
  const events = new Map<string, Listeners<ReactorEvent>>();
  const states = new Listeners<ConnectionState, Close>();
  const resets = new Listeners<Reset>();
  const errors = new Listeners<ErrorData>();
  const url = () => streamUrl(options.url, options.channel);
  const credential = options.token === undefined ? undefined : new Credential(options.token, ports);
  const connection = new Connection(
    url,
    { ...ports, open: credential?.open ?? ports.open },
    { cursor: start, patterns: options.events, renew: () => credential?.renew() },
  );
  const send = (text: string) => connection.sendText(text);
  const outbox = new Outbox(send, ports.random);
  connection.events = {
    onEvent(event) {
      events.get(event.type)?.call(event);
      events.get("*")?.call(event);
    },
    onState(state, close) {
      outbox.stateChanged(state);
      states.call(state, close);
    },
    onFrame({ type, data }) {
      switch (type) {
        case "reactor_connected":
          credential?.welcomed();
          break;
        case "reactor_emitted":
          outbox.emitted(data);
          break;
        case "reactor_reset":
          resets.call(data);
          break;
        case "reactor_error":
          if (outbox.refused(data)) break;
          if (data.code !== "token_expiring" || !credential?.refresh(send)) errors.call(data);
      }
    },
  };
  return {
    get state() {
      return connection.state;
    },
    get cursor() {
      return formatCursor(connection.cursor);
    },
    get patterns() {
      return connection.patterns;
    },
    get attempts() {
      return connection.attempts;
    },
    get url() {
      return url();
    },
    on(type, listener) {
      const listeners = events.get(type) ?? new Listeners();
      events.set(type, listeners);
      return listeners.add(listener);
    },
    onState: (listener) => states.add(listener),
    onReset: (listener) => resets.add(listener),
    onError: (listener) => errors.add(listener),
    subscribe: (patterns) => connection.subscribe(patterns),
    emit: (type, data, options) => outbox.emit(type, data, options),
    refreshToken: () => void credential?.refresh(send),
    send: (type, data) => connection.send(type, data),
    ping: () => connection.ping(),
    open: () => connection.open(),
    close: () => connection.close(),
  };
}
