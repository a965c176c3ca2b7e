// Makes the client's public object out of a connection, its listeners, its token and its outbox.
import { formatCursor } from "../wire/cursor.ts";
import type { ErrorData, Reset } from "../wire/server-frame.ts";
import { checkFunction, checkPatterns } from "./check.ts";
import { type ConnectOptions, checkOptions, optionsOf } from "./connect-options.ts";
import { Connection, refusesSubscribe } from "./connection/connection.ts";
import type { ConnectionState } from "./connection/connection-events.ts";
import { NEVER_OPENED } from "./connection/never-opened.ts";
import { type Close, type Ports, requireWebSocket } from "./connection/ports.ts";
import { runtimePorts } from "./connection/runtime-ports.ts";
import { streamUrl } from "./connection/stream-url.ts";
import { Credential } from "./credential.ts";
import { EventListeners } from "./event-listeners.ts";
import type { AnyEvents } from "./event-map.ts";
import { remember } from "./internals.ts";
import { Listeners } from "./listener-set.ts";
import { onceBy } from "./once-by.ts";
import { Outbox } from "./outbox.ts";
import type { Reactor } from "./reactor.ts";

/**
 * Connects to a channel at the end of this turn, so that listeners can be added before. After a lost connection it reconnects and
 * resumes: each missed event is delivered once, in order.
 *
 * @typeParam Events what the types of events bring as `data`, such as `{ news_processed: { title: string } }`; nothing checks it
 * @param target the address of a hub, or options, which are all optional
 * @param ports timers, random numbers and page signs, which tests replace; default: the browser's
 * @returns the connection, whose state is `connecting`
 * @throws TypeError if an option is invalid, or there is no WebSocket. A hub that cannot be reached does not throw: see `onState`
 * @example
 * ```ts
 * import { connect } from "pulse-reactor/client";
 *
 * interface Events {
 *   news_processed: { title: string };
 * }
 * const reactor = connect<Events>("https://events.example.org");
 * reactor.on("news_processed", (event) => console.log(event.seq, event.data.title)); // → 2 Hello
 * reactor.onState((state) => console.log(state)); // → connected
 * ```
 */
export function connect<Events extends object = AnyEvents>(
  target: string | ConnectOptions = {},
  ports: Ports = runtimePorts,
): Reactor<Events> {
  const reactor = createReactor<Events>(target, ports);
  reactor.open();
  return reactor;
}

/**
 * Like `connect`, but stays closed until `open`.
 *
 * @typeParam Events as of `connect`
 * @param target as of `connect`
 * @param ports as of `connect`
 * @returns the connection, whose state is `closed`
 * @throws TypeError if an option is invalid
 * @example
 * ```ts
 * import { createReactor } from "pulse-reactor/client";
 *
 * const reactor = createReactor({ url: "https://events.example.org", events: ["news_*"] });
 * reactor.onState((state) => console.log(state)); // → connecting → connected
 * reactor.open();
 * ```
 */
export function createReactor<Events extends object = AnyEvents>(
  target: string | ConnectOptions = {},
  ports: Ports = runtimePorts,
): Reactor<Events> {
  const options = optionsOf(target);
  checkFunction(ports?.soon, "ports.soon");
  const cursor = checkOptions(options);
  const { open = ports.open, WebSocket: Socket, token } = options;
  const states = new Listeners<ConnectionState, Close>();
  const resets = new Listeners<Reset>();
  const errors = new Listeners<ErrorData>();
  const url = () => streamUrl(options.url, options.channel);
  const opening: Ports = { ...ports, open: Socket ? (...given) => new Socket(...given) : open };
  const credential = token === undefined ? undefined : new Credential(token);
  const events = new EventListeners(options.events, () => connection.subscribe(events.patterns));
  const connection = new Connection(url, opening, {
    cursor,
    last: options.last,
    patterns: events.patterns,
    parse: options.parse,
    credential,
  });
  const send = (text: string) => connection.sendText(text);
  const outbox = new Outbox(send, ports);
  connection.events = {
    onEvent: (event) => events.call(event),
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
          credential?.welcomed(send);
          break;
        case "reactor_subscribed":
          events.confirmed();
          break;
        case "reactor_emitted":
          outbox.emitted(data);
          break;
        case "reactor_reset":
          resets.call(data);
          break;
        case "reactor_error":
          if (outbox.refused(data)) break;
          if (refusesSubscribe(data)) events.refused();
          if (data.code !== "token_expiring" || !credential?.refresh(send)) errors.call(data);
      }
    },
  };
  const reactor: Reactor = {
    get state() {
      return connection.state;
    },
    get cursor() {
      return connection.cursor && formatCursor(connection.cursor);
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
    on: events.add,
    once: onceBy(events.add),
    onState: states.add,
    onReset: resets.add,
    onError: errors.add,
    subscribe(patterns) {
      checkPatterns(patterns, "patterns");
      events.want(patterns);
    },
    emit: (type, data, given) => outbox.emit(type, data, given),
    refreshToken: () => void credential?.refresh(send),
    send: (type, data) => connection.send(type, data),
    ping: () => connection.ping(),
    open() {
      url();
      if (opening.open === runtimePorts.open) requireWebSocket();
      connection.open();
    },
    close: () => connection.close(),
  };
  return remember(reactor, { connection, credential, events }) as unknown as Reactor<Events>; // the map of types exists for the compiler alone
}
