// The RPC entry point for other Workers, and its types, which they import from `pulse-reactor/worker`. A Worker that has the
// binding may emit. Its JavaScript may pass anything that RPC takes, so arguments are checked as if they were `unknown`.
import { WorkerEntrypoint } from "cloudflare:workers";
import type { Receipt } from "../core/log/receipt.ts";
import { DEFAULT_CHANNEL } from "../wire/channel.ts";
import { describeValue } from "../wire/describe-value.ts";
import { isPlainObject } from "../wire/json.ts";
import { err, ok, type Result } from "../wire/problem.ts";
import { parseDrafts } from "./body/parse-drafts.ts";
import { emitTo } from "./call-hub.ts";
import { channelNamed } from "./channel-stub.ts";
import { checkEnabled } from "./check-enabled.ts";

/**
 * An event to emit. A member that is not listed here is refused with `unknown_field`.
 *
 * @example
 * ```ts
 * import type { EventInput, ReactorApi } from "pulse-reactor/worker";
 *
 * interface Env {
 *   readonly REACTOR: Service<ReactorApi>;
 * }
 *
 * const paid = (order: number): EventInput => ({
 *   type: "order_paid",
 *   data: { order, at: new Date(0) }, // a Date is stored as its ISO 8601 text
 *   source: "shop",
 *   id: `order-${order}-paid`, // emitted again, it is a duplicate
 * });
 *
 * export default {
 *   async fetch(_request, env) {
 *     await env.REACTOR.emit(paid(42));
 *     const again = await env.REACTOR.emit([paid(42), paid(43)]);
 *     if (again.ok) console.log(again.value.events.map(({ duplicate }) => duplicate)); // → [true,false]
 *     return new Response();
 *   },
 * } satisfies ExportedHandler<Env>;
 * ```
 */
export interface EventInput {
  /**
   * Such as `news_processed` or `Order Completed`: 1 to 256 bytes without control characters, `,` or `*`, and without a space at
   * either end; not `echo`, `reactor_*` or `websocket_*`.
   */
  readonly type: string;
  /**
   * Plain objects, arrays, strings, finite numbers, booleans, `null` and valid Dates, nested at most 500 deep; `{}` by
   * default. The event may take 256 KiB as stored.
   */
  readonly data?: unknown;
  /** The publisher, 1 to 256 bytes, not beginning with `user:`; `system` by default. */
  readonly source?: string | undefined;
  /** A valid Date, or RFC 3339 with date and time. Absent: the time of the hub. It never orders. */
  readonly timestamp?: string | Date | undefined;
  /**
   * 1 to 256 bytes; by default the event's cursor. With an `id` the event may be sent again: it is not logged again while one
   * with its `source` and `id` is in the log, nor for 10 minutes. With another type or other data it is refused:
   * `id_conflict`.
   */
  readonly id?: string | undefined;
}

/**
 * Options of `ReactorApi.emit`. A member that is not listed here is refused with `bad_options`.
 *
 * @example
 * ```ts
 * import type { EmitOptions, ReactorApi } from "pulse-reactor/worker";
 *
 * interface Env {
 *   readonly REACTOR: Service<ReactorApi>;
 * }
 *
 * const channelOf = (tenant: string): EmitOptions => ({ channel: `tenant-${tenant}` });
 *
 * export default {
 *   async fetch(_request, env) {
 *     const fine = await env.REACTOR.emit({ type: "order_paid" }, channelOf("42"));
 *     console.log(fine.ok); // → true
 *     const refused = await env.REACTOR.emit({ type: "order_paid" }, channelOf("ACME Ltd."));
 *     if (!refused.ok) console.log(refused.problem.code); // → bad_channel
 *     return new Response();
 *   },
 * } satisfies ExportedHandler<Env>;
 * ```
 */
export interface EmitOptions {
  /** 1 to 128 of `A-Z a-z 0-9 . _ : -`, beginning with a letter or a digit; case tells. `main` by default. */
  readonly channel?: string | undefined;
}

