// The RPC entry point for other Workers, and its types, which they import from `pulse-reactor/worker`. A Worker that has the
// binding may emit. Its JavaScript may pass anything that RPC takes, so arguments are checked as if they were `unknown`.
import { WorkerEntrypoint } from "cloudflare:workers";
import type { Receipt } from "../core/log/receipt.ts";
import { DEFAULT_CHANNEL } from "../wire/channel.ts";
import { describeValue } from "../wire/describe-value.ts";
import { isPlainObject } from "../wire/json.ts";
import { err, ok, type Result } from "../wire/problem.ts";
import { parseDrafts } from "./body/parse-drafts.ts";
import { channelNamed } from "./channel-stub.ts";
import { checkEnabled } from "./check-enabled.ts";

/** An event to emit. Other members are ignored. */
export interface EventInput {
  /** 1 to 128 of `A-Z a-z 0-9 _ . : / -`, such as `news_processed`; not `echo`, `reactor_*` or `websocket_*`. */
  readonly type: string;
  /**
   * Plain objects, arrays, strings, finite numbers, booleans, `null` and valid Dates, nested at most 500 deep; `{}` by
   * default. The event may take 256 KiB as stored.
   */
  readonly data?: unknown;
  /** The publisher, 1 to 256 bytes, not beginning with `user:`; `system` by default. */
  readonly source?: string | undefined;
  /** A Date, or ISO 8601 with date and time. Absent or invalid: the time of the hub. It never orders. */
  readonly timestamp?: string | Date | undefined;
  /** 1 to 256 bytes. With an `id` the event may be sent again: it is in the log once. */
  readonly id?: string | undefined;
}

export interface EmitOptions {
  /** 1 to 64 of `a-z 0-9 . _ -`, beginning with a letter or a digit; `main` by default. */
  readonly channel?: string | undefined;
}

/**
 * `value` once the events are durable: `{cursor, events: [{id, seq, duplicate}]}`, one entry per event. Or `problem`:
 * `{code, detail, pointer?}`, and nothing was stored.
 */
export type EmitResult = Result<Receipt>;

/** Bind this service with `entrypoint = "ReactorApi"`; the binding is a `Service<ReactorApi>`. */
export class ReactorApi extends WorkerEntrypoint<Cloudflare.Env> {
  /**
   * Emits one event or an array of events. An array is taken whole or not at all.
   *
   * @example
   * const emitted = await env.REACTOR.emit({ type: "news_processed", data: { title: "Hello" } }, { channel: "main" });
   * if (!emitted.ok) throw new Error(emitted.problem.detail);
   *
   * @param events one event, or 1 to 1,000 of them with at most 4 MiB together
   * @returns the receipt, or why nothing was stored, such as `bad_event`, `id_conflict`, `bad_channel` or `log_unavailable`
   * @throws an Error while a variable of the hub is invalid
   */
  async emit(events: EventInput | readonly EventInput[], options: EmitOptions = {}): Promise<EmitResult> {
    const enabled = checkEnabled(this.env);
    if (!enabled.ok) return enabled;
    const channel = channelIn(options);
    if (!channel.ok) return channel;
    const named = channelNamed(channel.value, this.env);
    if (!named.ok) return named;
    const drafts = parseDrafts(events);
    return drafts.ok ? await named.value.hub.emit(drafts.value) : drafts;
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
