// What `useReactor` gives to components: one object for each state of the connection, never changed once it was given.

import type { Close, EmitOptions, EmitReceipt, Reactor, ReactorEvent } from "../client/index.ts";
import type { ConnectionStatus } from "../client/legacy/connection-status.ts";
import { connectionStatus } from "../client/legacy/connection-status.ts";
import { mergePatterns } from "../client/merge-patterns.ts";
import { Snapshot } from "./snapshot.ts";

/** As many as the binding before this one kept. */
const KEPT_EVENTS = 50;

/** What went wrong last: what the hub refused, `connection_failed` while it is not reached, or `closed` by it for good. */
export interface ReactorProblem {
  readonly code: string;
  readonly message: string;
}

export interface ReactorView {
  readonly connected: boolean;
  /** The last 50 that came since the provider was mounted, the newest last. Of more than 50 in one frame the last are here. */
  readonly events: readonly ReactorEvent[];
  /** `null` from the moment that it is connected, until something goes wrong. */
  readonly error: ReactorProblem | null;
  /** Emits an event of one's own, as `Reactor.emit` does: it waits until the hub is there, and is in the log once. */
  emit(type: string, data?: unknown, options?: EmitOptions): Promise<EmitReceipt>;
  /** Sends a message to the hub. @returns whether it was sent: it is not unless `connected`, nor if it takes more than 64 KiB */
  send(type: string, data?: unknown): boolean;
  /** Hears these events too; the first time, instead of all. `reactor_heartbeat` always passes. */
  subscribe(names: string | readonly string[]): void;
  getStatus(): ConnectionStatus;
}

export class ReactorStore {
  readonly reactor: Reactor;
  readonly view: Snapshot<ReactorView>;
  /** The provider's patterns: what else is heard, components have asked for. */
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
        const url = typeof location === "undefined" ? "" : reactor.url; // a server that renders has no page
        return connectionStatus(reactor.state, reactor.attempts, url);
      },
    });
  }

  /** @returns its undo */
  attach(): () => void {
    const { reactor } = this;
    const undo = [
      reactor.on("*", (event) => {
        this.view.update((view) => ({ ...view, events: [...view.events.slice(1 - KEPT_EVENTS), event] }));
      }),
      reactor.onError((error) => this.#update({ error })),
      reactor.onState((_state, close) => this.#updateState(close)),
    ];
    if (reactor.state === "connected") this.#updateState(); // one that somebody else has opened
    return () => {
      for (const stop of undo) stop();
    };
  }

  /** Hears `base` instead of what the provider asked for before, and whatever components have asked for. */
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
    else this.#update(state === "reconnecting" && attempts > 0 ? { connected, error: UNREACHED } : { connected });
  }

  #update(change: Partial<ReactorView>): void {
    this.view.update((view) => ({ ...view, ...change }));
  }
}

const UNREACHED: ReactorProblem = { code: "connection_failed", message: "The hub is not reached; it is tried again." };

function closed(close: Close | undefined): ReactorProblem {
  const why = close ? ` (${close.code} ${close.reason})` : "";
  return { code: "closed", message: `The connection has ended and does not come back by itself${why}.` };
}
