// One visit of this page to a channel: the connection that there is, what is shown to the hub for it, and what came over it.
// What is shown, a key or a token, stays in this object: not in storage, which outlives the visit and which browsers write
// to disk; not in an address; not in a log.

import type { Ports } from "../client/connection/ports.ts";
import { createReactor, type Reactor, type Reset } from "../client/index.ts";
import { Snapshot } from "../react/snapshot.ts";
import { PROBLEMS } from "../wire/problem.ts";
import { addEvent, EMPTY_FEED, type Feed } from "./feed.ts";
import { NO_READINGS, type Readings, readEvent } from "./readings.ts";

/** Why the page asks for a key or a token. */
export interface Ask {
  /**
   * `missing`: nothing was shown. `refused`: what was shown is not good, or no longer. `forbidden`: it is, and not for this.
   * `ending`: it is still good, for a minute. `unsendable`: no page can show it on a socket. `checking`: the hub is asked.
   */
  readonly reason: "missing" | "refused" | "forbidden" | "ending" | "unsendable" | "checking";
  /** Why, in the hub's own words, or none. */
  readonly detail: string;
}

export interface Entry {
  readonly reactor: Reactor;
  /** What was shown for it; `null`: nothing. */
  readonly credential: string | null;
  /** `null`: the page asks for nothing. */
  readonly ask: Ask | null;
  /** Whether the hub has ever let this page in. */
  readonly wasIn: boolean;
}

export class Visit {
  /** `null` for the default one. */
  readonly channel: string | null;
  readonly feed = new Snapshot<Feed>(EMPTY_FEED);
  readonly readings = new Snapshot<Readings>(NO_READINGS);
  readonly resets = new Snapshot<Reset | null>(null);
  readonly entry: Snapshot<Entry>;
  readonly #ports: Ports | undefined;
  #reactor: Reactor;
  #wasIn = false;

  /** Connects at once, showing nothing. @throws a TypeError if `channel` is none */
  constructor(channel: string | null, ports?: Ports) {
    this.channel = channel;
    this.#ports = ports;
    this.#reactor = createReactor({ channel: channel ?? undefined }, ports);
    this.entry = new Snapshot<Entry>({ reactor: this.#reactor, credential: null, ask: null, wasIn: false });
    this.#enter(null);
  }

  /** Comes again with `credential`, and goes on where it was. */
  show(credential: string): void {
    const before = this.#reactor;
    const cursor = this.#wasIn ? before.cursor : undefined;
    try {
      this.#reactor = createReactor({ channel: this.channel ?? undefined, cursor, token: credential }, this.#ports);
    } catch {
      this.#ask("unsendable"); // the only option that is not the hub's own, or was taken before
      return;
    }
    before.close();
    const reactor = this.#reactor;
    this.entry.update((entry) => ({ ...entry, reactor, credential }));
    this.#ask("checking");
    this.#enter(credential);
  }

  #enter(credential: string | null): void {
    const reactor = this.#reactor;
    reactor.on("*", (event) => {
      this.feed.update((feed) => addEvent(feed, event));
      this.readings.update((readings) => readEvent(readings, event));
    });
    reactor.onReset((reset) => this.resets.update(() => reset));
    reactor.onError(({ code }) => code === "token_expiring" && this.#ask("ending"));
    reactor.onState((state, close) => {
      if (state === "connected") this.#letIn();
      else if (state !== "closed") return;
      else if (close?.code === PROBLEMS.forbidden.close) this.#ask("forbidden", close.reason);
      else if (close?.code === PROBLEMS.unauthorized.close)
        this.#ask(credential === null ? "missing" : "refused", close.reason);
    });
    reactor.open();
  }

  #letIn(): void {
    this.#wasIn = true;
    this.entry.update((entry) => ({ ...entry, ask: null, wasIn: true }));
  }

  #ask(reason: Ask["reason"], detail = ""): void {
    this.entry.update((entry) => ({ ...entry, ask: { reason, detail } }));
  }
}
