// Events that this page emits. An event whose socket is lost before the hub answers is sent again on the next one with the
// same id, so that it is logged once and its promise settles once.
import { encodeEmit } from "../wire/client-frame.ts";
import { REMEMBER_MS } from "../wire/limits.ts";
import type { Emitted, ErrorData } from "../wire/server-frame.ts";
import type { ConnectionState } from "./connection/connection-events.ts";
import { fits } from "./connection/message-size.ts";

/**
 * Options of `Reactor.emit`.
 *
 * @example
 * ```ts
 * import { connect } from "pulse-reactor/client";
 *
 * const token = () => fetch("/my/token").then((reply) => reply.text());
 * const reactor = connect({ url: "https://events.example.org", token });
 * const options = { id: "order-42-paid" };
 * const first = await reactor.emit("chat_message", { text: "Paid" }, options);
 * const second = await reactor.emit("chat_message", { text: "Paid" }, options);
 * console.log(second.duplicate, second.cursor === first.cursor); // → true true
 * ```
 */
export interface EmitOptions {
  /**
   * 1 to 256 bytes. Deduplicates: an event that the same user emits again with the same id, for instance after a reload, is
   * not logged again while the first one is in the log, nor for 10 minutes. The same id with another type or other data
   * rejects with `id_conflict`. Default: a unique id.
   */
  readonly id?: string | undefined;
}

/**
 * The hub's answer to an emit: the event is in the log. `cursor` is its position there, `id` its id, and `duplicate` whether
 * it was logged before.
 *
 * @example
 * ```ts
 * import { connect, type EmitReceipt } from "pulse-reactor/client";
 *
 * const describe = ({ id, duplicate }: EmitReceipt) => `${id} ${duplicate ? "was sent before" : "is sent"}`;
 *
 * const token = () => fetch("/my/token").then((reply) => reply.text());
 * const reactor = connect({ url: "https://events.example.org", token });
 * console.log(describe(await reactor.emit("chat_message", {}, { id: "m1" }))); // → m1 is sent
 * ```
 */
export type EmitReceipt = Omit<Emitted, "ref">;

/**
 * What the promise of `Reactor.emit` rejects with. `message` is a sentence for a developer.
 *
 * @example
 * ```ts
 * import { connect, type EmitError } from "pulse-reactor/client";
 *
 * const token = () => fetch("/my/token").then((reply) => reply.text());
 * const reactor = connect({ url: "https://events.example.org", token });
 * await reactor.emit("news_processed").catch((error: EmitError) => {
 *   console.log(error.code); // → forbidden
 * });
 * ```
 */
export interface EmitError extends Error {
  /** That of the hub's refusal, such as `forbidden`, or one of the client's own, listed at `Reactor.emit`. */
  readonly code: string;
}

/**
 * After an outage all pending events are sent at once. Together they stay below a hub's burst limit per socket (by default
 * 100 messages; an emit counts as 5, so 20 emits). A page that emits while offline gets an error instead of filling memory.
 */
const MAX_PENDING = 16;

/** How long the hub is sure to deduplicate an id, minus a minute for the transmission. */
const REPEAT_MS = REMEMBER_MS - 60_000;

const CLOSED = "The connection is closed.";

/** A moment by two clocks: one that may be set, and one that may stand still while the machine sleeps. */
interface Instant {
  readonly wallMs: number;
  readonly steadyMs: number;
}

function now(): Instant {
  return { wallMs: Date.now(), steadyMs: performance.now() };
}

/** The longer of what the two clocks say: an event that is sent again too late would be logged twice. */
function msSince({ wallMs, steadyMs }: Instant): number {
  const at = now();
  return Math.max(at.wallMs - wallMs, at.steadyMs - steadyMs);
}

interface Pending {
  readonly text: string;
  /** When it was first sent; `null`: never. */
  sent: Instant | null;
  resolve(receipt: EmitReceipt): void;
  reject(error: EmitError): void;
}

export class Outbox {
  readonly #send: (text: string) => boolean;
  readonly #random: () => number;
  /** By ref, in the order of their emits. */
  readonly #pending = new Map<unknown, Pending>();
  #count = 0;
  #isClosed = false;

  /** @param send as `Connection.sendText` */
  constructor(send: (text: string) => boolean, random: () => number) {
    this.#send = send;
    this.#random = random;
  }

  emit(type: string, data: unknown, { id }: EmitOptions = {}): Promise<EmitReceipt> {
    return new Promise((resolve, reject) => {
      const ref = ++this.#count;
      const text = encodeEmit(ref, { type, data, id: id ?? `${this.#randomPart()}${this.#randomPart()}${ref}` });
      const pending: Pending = { text, sent: null, resolve, reject };
      this.#pending.set(ref, pending);
      if (this.#isClosed) this.#reject(ref, "closed", CLOSED);
      else if (this.#pending.size > MAX_PENDING) this.#reject(ref, "too_many_pending", "Too many events are pending.");
      else if (!fits(text)) this.#reject(ref, "event_too_large", "The event exceeds 64 KiB.");
      else this.#sendOne(pending);
    });
  }

  /** The connection's state has changed. */
  stateChanged(state: ConnectionState): void {
    this.#isClosed = state === "closed";
    for (const [ref, pending] of this.#pending) {
      if (this.#isClosed) this.#reject(ref, "closed", CLOSED);
      else if (pending.sent !== null && msSince(pending.sent) > REPEAT_MS) {
        this.#reject(ref, "unconfirmed", "The event may or may not have been logged.");
      } else this.#sendOne(pending);
    }
  }

  emitted({ ref, ...receipt }: Emitted): void {
    this.#pending.get(ref)?.resolve(receipt);
    this.#pending.delete(ref);
  }

  /** @returns whether it answered one of these events */
  refused({ ref, code, message }: ErrorData): boolean {
    return this.#reject(ref, code, message);
  }

  #reject(ref: unknown, code: string, message: string): boolean {
    this.#pending.get(ref)?.reject(Object.assign(new Error(message), { code }));
    return this.#pending.delete(ref);
  }

  #sendOne(pending: Pending): void {
    if (this.#send(pending.text)) pending.sent ??= now();
  }

  /** About 52 bits of an id. `crypto.randomUUID` needs https, and is not deterministic in simulations. */
  #randomPart(): string {
    return this.#random().toString(36).slice(2);
  }
}
