// `window.reactor`, as the old pages call it, on a connection of today: it resumes by cursor, so that a page misses
// nothing while it is away, and hears each event once.
import { formatCursor } from "../../wire/cursor.ts";
import { Connection } from "../connection/connection.ts";
import type { ConnectionState } from "../connection/connection-events.ts";
import { browserPorts, type Close, type Ports } from "../connection/ports.ts";
import type { Pace } from "../connection/reconnect.ts";
import { mergePatterns } from "../merge-patterns.ts";
import { type ConnectionStatus, connectionStatus } from "./connection-status.ts";
import { PageEvents, type PageHandlers } from "./page-events.ts";

export interface WindowReactorConfig {
  /** At most so long between two pings, in milliseconds; the hub may ask for shorter. */
  heartbeatInterval: number;
  /** The n-th attempt comes within this · 2ⁿ milliseconds, at random; the hub may ask for longer. */
  reconnectDelay: number;
  /** After so many attempts in vain it stays away, until `connect()`. */
  maxReconnectAttempts: number;
}

export interface WindowReactor {
  readonly config: WindowReactorConfig;
  /** Called by type, after the CustomEvent. */
  handlers: PageHandlers;
  /** Where it is in the log. */
  readonly cursor: string;
  readonly state: ConnectionState;
  /** Connects at once, to the place where it was, unless it is connected. */
  connect(): void;
  /** Ends the connection, until `connect()`. */
  disconnect(): void;
  /** @returns whether it was sent; where it was not, `reactor_error` says why */
  send(type: string, data?: unknown): boolean;
  /** The first time narrows what is heard to these, later ones add; `reactor_heartbeat` always passes. */
  subscribe(names: string | readonly string[]): void;
  getStatus(): ConnectionStatus;
  on(event: string, callback: (data: unknown) => void): void;
  /** @param callback all of that event's if not given */
  off(event: string, callback?: (data: unknown) => void): void;
  /** A CustomEvent in this page, for nobody else. */
  emit(event: string, data?: unknown): void;
  /** @returns the time until the hub answers, in milliseconds; `null` if there is no connection, or it was lost first */
  ping(): Promise<number | null>;
  /** There are no rooms: every page hears its whole channel. It does nothing, and says so. @returns false */
  joinRoom(room: string): boolean;
  /** As `joinRoom`. */
  leaveRoom(room: string): boolean;
}

/** @param page what the events are dispatched on @param url of the stream */
export function createWindowReactor(page: EventTarget, url: string, ports: Ports = browserPorts): WindowReactor {
  const pageEvents = new PageEvents(page);
  const config = { heartbeatInterval: 25_000, reconnectDelay: 1_000, maxReconnectAttempts: 10 };
  /** Whether the page was told that it is connected, and not yet that it is not. */
  let connected = false;

  const connection = new Connection(() => url, ports, { tune: (pace) => tuned(pace, config) });
  connection.events = {
    onEvent: (event) => pageEvents.notify(event.type, event.data, event),
    onState(state, close) {
      if (state === "connected") connected = true;
      if (close) onLost(close);
    },
    onFrame: ({ type, data }) => pageEvents.notify(type, data),
  };

  function onLost(close: Close): void {
    const attempts = connection.attempts;
    if (attempts >= config.maxReconnectAttempts) connection.close();
    const gaveUp = connection.state === "closed";
    if (connected) notifyDisconnected(close);
    else notifyError("connection_failed", `The connection could not be opened (${close.code} ${close.reason}).`);
    if (gaveUp && connection.state === "closed") pageEvents.notify("reactor_failed", { attempts, ...timed(close) });
  }

  function notifyDisconnected(close: Close): void {
    connected = false;
    pageEvents.notify("reactor_disconnected", timed(close));
  }

  const notifyError = (code: string, message: string) =>
    pageEvents.notify("reactor_error", { code, message, ref: null });

  function send(type: string, data?: unknown): boolean {
    if (type === "subscribe")
      subscribe(data as string); // as old pages say it too
    else if (!connection.send(type, data)) {
      notifyError("not_sent", "There is no connection, or the message takes more than 64 KiB.");
      return false;
    }
    return true;
  }

  function subscribe(names: string | readonly string[]): void {
    const patterns = mergePatterns(connection.patterns, names);
    if (patterns !== connection.patterns) connection.subscribe(patterns);
  }

  function noRooms(room: string): boolean {
    console.warn(`Reactor has no rooms such as ${JSON.stringify(room)}: every page hears its whole channel.`);
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
      return formatCursor(connection.cursor);
    },
    get state() {
      return connection.state;
    },
    connect: () => connection.open(),
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

/** `close` may be the browser's CloseEvent, whose members are not its own. */
function timed({ code, reason }: Close) {
  return { code, reason, timestamp: new Date().toISOString() };
}

/** The page's wishes, as far as the hub bears them; a wish that is no number is none. */
function tuned({ heartbeat_ms, retry }: Pace, { heartbeatInterval, reconnectDelay }: WindowReactorConfig): Pace {
  const wishedMs = Math.max(1_000, Number(heartbeatInterval) || heartbeat_ms);
  const base_ms = Math.max(retry.base_ms, Number(reconnectDelay) || 0);
  return { heartbeat_ms: Math.min(heartbeat_ms, wishedMs), retry: { ...retry, base_ms } };
}
