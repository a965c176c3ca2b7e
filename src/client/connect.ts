// Makes the client's public object out of a connection, its listeners, its token and its outbox.
import { formatCursor } from "../wire/cursor.ts";
import type { ReactorEvent } from "../wire/event.ts";
import type { ErrorData, Reset } from "../wire/server-frame.ts";
import { type ConnectOptions, checkOptions } from "./connect-options.ts";
import { Connection } from "./connection/connection.ts";
import type { ConnectionState } from "./connection/connection-events.ts";
import { NEVER_OPENED } from "./connection/never-opened.ts";
import { browserPorts, type Close, type Ports } from "./connection/ports.ts";
import { streamUrl } from "./connection/stream-url.ts";
import { Credential } from "./credential.ts";
import { Listeners } from "./listener-set.ts";
import { Outbox } from "./outbox.ts";
import type { Reactor } from "./reactor.ts";

/**
 * Connects to a channel at once. After a lost connection it reconnects and resumes: each missed event is delivered once, in
 * order.
 *
 * @param options which hub, channel and events; all are optional
 * @param ports socket, timers and random numbers, which tests replace; default: the browser's
 * @returns the connection, whose state is `connecting`
 * @throws TypeError if an option is invalid. A hub that cannot be reached does not throw: see `onState`
 * @example
 * ```ts
 * import { connect } from "pulse-reactor/client";
 *
 * const reactor = connect({ url: "https://events.example.org", events: ["news_*"] });
 * reactor.on("news_processed", (event) => console.log(event.seq, event.data)); // → 2 {"title":"Hello"}
 * reactor.onState((state) => console.log(state)); // → connected
 * ```
 */
export function connect(options: ConnectOptions = {}, ports: Ports = browserPorts): Reactor {
  const reactor = createReactor(options, ports);
  reactor.open();
  return reactor;
}

/**
 * Like `connect`, but stays closed until `open`, so that listeners can be added before anything happens.
 *
 * @param options as of `connect`
 * @param ports as of `connect`
 * @returns the connection, whose state is `closed`
 * @throws TypeError if an option is invalid; an invalid `url` only at `open`
 * @example
 * ```ts
 * import { createReactor } from "pulse-reactor/client";
 *
 * const reactor = createReactor({ url: "https://events.example.org" });
 * reactor.onState((state) => console.log(state)); // → connecting → connected
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
    { cursor: start, last: options.last, patterns: options.events, renew: () => credential?.renew() },
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
      const isFirstFailure = close?.reason === NEVER_OPENED && connection.attempts === 0;
      if (isFirstFailure) {
        const isHeard = errors.call({ code: "connection_failed", message: NEVER_OPENED, ref: null });
        if (!isHeard) console.warn(`${url()}: ${NEVER_OPENED}`);
      }
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
