// One visit to a channel: the connection and its credential. The credential is kept only in this object, and in the tab's storage where the
// visitor wants that: not in a URL; not in a log. What comes over the connection is for those who listen.

import type { Ports } from "../../client/connection/ports.ts";
import { runtimePorts } from "../../client/connection/runtime-ports.ts";
import {
  type ConnectionState,
  createReactor,
  type Reactor,
  type ReactorEvent,
  type Reset,
} from "../../client/index.ts";
import { Snapshot } from "../../react/snapshot.ts";
import { FORBIDDEN, UNAUTHORIZED } from "../../wire/close-code.ts";
import { formatCursor, ORIGIN } from "../../wire/cursor.ts";
import { asObject } from "../../wire/json.ts";
import { type Answer, type Asking, askHub } from "./ask-hub.ts";
import { type Emission, postOf } from "./emit-event.ts";
import { keepCredential, keptCredential } from "./kept-credential.ts";
import { RetryTimer } from "./retry-timer.ts";

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
  readonly state: ConnectionState;
  /** Since when it is in this state, in Unix time in ms. */
  readonly sinceMs: number;
  /** When the connection was lost, in Unix time in ms; `null`: it is there, or was never. */
  readonly lostMs: number | null;
  /** When the next attempt to connect begins, in Unix time in ms; `null`: none is planned. */
  readonly retryAtMs: number | null;
  /** Failed attempts since it was connected. */
  readonly attempts: number;
  /** Why the hub has ended the connection: the code of a problem, or empty, and its sentence. `null`: it has not. */
  readonly ended: { readonly code: string; readonly detail: string } | null;
  /** What the hub refused last on this connection; `null`: nothing. */
  readonly refusal: string | null;
}

/** Before the first connection. */
const NOT_CONNECTED = {
  state: "connecting",
  lostMs: null,
  retryAtMs: null,
  attempts: 0,
  ended: null,
  refusal: null,
} as const;

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
  /** The key that was entered for what operators do, where the connection's credential is not enough; `null`: none. */
  readonly ownKey = new Snapshot<string | null>(null);
  readonly #ports: Ports;
  readonly #listeners = new Set<VisitListener>();
  #reactor: Reactor;
  #retryTimer!: RetryTimer;
  #credential: string | null = null;
  /** Whether the tab is to keep the credential once the hub has accepted it. */
  #isKeeping = false;
  /** The code with which the hub has announced the end of the socket. */
  #announced = "";
  #ownKey: string | null = null;
  #wasIn = false;
  /** Whether what comes now was in the log when the page was opened. `null`: not connected yet. */
  #isOpening: boolean | null = null;

  /** @throws TypeError if `channel` is invalid */
  constructor(channel: string | null, ports: Ports = runtimePorts) {
    this.channel = channel;
    this.#ports = ports;
    this.#credential = keptCredential();
    this.#reactor = this.#firstConnection();
    this.entry = new Snapshot<Entry>({
      reactor: this.#reactor,
      credential: this.#credential,
      ask: null,
      wasIn: false,
      sinceMs: Date.now(),
      ...NOT_CONNECTED,
    });
  }

  /** Connects, with the tab's credential if it keeps one. @param from the visit whose keys are to be used */
  begin(from?: Visit): void {
    this.#keep(from ? from.#ownKey : null);
    if (from && from.#credential !== null && this.#credential === null) this.show(from.#credential);
    else this.#enter();
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

  /** Tries to connect at once, instead of when the wait is over. */
  retry(): void {
    if (this.#reactor.state !== "connected") this.#reactor.open();
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

  /** Reconnects with `credential`, and resumes. @param isKept whether the tab keeps it, once the hub has accepted it */
  show(credential: string, isKept = false): void {
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
    this.#isKeeping = isKept;
    const reactor = this.#reactor;
    this.entry.update((entry) => ({ ...entry, reactor, credential }));
    this.#ask("checking");
    this.#enter();
  }

  #firstConnection(): Reactor {
    const start = { last: OPENING_EVENTS };
    const credential = this.#credential;
    if (credential === null) return this.#connection(start);
    try {
      return this.#connection({ ...start, token: credential });
    } catch {
      this.#credential = null; // what is kept was changed by hand
      return this.#connection(start);
    }
  }

  /** @throws TypeError if an option is invalid */
  #connection(options: { last?: number; cursor?: string | undefined; token?: string }): Reactor {
    const parse = (text: string) => {
      const frame: unknown = JSON.parse(text);
      this.#note(asObject(frame) ?? {});
      return frame;
    };
    const timer = new RetryTimer(this.#ports, (retryAtMs) => this.entry.update((entry) => ({ ...entry, retryAtMs })));
    const reactor = createReactor({ channel: this.channel ?? undefined, ...options, parse }, timer.ports);
    this.#retryTimer = timer;
    return reactor;
  }

  /** Sees each frame before its events are delivered: those up to the first frame that is the last for now were kept. */
  #note({ type, more, data }: Readonly<Record<string, unknown>>): void {
    const { cursor, code, close } = asObject(data) ?? {};
    if (type === "reactor_error" && close !== undefined) this.#announced = String(code);
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

  #enter(): void {
    const [reactor, timer, credential] = [this.#reactor, this.#retryTimer, this.#credential];
    reactor.on("*", (event) => {
      const cursor = event.seq === undefined ? null : (reactor.cursor ?? null); // it moves to each event before that is delivered
      for (const listener of this.#listeners) listener.event?.(event, this.#isOpening === true, cursor);
    });
    reactor.onReset((reset) => {
      for (const listener of this.#listeners) listener.reset?.(reset);
    });
    reactor.onError(({ code, message }) => {
      if (code === "token_expiring") this.#ask("ending");
      else if (code !== "connection_failed") this.entry.update((entry) => ({ ...entry, refusal: message }));
    });
    reactor.onState((state, close) => {
      if (reactor !== this.#reactor) return; // another one has its place
      const [retryAtMs, sinceMs, { attempts }] = [timer.changed(state), Date.now(), reactor];
      const code = this.#announced;
      const ended = state === "closed" ? { code, detail: close?.reason ?? "" } : null;
      this.entry.update((entry) => {
        const lostMs = state === "connected" ? null : (entry.lostMs ?? (entry.wasIn ? sinceMs : null));
        return { ...entry, state, sinceMs, lostMs, retryAtMs, attempts, ended };
      });
      if (state === "connecting") this.#announced = "";
      if (state === "connected") this.#letIn();
      else if (state !== "closed" || code === "foreign_origin") return;
      else if (close?.code === FORBIDDEN) this.#ask("forbidden", close.reason);
      else if (close?.code === UNAUTHORIZED) {
        keepCredential(null);
        this.#ask(credential === null ? "missing" : "refused", close.reason);
      }
    });
    reactor.open();
  }

  #keep(ownKey: string | null): void {
    this.#ownKey = ownKey;
    this.ownKey.update(() => ownKey);
  }

  #letIn(): void {
    this.#wasIn = true;
    if (this.#isKeeping) keepCredential(this.#credential);
    this.entry.update((entry) => ({ ...entry, ask: null, wasIn: true, refusal: null }));
  }

  #ask(reason: Ask["reason"], detail = ""): void {
    this.entry.update((entry) => ({ ...entry, ask: { reason, detail } }));
  }
}