/**
 * `value` once the events are durable: `{cursor, events: [{id, seq, duplicate}]}`, one entry per event. Or `problem`:
 * `{code, detail, pointer?}`, and nothing was stored: `code` is stable, `detail` a sentence for a developer, `pointer` a JSON
 * Pointer to the place in what was passed.
 *
 * @example
 * ```ts
 * import type { EmitResult, ReactorApi } from "pulse-reactor/worker";
 *
 * interface Env {
 *   readonly REACTOR: Service<ReactorApi>;
 * }
 *
 * const outcome = (emitted: EmitResult) =>
 *   emitted.ok ? `logged at ${emitted.value.cursor}` : `${emitted.problem.code} at ${emitted.problem.pointer}`;
 *
 * export default {
 *   async fetch(_request, env) {
 *     console.log(outcome(await env.REACTOR.emit([{ type: "a" }, { type: "b" }]))); // → logged at ….2
 *     console.log(outcome(await env.REACTOR.emit([{ type: "a" }, { type: "" }]))); // → bad_event at /1/type
 *     return new Response();
 *   },
 * } satisfies ExportedHandler<Env>;
 * ```
 */
export type EmitResult = Result<Receipt>;

/**
 * The hub, for other Workers of the same account. Bind this service with `entrypoint = "ReactorApi"`; the binding is a
 * `Service<ReactorApi>`. It needs no key: who has the binding may emit.
 */
export class ReactorApi extends WorkerEntrypoint<Cloudflare.Env> {
  /**
   * Emits one event or an array of events. An array is taken whole or not at all.
   *
   * @param events one event, or 1 to 1,000 of them with at most 4 MiB together
   * @param options the channel; default: `main`
   * @returns the receipt, or why nothing was stored: `bad_event`, `unknown_field`, `reserved_type`, `event_too_large`, `empty_batch`,
   * `batch_too_large`, `body_too_large`, `id_conflict`, `bad_channel`, `bad_options`, `overloaded`, `log_unavailable` or
   * `reactor_disabled`. Only the last three may succeed later, `overloaded` after a second
   * @throws an Error while a variable of the hub is invalid, or if `events` holds what RPC cannot pass
   * @example
   * ```ts
   * import type { ReactorApi } from "pulse-reactor/worker";
   *
   * interface Env {
   *   readonly REACTOR: Service<ReactorApi>;
   * }
   *
   * export default {
   *   async fetch(_request, env) {
   *     const emitted = await env.REACTOR.emit({ type: "news_processed", data: { title: "Hello" } }, { channel: "main" });
   *     if (!emitted.ok) return new Response(emitted.problem.detail, { status: 502 });
   *     console.log(`The event is in the log at ${emitted.value.cursor}.`); // → The event is in the log at ….1.
   *     return new Response();
   *   },
   * } satisfies ExportedHandler<Env>;
   * ```
   */
  async emit(events: EventInput | readonly EventInput[], options: EmitOptions = {}): Promise<EmitResult> {
    const enabled = checkEnabled(this.env);
    if (!enabled.ok) return enabled;
    const channel = channelIn(options);
    if (!channel.ok) return channel;
    const named = channelNamed(channel.value, this.env);
    if (!named.ok) return named;
    const drafts = parseDrafts(events);
    if (!drafts.ok) return drafts;
    const receipt = await emitTo(named.value, this.env, drafts.value);
    return receipt.ok ? ok(JSON.parse(receipt.value) as Receipt) : receipt;
  }
}

/** A misspelt option is refused: without it, events that are meant for a guarded channel would go to `main`. */
function channelIn(options: unknown): Result<unknown> {
  if (!isPlainObject(options)) {
    return err("bad_options", `Options are {channel}; this is ${describeValue(options)}.`);
  }
  const { channel = DEFAULT_CHANNEL, ...others } = options;
  const [unknown] = Object.keys(others);
  return unknown === undefined
    ? ok(channel)
    : err("bad_options", `Options are {channel}; there is no option ${describeValue(unknown)}.`);
}
