// One connection for all parts of a page that want the same: nothing is opened twice for the same channel and options.
import { connect } from "./connect.ts";
import { type ConnectOptions, checkOptions, optionsOf } from "./connect-options.ts";
import type { Page } from "./connection/browser-page.ts";
import type { ConnectionState } from "./connection/connection-events.ts";
import type { Close, Ports } from "./connection/ports.ts";
import { runtimePorts } from "./connection/runtime-ports.ts";
import { streamUrl } from "./connection/stream-url.ts";
import type { TokenSource } from "./credential.ts";
import type { AnyEvents } from "./event-map.ts";
import { internalsOf, remember } from "./internals.ts";
import { Listeners, type ListenOptions, until } from "./listener-set.ts";
import { onceBy } from "./once-by.ts";
import type { Reactor } from "./reactor.ts";

interface Shared {
  readonly reactor: Reactor;
  /** How many parts of the page have it. */
  parts: number;
}

/** By what was asked for. */
const connections = new Map<string, Shared>();

/**
 * Like `connect`, for parts of a page that know nothing of each other: those that ask for the same channel with the same options share one
 * connection, which is closed when the last of them has closed its own. Connections to several channels share the answers of a token
 * function that is asked at the same time, and the page's signs.
 *
 * Each part has its own listeners, which end with its `close`. The options are the same if they say the same, and hold the same functions.
 * A part that comes later hears what comes from then on; see `replay` for what came before.
 *
 * @typeParam Events as of `connect`
 * @param target as of `connect`
 * @param ports as of `connect`; each has connections of its own
 * @returns a connection whose `close` is this part's alone, and which cannot `subscribe`: that would change what the others hear
 * @throws TypeError as `connect`
 * @example
 * ```ts
 * import { share } from "pulse-reactor/client";
 *
 * const badge = share("https://events.example.org");
 * const list = share("https://events.example.org");
 * badge.on("news_*", () => console.log("badge")); // → badge
 * list.on("news_*", (event) => console.log(event.type)); // → news_processed
 * list.onState((state) => state === "connected" && console.log(badge.state)); // → connected
 * ```
 */
export function share<Events extends object = AnyEvents>(
  target: string | ConnectOptions = {},
  ports: Ports = runtimePorts,
): Reactor<Events> {
  const options = optionsOf(target);
  checkOptions(options);
  const key = keyOf(options, ports);
  const token = options.token && askingOnce(options.token);
  const shared = connections.get(key) ?? { reactor: connect({ ...options, token }, sharing(ports)), parts: 0 };
  connections.set(key, shared);
  const { reactor } = shared;
  reactor.open(); // a token or an origin may be accepted now
  shared.parts += 1;
  return remember(part(reactor, leave), internalsOf(reactor)) as unknown as Reactor<Events>;

  function leave(): void {
    shared.parts -= 1;
    if (shared.parts > 0) return;
    connections.delete(key);
    reactor.close();
  }
}

/** @param leave is called once, when the part closes its connection */
function part(reactor: Reactor, leave: () => void): Reactor {
  const undoes = new Set<() => void>();
  const states = new Listeners<ConnectionState, Close>();
  let isLeft = false;
  const whileHere = ({ signal }: ListenOptions = {}, begin: () => () => void): (() => void) => {
    if (isLeft) throw new Error(LEFT);
    return until(signal, () => {
      const undo = begin();
      undoes.add(undo);
      return () => {
        undoes.delete(undo);
        undo();
      };
    });
  };
  const on: Reactor["on"] = (pattern, listener, options) => whileHere(options, () => reactor.on(pattern, listener));
  const own: Partial<Reactor> = {
    on,
    once: onceBy(on),
    onState: states.add,
    onReset: (listener, options) => whileHere(options, () => reactor.onReset(listener)),
    onError: (listener, options) => whileHere(options, () => reactor.onError(listener)),
    subscribe() {
      throw new TypeError("`subscribe` would change what others hear: use `on`, or `connect`.");
    },
    open() {
      if (isLeft) throw new Error(LEFT);
      reactor.open();
    },
    close() {
      if (isLeft) return;
      isLeft = true;
      for (const undo of undoes) undo();
      leave();
      states.call("closed");
    },
  };
  undoes.add(reactor.onState((state, close) => states.call(state, close)));
  const state = { get: () => (isLeft ? "closed" : reactor.state) };
  return Object.assign(Object.create(reactor, { state }), own);
}

const LEFT = "This part has closed its connection: call `share` again.";

/** What is kept of a function, a class or ports: each is the same if it is one. */
interface Known {
  readonly number: number;
  ask?: TokenSource;
  ports?: Ports;
}

const known = new WeakMap<object, Known>();
let count = 0;

function knownOf(value: object): Known {
  const found = known.get(value) ?? { number: ++count };
  known.set(value, found);
  return found;
}

function keyOf(options: ConnectOptions, ports: Ports): string {
  const { channel, cursor, events, last, open, parse, token, url, WebSocket } = options;
  const stream = streamUrl(url, channel === "main" ? undefined : channel);
  const asked = [stream, cursor, last, events && [...events].sort(), open, parse, token, WebSocket, ports];
  return JSON.stringify(asked, (_, value) =>
    typeof value === "function" || value === ports ? [knownOf(value).number] : value,
  );
}

/** Connections to several channels that ask at the same time get the same answer. */
function askingOnce(token: TokenSource): TokenSource {
  if (typeof token === "string") return token;
  let answer: Promise<string | null> | undefined;
  knownOf(token).ask ??= () => {
    answer ??= (async () => token())().finally(() => {
      answer = undefined;
    });
    return answer;
  };
  return knownOf(token).ask ?? token;
}

/** The same ports, which listen to the page once. */
function sharing(ports: Ports): Ports {
  const found = knownOf(ports);
  found.ports ??= { ...ports, page: ports.page && sharedPage(ports.page) };
  return found.ports;
}

function sharedPage(page: Page): Page {
  const signs = new Listeners<void>();
  let stop: (() => void) | undefined;
  return {
    isHidden: () => page.isHidden(),
    listen(onSign) {
      const undo = signs.add(onSign);
      stop ??= page.listen(() => void signs.call());
      return () => {
        undo();
        if (signs.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
  };
}
