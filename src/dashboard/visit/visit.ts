// One visit to a channel: the connection and its credential. The credential is kept only in this object: not in storage, which
// browsers write to disk; not in a URL; not in a log. What comes over the connection is for those who listen.

import type { Ports } from "../../client/connection/ports.ts";
import { createReactor, type Reactor, type ReactorEvent, type Reset } from "../../client/index.ts";
import { Snapshot } from "../../react/snapshot.ts";
import { formatCursor, ORIGIN } from "../../wire/cursor.ts";
import { asObject } from "../../wire/json.ts";
import { PROBLEMS } from "../../wire/problem.ts";
import { type Answer, type Asking, askHub } from "./ask-hub.ts";

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

/** An event to be emitted. */
export interface EmitDraft {
  readonly type: string;
  readonly data: unknown;
  /** Default: that of the hub. */
  readonly source?: string;
}

/** What listens to a visit, over all its connections. */
export interface VisitListener {
  /**
   * @param wasKept it was in the log when the page was opened
   * @param cursor its place in the log; `null`: it is not there
   */
  event?(event: ReactorEvent, wasKept: boolean, cursor: string | null): void;
  reset?(reset: Reset): void;
  /** Called once: what was in the log when the page was opened has come. */
  opened?(): void;
  /** An operator took the event out that was there. */
  removed?(cursor: string): void;
}

export class Visit {
  /** `null`: the default one. */
  readonly channel: string | null;
  readonly entry: Snapshot<Entry>;
  readonly #ports: Ports | undefined;
  readonly #listeners = new Set<VisitListener>();
  #reactor: Reactor;
  #credential: string | null = null;
  /** What an emit was accepted with that the connection's credential does not allow. */
  #emitKey: string | null = null;
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

  /** Connects without a credential. */
  begin(): void {
    this.#enter(null);
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

  /**
   * Emits a new event, with the connection's credential, or with the key that was accepted the last time.
   *
   * @param key instead of those; it is kept in this page's memory once it is accepted
   * @returns the hub's receipt, with its `cursor`
   */
  async emit(draft: EmitDraft, key: string | null = this.#emitKey ?? this.#credential): Promise<Answer> {
    // With an `id`: a browser sends a POST again by itself if its answer is lost. `crypto.randomUUID` needs https.
    const body = JSON.stringify({ ...draft, id: `${Date.now()}-${Math.random()}` });
    const headers = { "Content-Type": "application/json" };
    const answer = await askHub("/api/events", key, this.channel, { method: "POST", headers, body });
    if (answer.ok) this.#emitKey = key;
    else if (answer.isKeyRefused) this.#emitKey = null;
    return answer;
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
  #note({ type, more, data }: Readonly<Record<string, unknown>>): void {
    const { cursor } = asObject(data) ?? {};
    if (type === "reactor_removed") {
      for (const listener of this.#listeners) listener.removed?.(String(cursor));
    } else if (type === "reactor_connected" && this.#isOpening === null) {
      this.#isOpening = true;
      if (cursor === formatCursor(ORIGIN)) this.#opened();
      else setTimeout(() => this.#opened(), OPENING_MS);
    } else if (type === "reactor_events" && !more && this.#isOpening) {
      queueMicrotask(() => this.#opened()); // behind the events of this frame
    }
  }

  #opened(): void {
    if (!this.#isOpening) return;
    this.#isOpening = false;
    for (const listener of this.#listeners) listener.opened?.();
  }

  #enter(credential: string | null): void {
    const reactor = this.#reactor;
    reactor.on("*", (event) => {
      const cursor = event.seq === undefined ? null : (reactor.cursor ?? null); // it moves to each event before that is delivered
      for (const listener of this.#listeners) listener.event?.(event, this.#isOpening === true, cursor);
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

  #letIn(): void {
    this.#wasIn = true;
    this.entry.update((entry) => ({ ...entry, ask: null, wasIn: true }));
  }

  #ask(reason: Ask["reason"], detail = ""): void {
    this.entry.update((entry) => ({ ...entry, ask: { reason, detail } }));
  }
}
