// Events of the page's own, on their way to the hub. One that was not answered before the socket was lost is said again on
// the next, with the same id: so it is in the log once, and the page hears of it once.
import { encodeEmit } from "../wire/client-frame.ts";
import { REMEMBER_MS } from "../wire/limits.ts";
import type { Emitted, ErrorData } from "../wire/server-frame.ts";
import type { ConnectionState } from "./connection/connection-events.ts";
import { fits } from "./connection/message-size.ts";

export interface EmitOptions {
  /** Whoever emits twice with the same one, after a reload for instance, emits once. One that nobody else has, if not given. */
  readonly id?: string | undefined;
}

/** Where an event is in its channel's log. */
export type EmitReceipt = Omit<Emitted, "ref">;

/** `code` is the one of the hub's refusal; or one of the client's own, of which `Reactor.emit` tells. */
export interface EmitError extends Error {
  readonly code: string;
}

/**
 * After an outage all go out at once: together they stay below what a hub takes of one socket at once (20 by default: an
 * emit counts as five messages of a hundred), and a page that is not heard learns it, instead of filling its memory.
 */
const MAX_PENDING = 16;

/** The hub remembers an id for so long at least, less a minute for the way there. */
const REPEAT_MS = REMEMBER_MS - 60_000;

const CLOSED = "The connection is closed.";

interface Pending {
  readonly text: string;
  /** When it was first said, in ms since 1970; `NaN` if never. */
  sentMs: number;
  resolve(receipt: EmitReceipt): void;
  reject(error: EmitError): void;
}

export class Outbox {
  readonly #send: (text: string) => boolean;
  readonly #random: () => number;
  /** By ref, in the order in which they were emitted. */
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
      const pending: Pending = { text, sentMs: Number.NaN, resolve, reject };
      this.#pending.set(ref, pending);
      if (this.#isClosed) this.#reject(ref, "closed", CLOSED);
      else if (this.#pending.size > MAX_PENDING) this.#reject(ref, "too_many_pending", "Too many wait for an answer.");
      else if (!fits(text)) this.#reject(ref, "event_too_large", "It takes more than 64 KiB.");
      else this.#sendOne(pending);
    });
  }

  /** The connection's state has changed. */
  stateChanged(state: ConnectionState): void {
    this.#isClosed = state === "closed";
    for (const [ref, pending] of this.#pending) {
      if (this.#isClosed) this.#reject(ref, "closed", CLOSED);
      else if (Date.now() - pending.sentMs > REPEAT_MS) {
        this.#reject(ref, "unconfirmed", "It may be in the log or not.");
      } else this.#sendOne(pending);
    }
  }

  emitted({ ref, ...receipt }: Emitted): void {
    this.#pending.get(ref)?.resolve(receipt);
    this.#pending.delete(ref);
  }

  /** @returns whether it was an answer to one of these */
  refused({ ref, code, message }: ErrorData): boolean {
    return this.#reject(ref, code, message);
  }

  #reject(ref: unknown, code: string, message: string): boolean {
    this.#pending.get(ref)?.reject(Object.assign(new Error(message), { code }));
    return this.#pending.delete(ref);
  }

  #sendOne(pending: Pending): void {
    if (this.#send(pending.text)) pending.sentMs ||= Date.now();
  }

  /** About 52 bits of an id; `crypto.randomUUID` is for pages with https only, and not for a simulation. */
  #randomPart(): string {
    return this.#random().toString(36).slice(2);
  }
}
