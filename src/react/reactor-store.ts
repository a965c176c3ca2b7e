// The state behind `useReactor`: one immutable view for each state of the connection.

import type {
  AnyEvents,
  Close,
  ConnectionState,
  EmitOptions,
  EmitReceipt,
  EventOf,
  EventType,
  ReactorEvent,
  Reset,
} from "../client/index.ts";
import type { ConnectionStatus } from "../client/legacy/connection-status.ts";
import { connectionStatus } from "../client/legacy/connection-status.ts";
import type { AnyReactor } from "./any-reactor.ts";
import { Claim } from "./claim.ts";
import { Snapshot } from "./snapshot.ts";

/** As many as the legacy React binding kept. */
const KEPT_EVENTS = 50;

/**
 * The last failure.
 *
 * @example
 * ```tsx
 * import { type ReactorProblem, ReactorProvider, useReactor } from "pulse-reactor/react";
 *
 * const textOf = ({ code }: ReactorProblem) => (code === "closed" ? "Please sign in again." : "Trying again …");
 *
 * function Problem() {
 *   const { error } = useReactor();
 *   return error && <p role="alert">{textOf(error)}</p>;
 * }
 *
 * export function App() {
 *   return (
 *     <ReactorProvider url="https://events.example.org" token="an.expired.token">
 *       <Problem />
 *     </ReactorProvider>
 *   ); // → Please sign in again.
 * }
 * ```
 */
export interface ReactorProblem {
  /** That of the hub's refusal, `connection_failed` while retrying, or `closed`: no retry follows. */
  readonly code: string;
  /** A sentence for a developer. */
  readonly message: string;
}

/**
 * What `useReactor` returns: the connection's state, its last events, and what can be done with it.
 *
 * @typeParam Events as of `connect`
 * @example
 * ```tsx
 * import { ReactorProvider, useReactor } from "pulse-reactor/react";
 * import { useState } from "react";
 *
 * function Greeting() {
 *   const { emit } = useReactor();
 *   const [label, setLabel] = useState("Say hello");
 *   const greet = () =>
 *     emit("chat_message", { text: "Hello" }).then(
 *       () => setLabel("Said"),
 *       (error) => setLabel(`Not said: ${error.code}`),
 *     );
 *   return (
 *     <button type="button" onClick={greet}>
 *       {label}
 *     </button>
 *   );
 * }
 *
 * export function App() {
 *   const token = () => fetch("/my/token").then((reply) => reply.text());
 *   return (
 *     <ReactorProvider url="https://events.example.org" token={token}>
 *       <Greeting />
 *     </ReactorProvider>
 *   ); // → Say hello → Said
 * }
 * ```
 */
export interface ReactorView<Events extends object = AnyEvents> {
  /** Whether the state of the connection is `connected`. */
  readonly connected: boolean;
  /**
   * The last 50 events since the provider was mounted, newest last. What the hub says of itself, such as `reactor_heartbeat`, is not
   * among them, unless a pattern names it.
   */
  readonly events: readonly EventOf<Events, "*">[];
  /** The last failure since it was last connected; `null`: none. */
  readonly error: ReactorProblem | null;
  /**
   * The last time that the hub could not resume: events may be missing, and what the page shows may be out of date. Another object
   * each time; `null`: it always could.
   *
   * @example
   * ```tsx
   * import { ReactorProvider, useReactor } from "pulse-reactor/react";
   *
   * function Notice() {
   *   const { reset } = useReactor();
   *   return reset && <p role="alert">Events are missing ({reset.reason}): load the page again.</p>;
   * }
   *
   * export function App() {
   *   return (
   *     <ReactorProvider url="https://events.example.org" cursor="k3x9.41">
   *       <Notice />
   *     </ReactorProvider>
   *   ); // → Events are missing (epoch): load the page again.
   * }
   * ```
   */
  readonly reset: Reset | null;
  /** Emits an event, like `Reactor.emit`: waits until connected, is logged once, rejects with an `EmitError`. */
  emit<Type extends EventType<Events>>(
    type: Type,
    data?: string extends keyof Events ? unknown : Events[Type],
    options?: EmitOptions,
  ): Promise<EmitReceipt>;
  /** Sends a message to the hub. @returns whether it was sent; `false` if not connected, or if it exceeds 64 KiB */
  send(type: string, data?: unknown): boolean;
  /**
   * Asks for patterns beside the provider's `events`, for this component, until it is unmounted. Where the provider has no `events`, the
   * subscription is what components ask for, and all events if none does. Of a connection that was passed in (`reactor`), it is what
   * its owner asks for, and this.
   *
   * @param names one pattern, comma-separated patterns, or a list of those
   * @returns a function that takes this call back, for an effect to return
   * @throws TypeError if one of them is no pattern
   * @example
   * ```tsx
   * import { useReactor } from "pulse-reactor/react";
   * import { useEffect } from "react";
   *
   * export function Ticker() {
   *   const { events, subscribe } = useReactor();
   *   useEffect(() => subscribe("news_*"), [subscribe]);
   *   return <p>{events.length} news</p>; // → 0 news → 1 news
   * }
   * ```
   */
  subscribe(names: string | readonly string[]): () => void;
  /** @returns the connection's state as legacy pages read it; `url` is empty on a server */
  getStatus(): ConnectionStatus;
}

