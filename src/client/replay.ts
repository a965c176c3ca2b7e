// A listener that also hears what came before it: the log is read over HTTP, and joined to what the socket brings.
import { type Cursor, formatCursor, parseCursor } from "../wire/cursor.ts";
import type { ReactorEvent } from "../wire/event.ts";
import { asObject, parseObject } from "../wire/json.ts";
import { MAX_LAST_EVENTS } from "../wire/limits.ts";
import { logPageUrl, mayPass } from "../wire/log-page-url.ts";
import type { Reset } from "../wire/server-frame.ts";
import { check, checkFunction, checkNames, isCount } from "./check.ts";
import { backoff, DEFAULT_RETRY } from "./connection/backoff.ts";
import type { EventOf, Pattern } from "./event-map.ts";
import { type Internals, internalsOf, onControlFrame, tellError } from "./internals.ts";
import { callSafely, type ListenOptions, report, until } from "./listener-set.ts";
import type { Reactor } from "./reactor.ts";

/**
 * Where `replay` begins: with the newest events that match, 1 to 1,000, or after a position.
 *
 * @example
 * ```ts
 * import { connect, type ReplayOptions, replay } from "pulse-reactor/client";
 *
 * const start: ReplayOptions = { since: "0.0" };
 * const reactor = connect("https://events.example.org");
 * replay(reactor, "news_*", (event) => console.log(event.seq), start); // → 1 → 2
 * ```
 */
export type ReplayOptions = ListenOptions &
  (
    | { readonly last: number; readonly since?: undefined }
    | {
        /** A value of `Reactor.cursor`, or `0.0`, the beginning. */
        readonly since: string;
        readonly last?: undefined;
      }
  );

/**
 * What `replay` returns.
 *
 * @example
 * ```ts
 * import { connect, type Replaying, replay } from "pulse-reactor/client";
 *
 * const reactor = connect("https://events.example.org");
 * const news: Replaying = replay(reactor, "news_*", () => console.log(news.cursor), { since: "0.0" }); // → ….1 → ….2
 * ```
 */
export interface Replaying {
  /** Unsubscribes. */
  (): void;
  /**
   * Where it is in the log: what matches and came up to here was delivered. While the log is read that is behind `Reactor.cursor`.
   * `undefined`: `last` was not read yet.
   */
  readonly cursor: string | undefined;
}

/** A page of the log, as `GET /api/events` answers it. */
interface Page {
  readonly events: readonly ReactorEvent[];
  readonly cursor: string;
  readonly more: boolean;
  readonly reset?: Reset;
}

/**
 * Like `Reactor.on`, for events that came before it, too: first those of the log, then those that come, each once and in order. A listener
 * that is added late needs no connection of its own for that. Where the log cannot be read for a while it is asked again; what comes
 * meanwhile waits. A refusal goes to `onError`, and where events are missing because they were deleted, `onReset` says so: a page that
 * loads itself again for that must not begin at the same `since`. What waits is before `Reactor.cursor`, and so before what `keepCursor`
 * keeps.
 *
 * @param pattern as of `Reactor.on`
 * @returns a function that unsubscribes, and has the `cursor` up to which it has delivered
 * @throws TypeError if an argument is invalid
 * @example
 * ```ts
 * import { connect, replay } from "pulse-reactor/client";
 *
 * const reactor = connect("https://events.example.org");
 * replay(reactor, "news_*", (event) => console.log(event.data), { last: 20 }); // → {"title":"First"} → {"title":"Hello"}
 * ```
 */
export function replay<Events extends object, P extends Pattern<Events>>(
  reactor: Reactor<Events>,
  pattern: P,
  listener: (event: EventOf<Events, P>) => void,
  options: ReplayOptions,
): Replaying {
  const internals = internalsOf(reactor);
  checkFunction(listener, "listener");
  check(asObject(options) !== undefined, "options", "either `{ last }` or `{ since }`", options);
  checkNames(options, "last since signal");
  const { last, since, signal } = options;
  check(
    (last === undefined) !== (since === undefined),
    "options",
    "either `{ last }` or `{ since }`",
    Object.keys(options).join(),
  );
  const at = parseCursor(since);
  if (last !== undefined) check(isCount(last), "last", `a whole number from 1 to ${MAX_LAST_EVENTS}`, last);
  else check(at !== undefined, "since", "a value of `reactor.cursor`", since);
  const own = new Replay(reactor, pattern, listener as (event: ReactorEvent) => void, internals, at, last);
  const undo = (internals.until ?? until)(signal, own.begin);
  return Object.defineProperty(() => undo(), "cursor", { get: () => own.cursor }) as Replaying;
}

/** An event of the socket, and where that was. */
interface Held {
  readonly event: ReactorEvent;
  readonly epoch: string | undefined;
}

/**
 * - `idle`: it waits for the connection, or to ask again
 * - `reading`: it reads the log, and holds what the socket brings
 * - `live`: it delivers what the socket brings
 * - `over`
 */
type State = "idle" | "reading" | "live" | "over";

class Replay {
  readonly #reactor: Pick<Reactor<never>, "url" | "onState">;
  readonly #pattern: string;
  readonly #listener: (event: ReactorEvent) => void;
  readonly #internals: Internals;
  readonly #last: number | undefined;
  #state: State = "idle";
  /** What matches up to here was delivered, or was not asked for. `undefined`: the newest are to be read. */
  #at: Cursor | undefined;
  #held: Held[] = [];
  #reading = new AbortController();
  #failures = 0;
  #cancel = () => {};

