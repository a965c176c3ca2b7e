// Events that this page emits. An event whose socket is lost before the hub answers is sent again on the next one with the
// same id, so that it is logged once and its promise settles once.
import { REMEMBER_MS } from "../wire/limits.ts";
import type { Emitted, ErrorData } from "../wire/server-frame.ts";
import { checkNames } from "./check.ts";
import type { ConnectionState } from "./connection/connection-events.ts";
import { fits } from "./connection/message-size.ts";
import type { Ports } from "./connection/ports.ts";
import { emitText } from "./emit-text.ts";

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
 * So many events are sent without an answer to any of them, and after an outage: below a hub's burst limit per socket (by default
 * 100 messages; an emit counts as 5, so 20 emits).
 */
const MAX_SENT = 16;

/** Beyond those one at a time, as often as a hub lets a socket emit by default: 20 messages per second. */
const SEND_EVERY_MS = 250;

/** A page that emits while offline gets an error instead of filling memory. */
const MAX_PENDING = 1_000;

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
  text: string;
  /** When it was first sent; `null`: never. */
  sent: Instant | null;
  resolve(receipt: EmitReceipt): void;
  reject(error: EmitError): void;
}

export class Outbox {
  readonly #send: (text: string) => boolean;
  readonly #ports: Pick<Ports, "after" | "random">;
  /** By ref, in the order of their emits. */
  readonly #pending = new Map<unknown, Pending>();
  #count = 0;
  #isClosed = false;
  /** Refs that were sent on this socket and are not answered. */
  readonly #sent = new Set<unknown>();
  /** How many may be sent now; one more after each `SEND_EVERY_MS`. */
  #allowed = MAX_SENT;
  #isFilling = false;

  /** @param send as `Connection.sendText` */
  constructor(send: (text: string) => boolean, ports: Pick<Ports, "after" | "random">) {
    this.#send = send;
    this.#ports = ports;
  }

  emit(type: string, data: unknown, options: EmitOptions = {}): Promise<EmitReceipt> {
    return new Promise((resolve, reject) => {
      checkNames(options, "id");
      const { id } = options;
      const ref = ++this.#count;
      const pending: Pending = { text: "", sent: null, resolve, reject };
      this.#pending.set(ref, pending);
      try {
        pending.text = emitText(ref, { type, data, id: id ?? `${this.#randomPart()}${this.#randomPart()}${ref}` });
      } catch (error) {
        this.#reject(ref, "bad_event", String(error));
      }
      const { text } = pending;
      if (this.#isClosed) this.#reject(ref, "closed", CLOSED);
      else if (this.#pending.size > MAX_PENDING) this.#reject(ref, "too_many_pending", "Too many events are pending.");
      else if (!fits(text)) this.#reject(ref, "event_too_large", "The event exceeds 64 KiB.");
      else this.#sendWaiting();
    });
  }

  /** The connection's state has changed. */
  stateChanged(state: ConnectionState): void {
    this.#isClosed = state === "closed";
    this.#sent.clear();
    this.#allowed = MAX_SENT; // the limit is per socket
    for (const [ref, { sent }] of this.#pending) {
      if (this.#isClosed) this.#reject(ref, "closed", CLOSED);
      else if (sent !== null && msSince(sent) > REPEAT_MS) {
        this.#reject(ref, "unconfirmed", "The event may or may not have been logged.");
      }
    }
    if (state === "connected") this.#sendWaiting();
  }

  emitted({ ref, cursor, id, duplicate }: Emitted): void {
    this.#settle(ref)?.resolve({ cursor, id, duplicate });
  }

  /** @returns whether it answered one of these events */
  refused({ ref, code, message }: ErrorData): boolean {
    return this.#reject(ref, code, message);
  }

  #reject(ref: unknown, code: string, message: string): boolean {
    const pending = this.#settle(ref);
    pending?.reject(Object.assign(new Error(message), { code }));
    return pending !== undefined;
  }

  #settle(ref: unknown): Pending | undefined {
    const pending = this.#pending.get(ref);
    this.#pending.delete(ref);
    if (this.#sent.delete(ref)) this.#sendWaiting();
    return pending;
  }

  /** Sends what was not sent on this socket, in order, as far as the hub will take it. */
  #sendWaiting(): void {
    for (const [ref, pending] of this.#pending) {
      if (this.#allowed === 0 || this.#sent.size === MAX_SENT) break;
      if (this.#sent.has(ref)) continue;
      if (!this.#send(pending.text)) return;
      pending.sent ??= now();
      this.#sent.add(ref);
      this.#allowed -= 1;
    }
    if (this.#isFilling || this.#allowed === MAX_SENT) return;
    this.#isFilling = true;
    this.#ports.after(SEND_EVERY_MS, () => {
      this.#isFilling = false;
      this.#allowed = Math.min(MAX_SENT, this.#allowed + 1);
      this.#sendWaiting();
    });
  }

  /** About 52 bits of an id. `crypto.randomUUID` needs https, and is not deterministic in simulations. */
  #randomPart(): string {
    return this.#ports.random().toString(36).slice(2);
  }
}
