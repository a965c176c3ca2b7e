// Tokens that end: which sockets are to be warned or closed next, and when.
import type { Subscriber } from "./subscriber.ts";

/** How long before the end a socket is warned, in time to send a fresh token. */
const WARN_BEFORE_MS = 60_000;

/** What is due so soon after an alarm is dealt with then: tokens end at every second, and each alarm is a row and perhaps a wake. */
export const TOGETHER_MS = 5_000;

/** Why a socket is closed at the end of its rights. */
export const EXPIRED = "The token has expired: reconnect with a fresh one.";

/** When to warn of an end; not before half of the time left, or short tokens would cause little else than warnings. */
export function warnAt(expiresMs: number | null, nowMs: number): number | null {
  return expiresMs === null ? null : Math.max(expiresMs - WARN_BEFORE_MS, (nowMs + expiresMs) / 2);
}

export class Expiry<S> {
  readonly #due = new Map<S, { readonly dueMs: number; readonly isEnd: boolean }>();
  /** `undefined`: to be computed. */
  #next: number | null | undefined = null;

  /** Unix time in ms; `null`: no token ends. */
  get nextMs(): number | null {
    if (this.#next === undefined) {
      this.#next = null;
      for (const { dueMs } of this.#due.values()) this.#next = Math.min(this.#next ?? dueMs, dueMs);
    }
    return this.#next;
  }

  note(socket: S, { expiresMs, warnMs }: Subscriber): void {
    this.forget(socket);
    if (expiresMs === null) return;
    const dueMs = warnMs ?? expiresMs;
    this.#due.set(socket, { dueMs, isEnd: warnMs === null });
    if (this.#next !== undefined) this.#next = Math.min(this.#next ?? dueMs, dueMs);
  }

  forget(socket: S): void {
    const due = this.#due.get(socket);
    if (!due) return;
    this.#due.delete(socket);
    if (due.dueMs === this.#next) this.#next = undefined;
  }

  /** The sockets that are due until then: at their end, or to be warned of it. */
  due(untilMs: number): readonly (readonly [socket: S, isEnd: boolean])[] {
    const due = [...this.#due].filter(([, { dueMs }]) => dueMs <= untilMs);
    return due.map(([socket, { isEnd }]) => [socket, isEnd]);
  }
}