  constructor(
    reactor: Pick<Reactor<never>, "url" | "onState">,
    pattern: string,
    listener: (event: ReactorEvent) => void,
    internals: Internals,
    at: Cursor | undefined,
    last: number | undefined,
  ) {
    this.#reactor = reactor;
    this.#pattern = pattern;
    this.#listener = listener;
    this.#internals = internals;
    this.#at = at;
    this.#last = last;
  }

  get cursor(): string | undefined {
    const at = this.#state === "live" ? this.#internals.connection.cursor : this.#at;
    return at && formatCursor(at);
  }

  /** @returns its end */
  readonly begin = (): (() => void) => {
    const { connection } = this.#internals;
    const undoes = [
      (this.#reactor as unknown as Reactor).on(this.#pattern, (event) => {
        const held = { event, epoch: connection.cursor?.epoch };
        if (this.#state === "live") this.#deliver(held);
        else this.#held.push(held);
      }),
      this.#reactor.onState((state) => state === "connected" || this.#stop()),
      onControlFrame(connection, (frame) => {
        // A reset of the socket: those of pages have cursors of their own.
        if (frame.type === "reactor_reset" && frame.cursor === connection.cursor)
          this.#follow(frame.data, frame.cursor);
        this.#continue();
      }),
    ];
    this.#continue();
    return () => {
      for (const undo of undoes) undo();
      this.#stop();
      const { cursor } = this;
      this.#at = parseCursor(cursor);
      this.#state = "over";
    };
  };

  /** Reads no sooner than the hub has confirmed that it sends what is emitted from now on: there is no gap between the two. */
  #continue(): void {
    if (this.#state !== "idle" || !this.#internals.connection.isSettled) return;
    this.#state = "reading";
    this.#reading = new AbortController();
    void this.#read(this.#reading.signal);
  }

  #stop(): void {
    this.#cancel();
    this.#reading.abort();
    if (this.#state === "reading") this.#state = "idle";
  }

  /** The socket goes on in another history: what came of the old one comes first, and a page that may be of it is dropped. */
  #follow({ reason }: Reset, cursor: Cursor): void {
    if (reason === "trimmed") return;
    if (this.#state !== "live") {
      this.#stop();
      for (const held of this.#held.splice(0)) this.#deliver(held);
    }
    if (this.#at) this.#at = cursor; // from there on the socket brings it
  }

  async #read(stopped: AbortSignal): Promise<void> {
    const { connection } = this.#internals;
    for (let more = true; more; ) {
      const page = await this.#ask(stopped);
      if (stopped.aborted) return;
      if (page === "refused") break;
      if (!page) {
        const waitMs = backoff(DEFAULT_RETRY, ++this.#failures, connection.ports.random());
        this.#cancel = connection.ports.after(waitMs, () => void this.#read(stopped));
        return;
      }
      this.#failures = 0;
      const { events, reset, cursor } = page;
      if (reset) connection.events?.onFrame({ type: "reactor_reset", data: reset, cursor });
      for (const event of events) {
        if (stopped.aborted) return;
        const passed = this.#internals.pass ? this.#internals.pass(event) : event;
        if (event.seq !== undefined) this.#at = { epoch: cursor.epoch, seq: event.seq };
        if (passed) callSafely(this.#listener, passed);
      }
      if (stopped.aborted) return;
      this.#at = cursor;
      more = page.more;
    }
    for (const [n, held] of this.#held.entries()) {
      if (stopped.aborted) return void this.#held.splice(0, n);
      this.#deliver(held);
    }
    this.#held = [];
    if (!stopped.aborted) this.#state = "live";
  }

  /** What was held or comes now, unless it was read. */
  #deliver({ event, epoch }: Held): void {
    const { seq } = event;
    const at = this.#at;
    const isHere = seq !== undefined && at?.epoch === epoch;
    if (isHere && at && seq <= at.seq) return;
    if (this.#state === "reading" && epoch !== undefined && seq !== undefined) this.#at = { epoch, seq };
    callSafely(this.#listener, event);
  }

  /** @returns the next page, `refused`, or `undefined`: it is to be asked for again */
  async #ask(
    stopped: AbortSignal,
  ): Promise<(Omit<Page, "cursor"> & { readonly cursor: Cursor }) | "refused" | undefined> {
    const { connection, credential, events } = this.#internals;
    const pattern = this.#pattern;
    const from = this.#at ? `after=${formatCursor(this.#at)}` : `last=${this.#last}`;
    try {
      const token = await credential?.next();
      const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
      const asked = pattern === "*" ? events.wanted : [pattern];
      const reply = await fetch(logPageUrl(this.#reactor.url, from, asked), { headers, signal: stopped });
      const text = await reply.text();
      if (stopped.aborted) return undefined;
      if (reply.ok) {
        const page = (connection.parse ?? JSON.parse)(text) as Page;
        const cursor = parseCursor(page.cursor);
        if (!cursor || !Array.isArray(page.events)) throw new TypeError(`No page of the log: ${text.slice(0, 80)}`);
        // The newest are one page, however many are before them.
        return { ...page, cursor, more: page.more && this.#at !== undefined };
      }
      if (!mayPass(reply.status)) {
        const { code, detail } = parseObject(text) ?? {};
        tellError(connection, String(code), `The log: ${detail ?? reply.status}`);
        return "refused";
      }
    } catch (error) {
      if (!stopped.aborted && this.#failures === REPORTED) report(error);
    }
    return undefined;
  }
}

/** The network may be away for a moment. */
const REPORTED = 3;
