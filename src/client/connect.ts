// The client's public door.
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

/** A live connection to a hub. */
export interface Reactor {
  readonly state: ConnectionState;
  /** Its place in the channel's log: kept somewhere, it is where the next page can go on. */
  readonly cursor: string;
  /** What it hears, or is to hear once the hub has answered; everything if empty. */
  readonly patterns: readonly string[];
  /** How often it tried to come back, since it was last live or opened. */
  readonly attempts: number;
  /** The stream's address. */
  readonly url: string;
  /** Calls `listener` for each event of `type`, or of every type for `*`, once and in order. @returns its undo */
  on(type: string, listener: (event: ReactorEvent) => void): () => void;
  /**
   * Calls `listener` whenever `state` has changed, with how the socket ended where that is why: 4401 if the hub wants
   * another token, 4503 if this one does not allow it, 4429 if the page said too much.
   *
   * @returns its undo
   */
  onState(listener: (state: ConnectionState, close?: Close) => void): () => void;
  /** Calls `listener` when the hub could not go on where this connection was: what it shows may be out of date. @returns its undo */
  onReset(listener: (reset: Reset) => void): () => void;
  /** Calls `listener` when the hub refused something, such as a pattern; not what `emit` tells. @returns its undo */
  onError(listener: (error: ErrorData) => void): () => void;
  /** Hears `patterns` from now on, everything if there are none. Nothing is missed or doubled around the change. */
  subscribe(patterns: readonly string[]): void;
  /**
   * Emits an event of one's own, which needs a token that allows it. It waits until the connection is live; if that is lost
   * before the hub has answered, it is said again with the same id, and is in the log once.
   *
   * @param data any JSON; `{}` if not given
   * @returns where the event is, and `duplicate` if it was there before
   * @throws (it rejects) an `EmitError` with the `code` of the hub's refusal (`forbidden`, `bad_event` …), or with:
   * `event_too_large`: it takes more than 64 KiB with its frame; `too_many_pending`: 16 wait for an answer already;
   * `closed`: the connection is ended, or ends; `unconfirmed`: it was said, may be in the log or not, and 9 minutes went
   * by without a connection. Who says more than the hub bears (20 messages a second by default, 100 at once) loses the
   * socket with 4429: the connection comes back, and what was not answered is said again.
   */
  emit(type: string, data?: unknown, options?: EmitOptions): Promise<EmitReceipt>;
  /**
   * Asks for a fresh token and shows it on the same socket: where somebody's rights have changed, for instance. For somebody
   * else connect anew: what was emitted and not answered would be theirs.
   */
  refreshToken(): void;
  /**
   * Sends a message to the hub, which refuses what it does not know (`onError`).
   *
   * @returns whether it was sent: it is not unless the connection is live, nor if it takes more than 64 KiB
   */
  send(type: string, data: unknown): boolean;
  /** @returns the time until the hub answers, in milliseconds; `null` if the connection is not live, or lost first */
  ping(): Promise<number | null>;
  /** Connects at once, to the place that it has, if it is closed or waiting. */
  open(): void;
  /** Ends the connection, until `open`. */
  close(): void;
}

/**
 * Connects, and stays connected until `close`: whatever happens between is replayed when it comes back.
 *
 * @throws a TypeError if an option is not what a hub takes
 */
export function connect(options: ConnectOptions = {}, ports: Ports = browserPorts): Reactor {
  const reactor = createReactor(options, ports);
  reactor.open();
  return reactor;
}

/**
 * As `connect`, but it connects only once it is told to `open`.
 *
 * @throws a TypeError if an option is not what a hub takes
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
