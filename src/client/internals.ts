// What the functions beside `connect` need of a connection that its public object does not show. It costs `connect` as little as can be:
// bundlers leave those functions out where a page does not use them.
import type { ReactorEvent } from "../wire/event.ts";
import type { Connection } from "./connection/connection.ts";
import type { ControlFrame } from "./connection/connection-events.ts";
import type { Credential } from "./credential.ts";
import type { EventListeners } from "./event-listeners.ts";
import { Listeners, type until } from "./listener-set.ts";

export interface Internals {
  readonly connection: Connection;
  readonly credential: Credential | undefined;
  readonly events: EventListeners;
  /** What `on` makes of an event before its listeners get it; `null`: it is refused. */
  readonly pass?: (event: ReactorEvent) => ReactorEvent | null;
  /** As that of `listener-set`, for what ends with this connection's `close`, too. */
  readonly until?: typeof until;
}

const known = new WeakMap<object, Internals>();

/** @returns `reactor` */
export function remember<Of extends object>(reactor: Of, internals: Internals): Of {
  known.set(reactor, internals);
  return reactor;
}

/** @throws TypeError if no function of this package has made it */
export function internalsOf(reactor: object): Internals {
  const internals = known.get(reactor);
  if (!internals) throw new TypeError("`reactor` must be a connection that this package's `connect` has made.");
  return internals;
}

const listening = new WeakMap<Connection, Listeners<ControlFrame>>();

/** Calls `listener` for each control frame, once it was applied. @returns a function that unsubscribes */
export function onControlFrame(connection: Connection, listener: (frame: ControlFrame) => void): () => void {
  const listeners = listening.get(connection) ?? new Listeners();
  const { events } = connection;
  if (events && !listening.has(connection)) {
    listening.set(connection, listeners);
    connection.events = {
      ...events,
      onFrame(frame) {
        events.onFrame(frame);
        listeners.call(frame);
      },
    };
  }
  return listeners.add(listener);
}

/** Tells the listeners of `onError` of a refusal that did not come by the socket. */
export function tellError(connection: Connection, code: string, message: string): void {
  connection.events?.onFrame({ type: "reactor_error", data: { code, message, ref: null } });
}
