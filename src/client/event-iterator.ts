// The events of a connection as a loop.
import { check, checkNames, checkPattern } from "./check.ts";
import type { EventOf, Pattern } from "./event-map.ts";
import { internalsOf } from "./internals.ts";
import type { ListenOptions } from "./listener-set.ts";
import type { Reactor } from "./reactor.ts";

/**
 * Options of `events`.
 *
 * @example
 * ```ts
 * import { connect, type EventsOptions, events } from "pulse-reactor/client";
 *
 * const left = new AbortController();
 * const options: EventsOptions = { signal: left.signal, limit: 1_000 };
 * const reactor = connect("https://events.example.org");
 * for await (const event of events(reactor, "news_*", options)) {
 *   console.log(event.type); // → news_processed
 *   left.abort();
 * }
 * console.log(reactor.patterns); // → ["reactor_heartbeat"]
 * ```
 */
export interface EventsOptions extends ListenOptions {
  /** Ends the loop, also while it waits. */
  readonly signal?: AbortSignal | undefined;
  /** How many events may wait for the loop. One more ends it with an error: it is slower than they come. Default: 100,000. */
  readonly limit?: number | undefined;
}

/**
 * The events that match `pattern`, for `for await`. Listening is subscribing, as with `Reactor.on`, from the loop's beginning to its end:
 * by `break` or `return()`, by the `signal`, or when the connection is closed. Events that come while the loop is busy wait for it; they are
 * before `Reactor.cursor`, and so before what `keepCursor` keeps.
 *
 * @param pattern as of `Reactor.on`
 * @throws TypeError if an argument or an option is none; in the loop an Error with the `code`
 * - `closed`: the connection is closed for good, for the reason in the message, or is not open when the loop begins; the page's own `close`
 *   ends the loop without an error
 * - `too_slow`: more than `limit` events wait
 * @example
 * ```ts
 * import { connect, events } from "pulse-reactor/client";
 *
 * const reactor = connect({ url: "https://events.example.org", cursor: "0.0" });
 * for await (const event of events(reactor, "news_*")) {
 *   console.log(event.seq, event.data); // → 1 {"title":"First"} → 2 {"title":"Hello"}
 * }
 * ```
 */
export function events<Events extends object, P extends Pattern<Events>>(
  reactor: Reactor<Events>,
  pattern: P,
  options: EventsOptions = {},
): AsyncGenerator<EventOf<Events, P>, void, void> {
  internalsOf(reactor);
  checkPattern(pattern, "pattern");
  checkNames(options, "signal limit");
  const { limit = 100_000 } = options;
  check(limit >= 1 && (Number.isInteger(limit) || limit === Infinity), "limit", "a whole number of at least 1", limit);
  let finish = () => {};
  const loop = iterate(reactor, pattern, limit, options.signal, (given) => {
    finish = given;
  });
  // Those of a generator wait until it yields, which it may never do again.
  const { return: leave, throw: fail } = loop;
  return Object.assign(loop, {
    return() {
      finish();
      return leave.call(loop);
    },
    throw(error: unknown) {
      finish();
      return fail.call(loop, error);
    },
  });
}

/** @param begun gets the loop's end, once it has begun */
async function* iterate<Events extends object, P extends Pattern<Events>>(
  reactor: Reactor<Events>,
  pattern: P,
  limit: number,
  signal: AbortSignal | undefined,
  begun: (finish: () => void) => void,
): AsyncGenerator<EventOf<Events, P>, void, void> {
  if (signal?.aborted) return;
  if (reactor.state === "closed") throw withCode("closed", "The connection is closed: open it before the loop.");
  const waiting: EventOf<Events, P>[] = [];
  /** Of those that the loop has taken over, how many it has not seen. */
  let taken = 0;
  let wake = () => {};
  let end: { readonly error?: Error } | undefined;
  const finish = (error?: Error) => {
    undo();
    end ??= error ? { error } : {};
    wake();
  };
  const abort = () => finish();
  const undoes = [
    reactor.on(pattern, (event) => {
      if (waiting.length + taken === limit) finish(withCode("too_slow", `${limit} events wait for the loop already.`));
      else waiting.push(event);
      wake();
    }),
    reactor.onState((state, close) => {
      if (state !== "closed") return;
      finish(close && withCode("closed", `The connection is closed (${close.code} ${close.reason}).`));
    }),
    () => signal?.removeEventListener("abort", abort),
  ];
  const undo = () => {
    for (const call of undoes) call();
  };
  signal?.addEventListener("abort", abort);
  begun(abort);
  try {
    while (!signal?.aborted) {
      const batch = waiting.splice(0);
      taken = batch.length;
      for (const event of batch) {
        taken -= 1;
        yield event;
        if (signal?.aborted) return;
      }
      if (waiting.length > 0) continue;
      if (end?.error) throw end.error;
      if (end) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    undo();
  }
}

function withCode(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
