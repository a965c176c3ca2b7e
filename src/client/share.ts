// One connection for all parts of a page that want the same: nothing is opened twice for the same channel and options.
import { connect } from "./connect.ts";
import { type ConnectOptions, checkOptions, optionsOf } from "./connect-options.ts";
import type { Page } from "./connection/browser-page.ts";
import type { ConnectionState } from "./connection/connection-events.ts";
import { ANSWER_MS } from "./connection/heartbeat.ts";
import type { Close, Ports } from "./connection/ports.ts";
import { runtimePorts } from "./connection/runtime-ports.ts";
import { streamUrl } from "./connection/stream-url.ts";
import type { TokenSource } from "./credential.ts";
import type { AnyEvents } from "./event-map.ts";
import { type Internals, internalsOf, remember } from "./internals.ts";
import { Listeners, until } from "./listener-set.ts";
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
 * Each part has its own listeners, which end with its `close`, as do its `replay`s and what it has emitted without an answer. `open` joins
 * again, for listeners that are added then. The options are the same if they say the same, and hold the same functions. A part that comes
 * later hears what comes from then on; see `replay` for what came before.
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
  const token = options.token && askingOnce(options.token, ports);
  return part(() => {
    const shared = connections.get(key) ?? { reactor: connect({ ...options, token }, sharing(ports)), parts: 0 };
    const { reactor } = shared;
    connections.set(key, shared);
    if (reactor.state === "closed") reactor.open(); // a token or an origin may be accepted now
    shared.parts += 1;
    const leave = () => {
      shared.parts -= 1;
      if (shared.parts > 0) return;
      connections.delete(key);
      reactor.close();
    };
    return { reactor, leave };
  }) as unknown as Reactor<Events>;
}

interface Joined {
  readonly reactor: Reactor;
  /** MUST be called once. */
  readonly leave: () => void;
}

/** @param join returns a connection that the part has until it leaves */
function part(join: () => Joined): Reactor {
  const undoes = new Set<() => void>();
  let states = new Listeners<ConnectionState, Close>();
  /** `undefined`: the part is closed. */
  let joined: Joined | undefined;
  const internals = { until: untilLeft } as Internals;
  const enter = () => {
    joined = join();
    const { reactor } = joined;
    undoes.add(reactor.onState((state, close) => states.call(state, close)));
    Object.setPrototypeOf(self, reactor);
    Object.assign(internals, internalsOf(reactor));
  };
  const here = (): Reactor => {
    if (!joined) throw new Error(LEFT);
    return joined.reactor;
  };
  /** As `until`, and until the part is closed. */
  function untilLeft(signal: AbortSignal | undefined, begin: () => () => void): () => void {
    here();
    const undo = until(signal, () => {
      const end = begin();
      return () => void (undoes.delete(undo) && end());
    });
    if (!signal?.aborted) undoes.add(undo);
    return undo;
  }
  const on: Reactor["on"] = (pattern, listener, options) =>
    untilLeft(options?.signal, () => here().on(pattern, listener, options));
  const self: Reactor = Object.create(null, {
    state: { get: () => joined?.reactor.state ?? "closed" },
  });
  Object.assign(self, {
    on,
    once: onceBy(on),
    onState: (listener, options) => states.add(listener, options),
    onReset: (listener, options) => untilLeft(options?.signal, () => here().onReset(listener)),
    onError: (listener, options) => untilLeft(options?.signal, () => here().onError(listener)),
    subscribe() {
      throw new TypeError("`subscribe` would change what others hear: use `on`, or `connect`.");
    },
    emit(type, data, options) {
      return new Promise((resolve, reject) => {
        const close = () => reject(Object.assign(new Error(LEFT), { code: "closed" }));
        if (!joined) return close();
        const undo = untilLeft(undefined, () => close);
        joined.reactor.emit(type, data, options).then(resolve, reject).finally(undo);
      });
    },
    send: (type, data) => joined?.reactor.send(type, data) ?? false,
    ping: async () => joined?.reactor.ping() ?? null,
    refreshToken: () => joined?.reactor.refreshToken(),
    open() {
      if (joined) joined.reactor.open();
      else enter();
    },
    close() {
      if (!joined) return;
      const { reactor, leave } = joined;
      const wasClosed = reactor.state === "closed";
      joined = undefined;
      for (const undo of undoes) undo();
      undoes.clear();
      leave();
      const told = states;
      states = new Listeners();
      if (!wasClosed) told.call("closed");
    },
  } satisfies Partial<Reactor>);
  enter();
  return remember(self, internals);
}

const LEFT = "This part has closed its connection: `open` joins again.";

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

/** Connections to several channels that ask at the same time get the same answer, unless it is late: then each has given it up. */
function askingOnce(token: TokenSource, ports: Ports): TokenSource {
  if (typeof token === "string") return token;
  let answer: Promise<string | null> | undefined;
  knownOf(token).ask ??= () => {
    if (answer) return answer;
    const forget = () => {
      cancel();
      if (answer === own) answer = undefined;
    };
    const cancel = ports.after(ANSWER_MS, forget);
    const own = (async () => token())().finally(forget);
    answer = own;
    return own;
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
