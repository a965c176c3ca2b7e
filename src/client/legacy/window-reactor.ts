// `window.reactor`, the API of legacy pages, on today's connection: it resumes by cursor, so that a page receives each event
// once, also those that were emitted while it was offline.
import { formatCursor, ORIGIN } from "../../wire/cursor.ts";
import type { Welcome } from "../../wire/server-frame.ts";
import { Connection } from "../connection/connection.ts";
import type { ConnectionState } from "../connection/connection-events.ts";
import { browserPorts, type Close, type Ports } from "../connection/ports.ts";
import type { Advice } from "../connection/reconnect.ts";
import { mergePatterns } from "../merge-patterns.ts";
import { type ConnectionStatus, connectionStatus } from "./connection-status.ts";
import { PageEvents, type PageHandlers } from "./page-events.ts";

export interface WindowReactorConfig {
  /** Longest time between two pings in ms; the hub may ask for a shorter one. */
  heartbeatInterval: number;
  /** The n-th attempt comes after a random part of this · 2ⁿ ms; the hub may ask for longer. */
  reconnectDelay: number;
  /** After this many failed attempts `reactor_failed` is dispatched; it goes on trying. */
  maxReconnectAttempts: number;
}

export interface WindowReactor {
  readonly config: WindowReactorConfig;
  /** Called by type, after the CustomEvent. */
  handlers: PageHandlers;
  /** Position in the channel's log. */
  readonly cursor: string;
  readonly state: ConnectionState;
  /** Connects at once and resumes, unless connected. */
  connect(): void;
  /** Closes the connection, until `connect()`. */
  disconnect(): void;
  /** @returns whether it was sent; if not, `reactor_error` says why */
  send(type: string, data?: unknown): boolean;
  /** The first call narrows the subscription, later calls add; `reactor_heartbeat` is always included. */
  subscribe(names: string | readonly string[]): void;
  getStatus(): ConnectionStatus;
  on(event: string, callback: (data: unknown) => void): void;
  /** @param callback default: all callbacks of that event */
  off(event: string, callback?: (data: unknown) => void): void;
  /** Dispatches a CustomEvent in this page only. */
  emit(event: string, data?: unknown): void;
  /** @returns the round-trip time in ms; `null` if not connected, or if the connection is lost first */
  ping(): Promise<number | null>;
  /** Rooms do not exist any more: does nothing but warn on the console. @returns false */
  joinRoom(room: string): boolean;
  /** Like `joinRoom`. */
  leaveRoom(room: string): boolean;
}

/** @param page dispatches the CustomEvents @param url of the stream */
export function createWindowReactor(page: EventTarget, url: string, ports: Ports = browserPorts): WindowReactor {
  const pageEvents = new PageEvents(page);
  const config = { heartbeatInterval: 25_000, reconnectDelay: 1_000, maxReconnectAttempts: 10 };
  /** Whether `reactor_connected` was dispatched, and no `reactor_disconnected` since. */
  let connected = false;
  /** Whether `reactor_failed` was dispatched, and it was not connected since. */
  let hasFailed = false;

  const connection = new Connection(() => url, ports, { tune: (advice) => tuned(advice, config) });
  connection.events = {
    onEvent: (event) => pageEvents.notify(event.type, event.data, event),
    onState(state, close) {
      if (state === "connected") {
        connected = true;
        hasFailed = false;
      }
      if (close) onLost(close);
    },
    onFrame: ({ type, data }) => pageEvents.notify(type, type === "reactor_connected" ? inSeconds(data) : data),
  };

  function onLost(close: Close): void {
    const { attempts, state } = connection;
    const fails = state === "closed" || (attempts >= config.maxReconnectAttempts && !hasFailed);
    if (connected) notifyDisconnected(close);
    else notifyError("connection_failed", `The connection could not be opened (${close.code} ${close.reason}).`);
    if (!fails || connection.state !== state) return; // a listener has closed or opened it
    hasFailed = true;
    pageEvents.notify("reactor_failed", { attempts, ...timed(close) });
  }

  function notifyDisconnected(close: Close): void {
    connected = false;
    pageEvents.notify("reactor_disconnected", timed(close));
  }

  const notifyError = (code: string, message: string) =>
    pageEvents.notify("reactor_error", { code, message, ref: null });

  function send(type: string, data?: unknown): boolean {
    if (type === "subscribe")
      subscribe(data as string); // legacy pages send it as a message too
    else if (!connection.send(type, data)) {
      notifyError("not_sent", "Not connected, or the message exceeds 64 KiB.");
      return false;
    }
    return true;
  }

  function subscribe(names: string | readonly string[]): void {
    const patterns = mergePatterns(connection.patterns, names);
    if (patterns !== connection.patterns) connection.subscribe(patterns);
  }

  function noRooms(room: string): boolean {
    console.warn(`Reactor has no rooms such as ${JSON.stringify(room)}: every page receives its whole channel.`);
    return false;
  }

  return {
    config,
    get handlers() {
      return pageEvents.handlers;
    },
    set handlers(handlers) {
      pageEvents.handlers = handlers;
    },
    get cursor() {
      return formatCursor(connection.cursor ?? ORIGIN);
    },
    get state() {
      return connection.state;
    },
    connect() {
      hasFailed = false;
      connection.open();
    },
    disconnect() {
      connection.close();
      if (connected) notifyDisconnected({ code: 1000, reason: "The page has disconnected." });
    },
    send,
    subscribe,
    getStatus: () => connectionStatus(connection.state, connection.attempts, url),
    on: (event, callback) => pageEvents.on(event, callback),
    off: (event, callback) => pageEvents.off(event, callback),
    emit: (event, data) => pageEvents.dispatch(event, data),
    ping: () => connection.ping(),
    joinRoom: noRooms,
    leaveRoom: noRooms,
  };
}

/** The welcome as the legacy server wrote its own. */
function inSeconds(welcome: Welcome) {
  return { ...welcome, timestamp: Date.parse(welcome.timestamp) / 1_000 };
}

/** `close` may be a CloseEvent, whose members spreading does not copy. */
function timed({ code, reason }: Close) {
  return { code, reason, timestamp: new Date().toISOString() };
}

/** Applies the page's config within the hub's limits; a value that is not a number is ignored. */
function tuned({ heartbeat_ms, retry }: Advice, { heartbeatInterval, reconnectDelay }: WindowReactorConfig): Advice {
  const wishedMs = Math.max(1_000, Number(heartbeatInterval) || heartbeat_ms);
  const base_ms = Math.max(retry.base_ms, Number(reconnectDelay) || 0);
  return { heartbeat_ms: Math.min(heartbeat_ms, wishedMs), retry: { ...retry, base_ms } };
}
