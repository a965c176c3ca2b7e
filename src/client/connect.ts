// The client's public door.
import { formatCursor } from "../wire/cursor.ts";
import type { ReactorEvent } from "../wire/event.ts";
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
}

/** A live connection to a hub. */
export interface Reactor {
  readonly state: ConnectionState;
  /** Its place in the channel's log. */
  readonly cursor: string;
  /** Calls `listener` for each event of `type`, or of every type for `*`, once and in order. @returns its undo */
  on(type: string, listener: (event: ReactorEvent) => void): () => void;
  /** Calls `listener` whenever `state` has changed. @returns its undo */
  onState(listener: (state: ConnectionState) => void): () => void;
  /** Ends the connection for good. */
  close(): void;
}

/** Connects, and stays connected until `close`. */
export function connect(options: ConnectOptions = {}, ports: Ports = browserPorts): Reactor {
  const events = new Map<string, Listeners<ReactorEvent>>();
  const states = new Listeners<ConnectionState>();
  const connection = new Connection(streamUrl(options), ports, {
    onEvent(event) {
      events.get(event.type)?.call(event);
      events.get("*")?.call(event);
    },
    onState: (state) => states.call(state),
  });
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
    close: () => connection.close(),
  };
}

function streamUrl({ url, channel, events }: ConnectOptions): string {
  const stream = new URL("/ws/stream", url ?? location.href);
  stream.protocol = stream.protocol.replace("http", "ws");
  if (channel !== undefined) stream.searchParams.set("channel", channel);
  if (events !== undefined) stream.searchParams.set("events", events.join(","));
  return stream.href;
}
