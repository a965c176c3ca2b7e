// One visit to a channel: the connection and its credential. The credential is kept only in this object: not in storage, which
// browsers write to disk; not in a URL; not in a log. What comes over the connection is for those who listen.

import type { Ports } from "../../client/connection/ports.ts";
import { createReactor, type Reactor, type ReactorEvent, type Reset } from "../../client/index.ts";
import { Snapshot } from "../../react/snapshot.ts";
import { asObject } from "../../wire/json.ts";
import { PROBLEMS } from "../../wire/problem.ts";
import { type Answer, type Asking, askHub } from "./ask-hub.ts";
import { type Emission, postOf } from "./emit-event.ts";

/** How many of the newest events a page begins with. */
export const OPENING_EVENTS = 50;

/** Where nothing was kept, nothing marks the end of what was kept: what comes later than this is live. */
const OPENING_MS = 1_000;

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

/** What listens to a visit, over all its connections. */
export interface VisitListener {
  /** @param wasKept it was in the log when the page was opened */
  event?(event: ReactorEvent, wasKept: boolean): void;
  reset?(reset: Reset): void;
}

export class Visit {
  /** `null`: the default one. */
  readonly channel: string | null;
  readonly entry: Snapshot<Entry>;
  /** The key that was entered for what operators do, where the connection's credential is not enough; `null`: none. */
  readonly ownKey = new Snapshot<string | null>(null);
  readonly #ports: Ports | undefined;
  readonly #listeners = new Set<VisitListener>();
  #reactor: Reactor;
  #credential: string | null = null;
  #ownKey: string | null = null;
  #wasIn = false;
  /** Whether what comes now was in the log when the page was opened. `null`: not connected yet. */
  #isOpening: boolean | null = null;

  /** @throws TypeError if `channel` is invalid */
  constructor(channel: string | null, ports?: Ports) {
    this.channel = channel;
    this.#ports = ports;
    this.#reactor = this.#connection({ last: OPENING_EVENTS });
    this.entry = new Snapshot<Entry>({ reactor: this.#reactor, credential: null, ask: null, wasIn: false });
  }

  /** Connects. @param from the visit whose keys are to be used; without it, with none */
  begin(from?: Visit): void {
    this.#keep(from ? from.#ownKey : null);
    if (from && from.#credential !== null) this.show(from.#credential);
    else this.#enter(null);
  }

  /** Ends the connection: the page shows another channel. */
  end(): void {
    this.#reactor.close();
  }

  /** @returns a function that unsubscribes */
  listen(listener: VisitListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Requests something of the hub, for this channel and with the connection's credential. */
  ask(path: string, asking?: Asking): Promise<Answer> {
    return askHub(path, this.#credential, this.channel, asking);
  }

  /** What operators' requests are made with; `null`: nothing. */
  get operatorKey(): string | null {
    return this.#ownKey ?? this.#credential;
  }

  /** Requests something that only operators may. @param key another one, which is kept in this object unless the hub refuses it */
  async operate(path: string, asking?: Asking, key = this.operatorKey): Promise<Answer> {
    const answer = await askHub(path, key, this.channel, asking);
    const isRefused = !answer.ok && answer.isKeyRefused;
    if (!isRefused && key !== this.#credential) this.#keep(key);
    if (isRefused && key === this.#ownKey) this.#keep(null);
    return answer;
  }

  /** Emits an event, with a fresh id if it has none. @returns the hub's receipt, with its `cursor` */
  emit(emission: Emission, key?: string): Promise<Answer> {
    return this.operate("/api/events", postOf(emission), key);
  }

  /** Reconnects with `credential`, and resumes. */
  show(credential: string): void {
    const before = this.#reactor;
    const start = this.#wasIn ? { cursor: before.cursor } : { last: OPENING_EVENTS };
    try {
      this.#reactor = this.#connection({ ...start, token: credential });
    } catch {
      this.#ask("unsendable"); // all other options were valid before
      return;
    }
    before.close();
    this.#credential = credential;
    const reactor = this.#reactor;
    this.entry.update((entry) => ({ ...entry, reactor, credential }));
    this.#ask("checking");
    this.#enter(credential);
  }

  /** @throws TypeError if an option is invalid */
  #connection(options: { last?: number; cursor?: string | undefined; token?: string }): Reactor {
    const parse = (text: string) => {
      const frame: unknown = JSON.parse(text);
      this.#note(asObject(frame) ?? {});
      return frame;
    };
    return createReactor({ channel: this.channel ?? undefined, ...options, parse }, this.#ports);
  }

  /** Sees each frame before its events are delivered: those up to the first frame that is the last for now were kept. */
  #note({ type, more }: Readonly<Record<string, unknown>>): void {
    if (type === "reactor_connected" && this.#isOpening === null) {
      this.#isOpening = true;
      setTimeout(() => this.#opened(), OPENING_MS);
    } else if (type === "reactor_events" && !more && this.#isOpening) {
      queueMicrotask(() => this.#opened()); // behind the events of this frame
    }
  }

  #opened(): void {
    this.#isOpening = false;
  }

  #enter(credential: string | null): void {
    const reactor = this.#reactor;
    reactor.on("*", (event) => {
      for (const listener of this.#listeners) listener.event?.(event, this.#isOpening === true);
    });
    reactor.onReset((reset) => {
      for (const listener of this.#listeners) listener.reset?.(reset);
    });
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

  #keep(ownKey: string | null): void {
    this.#ownKey = ownKey;
    this.ownKey.update(() => ownKey);
  }

  #letIn(): void {
    this.#wasIn = true;
    this.entry.update((entry) => ({ ...entry, ask: null, wasIn: true }));
  }

  #ask(reason: Ask["reason"], detail = ""): void {
    this.entry.update((entry) => ({ ...entry, ask: { reason, detail } }));
  }
}
