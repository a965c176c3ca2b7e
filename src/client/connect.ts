// The client's public door.
import { isChannel } from "../wire/channel.ts";
import { formatCursor, parseCursor } from "../wire/cursor.ts";
import type { ReactorEvent } from "../wire/event.ts";
import { parsePatterns } from "../wire/pattern.ts";
import type { ErrorData, Reset } from "../wire/server-frame.ts";
import { Connection } from "./connection.ts";
import type { ConnectionState, ControlFrame } from "./connection-events.ts";
import { Listeners } from "./listener-set.ts";
import { browserPorts, type Ports } from "./ports.ts";
import { streamUrl } from "./stream-url.ts";

export interface ConnectOptions {
  /** Where the hub is, such as `https://events.example.org`: this page's own server if not given. */
  readonly url?: string | undefined;
  /** Default `main`. */
  readonly channel?: string | undefined;
  /** Patterns of event types to hear, such as `news_*`; everything if not given. */
  readonly events?: readonly string[] | undefined;
  /** The place to go on from, as `Reactor.cursor` gave it; the newest event if not given. */
  readonly cursor?: string | undefined;
}

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
  /** Calls `listener` whenever `state` has changed. @returns its undo */
  onState(listener: (state: ConnectionState) => void): () => void;
  /** Calls `listener` when the hub could not go on where this connection was: what it shows may be out of date. @returns its undo */
  onReset(listener: (reset: Reset) => void): () => void;
  /** Calls `listener` when the hub refused something, such as a pattern. @returns its undo */
  onError(listener: (error: ErrorData) => void): () => void;
  /** Hears `patterns` from now on, everything if there are none. Nothing is missed or doubled around the change. */
  subscribe(patterns: readonly string[]): void;
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
 * @throws a TypeError if `cursor` is none, or `channel` or `events` is not what a hub takes
 */
export function connect(options: ConnectOptions = {}, ports: Ports = browserPorts): Reactor {
  const reactor = createReactor(options, ports);
  reactor.open();
  return reactor;
}

/**
 * As `connect`, but it connects only once it is told to `open`.
 *
 * @throws a TypeError if `cursor` is none, or `channel` or `events` is not what a hub takes
 */
export function createReactor(options: ConnectOptions = {}, ports: Ports = browserPorts): Reactor {
  check(options);
  const events = new Map<string, Listeners<ReactorEvent>>();
  const states = new Listeners<ConnectionState>();
  const resets = new Listeners<Reset>();
  const errors = new Listeners<ErrorData>();
  const url = () => streamUrl(options.url, options.channel);
  const handlers = {
    onEvent(event: ReactorEvent) {
      events.get(event.type)?.call(event);
      events.get("*")?.call(event);
    },
    onState: (state: ConnectionState) => states.call(state),
    onFrame({ type, data }: ControlFrame) {
      if (type === "reactor_reset") resets.call(data);
      if (type === "reactor_error") errors.call(data);
    },
  };
  const connection = new Connection(url, ports, handlers, { cursor: startOf(options.cursor), asked: options.events });
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
    send: (type, data) => connection.send(type, data),
    ping: () => connection.ping(),
    open: () => connection.open(),
    close: () => connection.close(),
  };
}

/** What the hub would refuse is refused here: a browser does not tell why a socket did not open, and would try for ever. */
function check({ channel, events }: ConnectOptions): void {
  if (channel !== undefined && !isChannel(channel)) throw new TypeError(`"${channel}" is no channel.`);
  const patterns = parsePatterns(events ?? []);
  if (!patterns.ok) throw new TypeError(patterns.problem.detail);
}

function startOf(text: string | undefined) {
  if (text === undefined) return undefined;
  const cursor = parseCursor(text);
  if (!cursor) throw new TypeError(`"${text}" is no cursor: take one from \`reactor.cursor\`.`);
  return cursor;
}
