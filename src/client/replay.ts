// A listener that also hears what came before it: the log is read over HTTP, and joined to what the socket brings.
import { type Cursor, ORIGIN, parseCursor } from "../wire/cursor.ts";
import type { ReactorEvent } from "../wire/event.ts";
import { parseObject } from "../wire/json.ts";
import { MAX_LAST_EVENTS } from "../wire/limits.ts";
import type { Reset } from "../wire/server-frame.ts";
import { check, checkFunction, isCount } from "./check.ts";
import { backoff, DEFAULT_RETRY } from "./connection/backoff.ts";
import type { EventOf, Pattern } from "./event-map.ts";
import { internalsOf, onControlFrame, tellError } from "./internals.ts";
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
 * meanwhile waits. A refusal goes to `onError`, and where events are missing because they were deleted, `onReset` says so.
 *
 * @param pattern as of `Reactor.on`
 * @returns a function that unsubscribes
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
  { last, since, signal }: ReplayOptions,
): () => void {
  const { connection, credential, events, pass = (event: ReactorEvent) => event } = internalsOf(reactor);
  checkFunction(listener, "listener");
  check((last === undefined) !== (since === undefined), "options", "of either `last` or `since`", "other");
  if (last !== undefined) check(isCount(last), "last", `a whole number from 1 to ${MAX_LAST_EVENTS}`, last);
  else check(parseCursor(since) !== undefined, "since", "a value of `reactor.cursor`", since);

  /** Where to read on. */
  let from = last === undefined ? `after=${since}` : `last=${last}`;
  /** Everything up to here was read from the log. */
  let seam: Cursor | undefined;
  /** What the socket has brought meanwhile; `undefined`: the log is read. */
  let held: (() => void)[] | undefined = [];
  let reading: AbortController | undefined;
  let failures = 0;
  let cancel = () => {};
  let isOver = false;

  const deliver = (event: ReactorEvent | null) => {
    if (event && !isOver) callSafely(listener as (event: ReactorEvent) => void, event);
  };
  const goLive = () => {
    for (const run of held ?? []) run();
    held = undefined;
  };
  /** Reads no sooner than the hub has confirmed that it sends what is emitted from now on: there is no gap between the two. */
  const begin = () => {
    if (reading || !held || !connection.isSettled) return;
    reading = new AbortController();
    void read(reading.signal);
  };
  const stop = () => {
    cancel();
    reading?.abort();
    reading = undefined;
  };
  const read = async (stopped: AbortSignal): Promise<void> => {
    try {
      const token = await credential?.next();
      const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
      const asked = pattern === "*" ? events.wanted : [pattern];
      const url = reactor.url.replace(/^ws(.*)\/ws\/stream(\?.*)?$/, (_, hub, query = "?") => {
        const filter = asked.length > 0 ? `&events=${encodeURIComponent(asked.join())}` : "";
        return `http${hub}/api/events${query}&${from}${filter}`.replace("?&", "?");
      });
      const reply = await fetch(url, { headers, signal: stopped });
      const text = await reply.text();
      if (stopped.aborted) return;
      if (reply.ok) {
        const page = (connection.parse ?? JSON.parse)(text) as Page;
        const cursor = parseCursor(page.cursor) ?? ORIGIN;
        if (page.reset) connection.events?.onFrame({ type: "reactor_reset", data: page.reset, cursor });
        for (const event of page.events) deliver(pass(event));
        seam = cursor;
        failures = 0;
        if (!page.more || last !== undefined) return goLive();
        from = `after=${page.cursor}`;
        return await read(stopped);
      }
      if (reply.status < 500 && !PASSING.includes(reply.status)) {
        const { code, detail } = parseObject(text) ?? {};
        tellError(connection, String(code), `The log: ${detail ?? reply.status}`);
        return goLive();
      }
    } catch (error) {
      if (stopped.aborted) return;
      if (failures === REPORTED) report(error);
    }
    cancel = connection.ports.after(
      backoff(DEFAULT_RETRY, ++failures, connection.ports.random()),
      () => void read(stopped),
    );
  };

  return until(signal, () => {
    const undoes = [
      reactor.on(pattern, (event) => {
        const at = connection.cursor;
        const { seq } = event as ReactorEvent;
        const run = () => {
          const isRead = seq !== undefined && seam && at?.epoch === seam.epoch && seq <= seam.seq;
          if (!isRead) deliver(event as ReactorEvent);
        };
        if (held) held.push(run);
        else run();
      }),
      reactor.onState((state) => state === "connected" || stop()),
      onControlFrame(connection, begin),
    ];
    begin();
    return () => {
      isOver = true;
      stop();
      for (const undo of undoes) undo();
    };
  });
}

/** Statuses after which the same question may be answered: the connection gets a fresh token, or the hub is busy. */
const PASSING = [401, 408, 429];

/** The network may be away for a moment. */
const REPORTED = 3;
