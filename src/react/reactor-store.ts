// The state behind `useReactor`: one immutable view for each state of the connection.

import type { Close, EmitOptions, EmitReceipt, Reactor, ReactorEvent } from "../client/index.ts";
import type { ConnectionStatus } from "../client/legacy/connection-status.ts";
import { connectionStatus } from "../client/legacy/connection-status.ts";
import { mergePatterns } from "../client/merge-patterns.ts";
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
export interface ReactorView {
  /** Whether the state of the connection is `connected`. */
  readonly connected: boolean;
  /** The last 50 events since the provider was mounted, newest last. */
  readonly events: readonly ReactorEvent[];
  /** The last failure since it was last connected; `null`: none. */
  readonly error: ReactorProblem | null;
  /** Emits an event, like `Reactor.emit`: waits until connected, is logged once, rejects with an `EmitError`. */
  emit(type: string, data?: unknown, options?: EmitOptions): Promise<EmitReceipt>;
  /** Sends a message to the hub. @returns whether it was sent; `false` if not connected, or if it exceeds 64 KiB */
  send(type: string, data?: unknown): boolean;
  /**
   * Adds patterns to the subscription; where it was all events, narrows it to them. `reactor_heartbeat` is always included.
   * If the hub refuses a pattern, `error` says so, and the previous subscription stays.
   *
   * @param names one pattern, comma-separated patterns, or a list of those
   */
  subscribe(names: string | readonly string[]): void;
  /** @returns the connection's state as legacy pages read it; `url` is empty on a server */
  getStatus(): ConnectionStatus;
}

export class ReactorStore {
  readonly reactor: Reactor;
  readonly view: Snapshot<ReactorView>;
  /** The provider's patterns; components have added the rest of the subscription. */
  #base: readonly string[];

  constructor(reactor: Reactor, base: readonly string[] = []) {
    this.reactor = reactor;
    this.#base = base;
    this.view = new Snapshot<ReactorView>({
      connected: false,
      events: [],
      error: null,
      emit: (type, data, options) => reactor.emit(type, data, options),
      send: (type, data) => reactor.send(type, data),
      subscribe(names) {
        const patterns = mergePatterns(reactor.patterns, names);
        if (patterns !== reactor.patterns) reactor.subscribe(patterns);
      },
      getStatus() {
        const url = typeof location === "undefined" ? "" : reactor.url; // server rendering has no page
        return connectionStatus(reactor.state, reactor.attempts, url);
      },
    });
  }

  /** Listens to the connection. @returns a function that detaches */
  attach(): () => void {
    const { reactor } = this;
    const unsubscribers = [
      reactor.on("*", (event) => {
        this.view.update((view) => ({ ...view, events: [...view.events.slice(1 - KEPT_EVENTS), event] }));
      }),
      reactor.onError((error) => this.#update({ error })),
      reactor.onState((_state, close) => this.#updateState(close)),
    ];
    if (reactor.state === "connected") this.#updateState(); // a `reactor` prop may be connected already
    return () => {
      for (const unsubscribe of unsubscribers) unsubscribe();
    };
  }

  /** Replaces the provider's patterns, and keeps those that components have added. */
  setBasePatterns(base: readonly string[]): void {
    const { patterns } = this.reactor;
    const added = patterns.filter((pattern) => !this.#base.includes(pattern));
    this.#base = base;
    const wanted = [...new Set([...base, ...added])];
    if (wanted.join() !== patterns.join()) this.reactor.subscribe(wanted);
  }

  #updateState(close?: Close): void {
    const { state, attempts } = this.reactor;
    const connected = state === "connected";
    if (connected) this.#update({ connected, error: null });
    else if (state === "closed") this.#update({ connected, error: closed(close) });
    else this.#update(state === "reconnecting" && attempts > 0 ? { connected, error: failed(close) } : { connected });
  }

  #update(change: Partial<ReactorView>): void {
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
