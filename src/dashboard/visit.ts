// One visit to a channel: the connection, its credential, and the events it received. The credential is kept only in this
// object: not in storage, which browsers write to disk; not in a URL; not in a log.

import type { Ports } from "../client/connection/ports.ts";
import { createReactor, type Reactor, type Reset } from "../client/index.ts";
import { Snapshot } from "../react/snapshot.ts";
import { PROBLEMS } from "../wire/problem.ts";
import { addEvent, EMPTY_FEED, type Feed, SHOWN } from "./feed.ts";
import { NO_READINGS, type Readings, readEvent } from "./readings.ts";

/** Why the page asks for a key or a token. */
export interface Ask {
  /**
   * `missing`: none was given. `refused`: invalid or expired. `forbidden`: valid, but without the right. `ending`: expires
   * within a minute. `unsendable`: not valid in a subprotocol. `checking`: waiting for the hub's answer.
   */
  readonly reason: "missing" | "refused" | "forbidden" | "ending" | "unsendable" | "checking";
  /** The hub's explanation, or empty. */
  readonly detail: string;
}

export interface Entry {
  readonly reactor: Reactor;
  /** Its key or token; `null`: none. */
  readonly credential: string | null;
  /** `null`: none is needed. */
  readonly ask: Ask | null;
  /** Whether this page was ever connected. */
  readonly wasIn: boolean;
}

export class Visit {
  /** `null`: the default one. */
  readonly channel: string | null;
  readonly feed = new Snapshot<Feed>(EMPTY_FEED);
  readonly readings = new Snapshot<Readings>(NO_READINGS);
  readonly resets = new Snapshot<Reset | null>(null);
  readonly entry: Snapshot<Entry>;
  readonly #ports: Ports | undefined;
  #reactor: Reactor;
  #wasIn = false;

  /** Connects at once without a credential. @throws TypeError if `channel` is invalid */
  constructor(channel: string | null, ports?: Ports) {
    this.channel = channel;
    this.#ports = ports;
    this.#reactor = createReactor({ channel: channel ?? undefined, last: SHOWN }, ports);
    this.entry = new Snapshot<Entry>({ reactor: this.#reactor, credential: null, ask: null, wasIn: false });
    this.#enter(null);
  }

  /** Reconnects with `credential`, and resumes. */
  show(credential: string): void {
    const before = this.#reactor;
    const start = this.#wasIn ? { cursor: before.cursor } : { last: SHOWN };
    try {
      this.#reactor = createReactor({ channel: this.channel ?? undefined, ...start, token: credential }, this.#ports);
    } catch {
      this.#ask("unsendable"); // all other options were valid before
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