/** What a view keeps while the connection changes. */
type State = Omit<ReactorView, "emit" | "send" | "subscribe" | "getStatus">;

export class ReactorStore {
  readonly reactor: AnyReactor;
  readonly view: Snapshot<ReactorView>;
  /** Whether the connection is the provider's: then components may narrow it. */
  readonly #isOwn: boolean;
  /** The provider's patterns; `undefined`: what components ask for, everything if none does. */
  #base: string;
  readonly #claims = new Set<Claim>();
  /** By pattern; `undefined`: not attached. */
  #listening: Map<string, () => void> | undefined;
  #newest: ReactorEvent | undefined;
  /** Whether the provider has opened its connection: that happens after the first render. */
  #isBegun = false;

  /** @param base patterns of the provider's own connection; `null`: it was passed in */
  constructor(reactor: AnyReactor, base?: readonly string[] | null) {
    this.reactor = reactor;
    this.#isOwn = base !== null;
    this.#base = JSON.stringify(base ?? null);
    const claim = this.newClaim();
    this.#claims.add(claim);
    this.view = new Snapshot<ReactorView>({
      connected: false,
      events: [],
      error: null,
      reset: null,
      emit: (type, data, options) => reactor.emit(type, data, options),
      send: (type, data) => reactor.send(type, data),
      subscribe: claim.subscribe,
      getStatus() {
        const url = typeof location === "undefined" ? "" : reactor.url; // server rendering has no page
        return connectionStatus(reactor.state, reactor.attempts, url);
      },
    });
  }

  /** The connection's state, which a provider's own is about to open until it has. */
  readonly state = (): ConnectionState => {
    this.#isBegun ||= !this.#isOwn || this.reactor.state !== "closed";
    return this.#isBegun ? this.reactor.state : "connecting";
  };

  /** Listens to the connection. @returns a function that detaches */
  attach(): () => void {
    const { reactor } = this;
    this.#listening = new Map();
    this.#listen();
    const unsubscribers = [
      reactor.onError((error) => this.#update({ error })),
      reactor.onReset((reset) => this.#update({ reset })),
      reactor.onState((_state, close) => this.#updateState(close)),
    ];
    if (reactor.state === "connected") this.#updateState(); // a `reactor` prop may be connected already
    return () => {
      for (const unsubscribe of unsubscribers) unsubscribe();
      for (const unsubscribe of this.#listening?.values() ?? []) unsubscribe();
      this.#listening = undefined;
    };
  }

  /** Of a component, which asks for nothing until it is passed to `hold`. */
  newClaim(): Claim {
    return new Claim(
      (pattern) => this.reactor.on(pattern, () => {})(),
      () => this.#listen(),
    );
  }

  /** Asks for what a component asks for. @returns a function that ends that */
  hold(claim: Claim): () => void {
    this.#claims.add(claim);
    this.#listen();
    return () => {
      this.#claims.delete(claim);
      this.#listen();
    };
  }

  /** Replaces the provider's patterns, and keeps those that components ask for. @param base `undefined`: everything */
  setBase(base: readonly string[] | undefined): void {
    const text = JSON.stringify(base ?? null);
    if (text === this.#base) return;
    this.#base = base ? text : "[]";
    this.reactor.subscribe(base ?? []);
    this.#listen();
  }

  /** Listens to what is asked for now, and to nothing else. */
  #listen(): void {
    const listening = this.#listening;
    if (!listening) return;
    const patterns = new Set([...this.#claims].flatMap((claim) => claim.patterns));
    const isNarrowed = this.#isOwn && this.#base === "null" && patterns.size > 0;
    if (!isNarrowed) patterns.add("*");
    for (const pattern of patterns) {
      if (!listening.has(pattern))
        listening.set(
          pattern,
          this.reactor.on(pattern, (event) => this.#add(event)),
        );
    }
    for (const [pattern, unsubscribe] of [...listening]) {
      if (patterns.has(pattern)) continue;
      listening.delete(pattern);
      unsubscribe();
    }
  }

  /** It may match several patterns, whose listeners are called one after the other. */
  #add(event: ReactorEvent): void {
    if (event === this.#newest) return;
    this.#newest = event;
    this.view.update((view) => ({ ...view, events: [...view.events.slice(1 - KEPT_EVENTS), event] }));
  }

  #updateState(close?: Close): void {
    const { state, attempts } = this.reactor;
    const connected = state === "connected";
    if (connected) this.#update({ connected, error: null });
    else if (state === "closed") this.#update({ connected, error: closed(close) });
    else this.#update(state === "reconnecting" && attempts > 0 ? { connected, error: failed(close) } : { connected });
  }

  #update(change: Partial<State>): void {
    this.view.update((view) => ({ ...view, ...change }));
  }
}

function failed(close: Close | undefined): ReactorProblem {
  return { code: "connection_failed", message: close?.reason || "The hub is unreachable; retrying." };
}

function closed(close: Close | undefined): ReactorProblem {
  const why = close ? ` (${close.code} ${close.reason})` : "";
  return { code: "closed", message: `The connection is closed and does not reconnect${why}.` };
}
