// The RPC entry point for other Workers, and its types, which they import from `pulse-reactor/worker`. A Worker that has the
// binding may emit. Its JavaScript may pass anything that RPC takes, so arguments are checked as if they were `unknown`.
import { WorkerEntrypoint } from "cloudflare:workers";
import type { Removed, Revoked } from "../core/broker.ts";
import type { Receipt } from "../core/log/receipt.ts";
import { type Cursor, parseCursor } from "../wire/cursor.ts";
import { describeValue } from "../wire/describe-value.ts";
import { err, ok, type Result } from "../wire/problem.ts";
import { parseRevocation } from "./body/parse-revocation.ts";
import { callHubForResult } from "./call-hub.ts";
import { channelBy, emitByCall } from "./emit-by-call.ts";

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
 * Options of the methods of `ReactorApi`. A member that is not listed here is refused with `bad_options`.
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
 * Which tokens `ReactorApi.revoke` revokes: either those of a `sub`, or one by its `jti`. A member that is not listed here is
 * refused with `bad_revocation`.
 *
 * @example
 * ```ts
 * import type { ReactorApi, RevocationInput } from "pulse-reactor/worker";
 *
 * interface Env {
 *   readonly REACTOR: Service<ReactorApi>;
 * }
 *
 * const everywhere = (person: string): RevocationInput => ({ sub: person });
 *
 * export default {
 *   async fetch(_request, env) {
 *     const revoked = await env.REACTOR.revoke(everywhere("ada"));
 *     console.log(revoked.ok); // → true
 *     return new Response();
 *   },
 * } satisfies ExportedHandler<Env>;
 * ```
 */
export interface RevocationInput {
  /** The claim `sub` of the tokens. */
  readonly sub?: string | undefined;
  /** The claim `jti` of one token. */
  readonly jti?: string | undefined;
  /**
   * Beside `sub`: tokens are revoked whose `iat` is before this, and those without `iat`. A valid Date, or RFC 3339; now by
   * default. `iat` has whole seconds: a token that is issued in the same second counts as issued before.
   */
  readonly before?: string | Date | undefined;
  /**
   * When the last of these tokens has expired: until then it is kept. A valid Date, or RFC 3339; by default 366 days after `before`,
   * or after now.
   */
  readonly until?: string | Date | undefined;
}

/**
 * The hub, for other Workers of the same account. Bind this service with `entrypoint = "ReactorApi"`; the binding is a
 * `Service<ReactorApi>`. It needs no key: who has the binding may emit, take events out and revoke tokens.
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
    return await emitByCall(this.env, events, options);
  }

  /**
   * Takes one event out of the log. Its `seq` stays, and no client is sent it again; clients of `reactor.v1` that may have it are sent
   * `reactor_removed`. A retry of it is still a duplicate.
   *
   * @param cursor the event's: the epoch of the channel's cursor, a dot, and the event's `seq`
   * @param options the channel; default: `main`
   * @returns `{cursor, removed}`, where `removed` is 1, or 0 if the event was gone before. Or `bad_cursor`, `event_not_found`,
   * `bad_channel`, `bad_options` or `log_unavailable`
   * @throws an Error while a variable of the hub is invalid
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
   *     const emitted = await env.REACTOR.emit({ type: "signed_up", data: { password: "oops" } });
   *     if (!emitted.ok) return new Response(emitted.problem.detail, { status: 502 });
   *     const removed = await env.REACTOR.remove(emitted.value.cursor);
   *     if (removed.ok) console.log(removed.value.removed); // → 1
   *     const again = await env.REACTOR.remove(emitted.value.cursor);
   *     if (again.ok) console.log(again.value.removed); // → 0
   *     return new Response();
   *   },
   * } satisfies ExportedHandler<Env>;
   * ```
   */
  async remove(cursor: string, options: EmitOptions = {}): Promise<Result<Removed>> {
    const named = channelBy(options, this.env);
    if (!named.ok) return named;
    const place = cursorIn(cursor);
    return place.ok
      ? await callHubForResult(named.value, this.env, (hub, refusals) => hub.remove(place.value, refusals))
      : place;
  }

  /**
   * Takes every event out of the log whose `seq` is below that of a cursor; that event stays. Who has not read them is told so by a
   * reset `trimmed`, as after a deletion by age.
   *
   * @param cursor of the oldest event that stays; a `seq` one above the head takes out all
   * @param options the channel; default: `main`
   * @returns `{cursor, removed}`, where `removed` is how many events it has taken out. Or a problem, as `remove`; after
   * `log_unavailable` a part of them may be gone, and it may be called again
   * @throws an Error while a variable of the hub is invalid
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
   *     const emitted = await env.REACTOR.emit([{ type: "a" }, { type: "b" }, { type: "c" }]); // at ….1, ….2 and ….3
   *     if (!emitted.ok) return new Response(emitted.problem.detail, { status: 502 });
   *     const removed = await env.REACTOR.removeBefore(emitted.value.cursor);
   *     if (removed.ok) console.log(removed.value.removed); // → 2
   *     return new Response();
   *   },
   * } satisfies ExportedHandler<Env>;
   * ```
   */
  async removeBefore(cursor: string, options: EmitOptions = {}): Promise<Result<Removed>> {
    const named = channelBy(options, this.env);
    if (!named.ok) return named;
    const place = cursorIn(cursor);
    return place.ok
      ? await callHubForResult(named.value, this.env, (hub, refusals) => hub.removeBefore(place.value, refusals))
      : place;
  }

  /**
   * Revokes tokens in a channel, and closes the sockets that were opened with them (4401). From then on the tokens are refused
   * there, wherever they are sent.
   *
   * @param revocation all tokens of a `sub` that were issued before a time, or one by its `jti`
   * @param options the channel; default: `main`
   * @returns `{closed}`, the number of sockets that it has closed. Or `bad_revocation`, `too_many_revocations`, `bad_channel`,
   * `bad_options` or `log_unavailable`
   * @throws an Error while a variable of the hub is invalid
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
   *     const revoked = await env.REACTOR.revoke({ sub: "ada", before: new Date() }, { channel: "board" });
   *     if (revoked.ok) console.log(`${revoked.value.closed} sockets were closed.`); // → 0 sockets were closed.
   *     const refused = await env.REACTOR.revoke({});
   *     if (!refused.ok) console.log(refused.problem.code); // → bad_revocation
   *     return new Response();
   *   },
   * } satisfies ExportedHandler<Env>;
   * ```
   */
  async revoke(revocation: RevocationInput, options: EmitOptions = {}): Promise<Result<Revoked>> {
    const named = channelBy(options, this.env);
    if (!named.ok) return named;
    const parsed = parseRevocation(revocation, Date.now());
    return parsed.ok
      ? await callHubForResult(named.value, this.env, (hub, refusals) => hub.revoke(parsed.value, refusals))
      : parsed;
  }
}

/** A cursor, or why it is none. */
function cursorIn(text: unknown): Result<Cursor> {
  const cursor = parseCursor(text);
  return cursor
    ? ok(cursor)
    : err("bad_cursor", `A cursor is a string such as k3x9.44; this is ${describeValue(text)}.`);
}
