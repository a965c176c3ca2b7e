// The client's public door.
import { formatCursor, parseCursor } from "../wire/cursor.ts";
import type { ReactorEvent } from "../wire/event.ts";
import type { ErrorData, Reset } from "../wire/server-frame.ts";
import { Connection, type ConnectionState } from "./connection.ts";
import { Listeners } from "./listeners.ts";
import { browserPorts, type Ports } from "./ports.ts";

export interface ConnectOptions {
  /** Where the hub is, such as `https://events.example.org`: this page's own server if not given. */
  readonly url?: string;
  /** Default `main`. */
  readonly channel?: string;
  /** Patterns of event types to hear, such as `news_*`; everything if not given. */
  readonly events?: readonly string[];
  /** The place to go on from, as `Reactor.cursor` gave it; the newest event if not given. */
  readonly cursor?: string;
}

/** A live connection to a hub. */
export interface Reactor {
  readonly state: ConnectionState;
  /** Its place in the channel's log: kept somewhere, it is where the next page can go on. */
  readonly cursor: string;
  /** Calls `listener` for each event of `type`, or of every type for `*`, once and in order. @returns its undo */
  on(type: string, listener: (event: ReactorEvent) => void): () => void;
  /** Calls `listener` whenever `state` has changed. @returns its undo */
  onState(listener: (state: ConnectionState) => void): () => void;
  /** Calls `listener` when the hub could not go on where this connection was: what it shows may be out of date. @returns its undo */
  onReset(listener: (reset: Reset) => void): () => void;
  /** Calls `listener` when the hub refused something, such as a pattern. @returns its undo */
  onError(listener: (error: ErrorData) => void): () => void;
  /** Hears `patterns` from now on, everything if there are none. Nothing is missed or doubled around the change. */
  subscribe(patterns: readonly string[]): void;
  /** Ends the connection for good. */
  close(): void;
}

/**
 * Connects, and stays connected until `close`: whatever happens between is replayed when it comes back.
 *
 * @throws if `cursor` is none
 */
export function connect(options: ConnectOptions = {}, ports: Ports = browserPorts): Reactor {
  const events = new Map<string, Listeners<ReactorEvent>>();
  const states = new Listeners<ConnectionState>();
  const resets = new Listeners<Reset>();
  const errors = new Listeners<ErrorData>();
  const handlers = {
    onEvent(event: ReactorEvent) {
      events.get(event.type)?.call(event);
      events.get("*")?.call(event);
    },
    onState: (state: ConnectionState) => states.call(state),
    onReset: (reset: Reset) => resets.call(reset),
    onError: (error: ErrorData) => errors.call(error),
  };
  const start = { cursor: startOf(options.cursor), asked: options.events };
  const connection = new Connection(streamUrl(options), ports, handlers, start);
  return {
    get state() {
      return connection.state;
    },
    get cursor() {
      return formatCursor(connection.cursor);
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
    close: () => connection.close(),
  };
}

function startOf(text: string | undefined) {
  if (text === undefined) return undefined;
  const cursor = parseCursor(text);
  if (!cursor) throw new TypeError(`"${text}" is no cursor: take one from \`reactor.cursor\`.`);
  return cursor;
}

function streamUrl({ url, channel }: ConnectOptions): string {
  const stream = new URL("/ws/stream", url ?? location.href);
  stream.protocol = stream.protocol.replace("http", "ws");
  if (channel !== undefined) stream.searchParams.set("channel", channel);
  return stream.href;
}
