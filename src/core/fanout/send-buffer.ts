// What waits on a socket: bytes that were sent on it and have not left. Not every runtime tells; where it does not, a
// client of v1 is asked to acknowledge what it takes, and an old page's pings stand for that.
import { MAX_BUFFERED_BYTES, MAX_LEGACY_BYTES_PER_PING } from "../../wire/limits.ts";
import type { Socket } from "./socket.ts";

/** Kept by us for a socket that does not tell. */
interface Account {
  sent: number;
  taken: number;
  /** Up to which seq, and how much had been sent then, oldest first. */
  marks: (readonly [seq: number, sent: number])[];
  pingMs: number | null;
}

export class SendBuffer<S extends Socket> {
  readonly #pingMs: (socket: S) => number | null;
  readonly #accounts = new WeakMap<S, Account>();
  /** What was sent since `beginTurn`: it cannot have left. */
  #sentNow = new Map<S, number>();

  /** @param pingMs when a socket's last ping was answered, in ms since 1970 */
  constructor(pingMs: (socket: S) => number | null) {
    this.#pingMs = pingMs;
  }

  /** A flush goes over its sockets more than once in a turn, and judges them by what was there before it. */
  beginTurn(): void {
    if (this.#sentNow.size > 0) this.#sentNow = new Map();
  }

  /** In bytes. */
  on(socket: S): number {
    if (socket.bufferedAmount !== undefined) return socket.bufferedAmount;
    const account = this.#accounts.get(socket);
    return account ? account.sent - account.taken : 0;
  }

  /** Whether so much waits from earlier turns that nothing may be added. */
  isFull(socket: S, dialect: "v1" | "legacy"): boolean {
    const cap =
      socket.bufferedAmount === undefined && dialect === "legacy" ? MAX_LEGACY_BYTES_PER_PING : MAX_BUFFERED_BYTES;
    if (this.on(socket) <= cap) return false;
    if (socket.bufferedAmount === undefined && dialect === "legacy" && this.#hasPinged(socket)) return false;
    return this.on(socket) - (this.#sentNow.get(socket) ?? 0) > cap;
  }

  /** @param to up to which seq the receiver has been told with it */
  sent(socket: S, bytes: number, to: number): void {
    this.#sentNow.set(socket, (this.#sentNow.get(socket) ?? 0) + bytes);
    if (socket.bufferedAmount !== undefined) return;
    const account = this.#accountOf(socket);
    account.sent += bytes;
    account.marks.push([to, account.sent]);
  }

  /** A client has taken in what it was told up to `seq`. @returns whether that was news, where anybody counts */
  taken(socket: S, seq: number): boolean {
    const account = this.#accounts.get(socket);
    if (!account) return false;
    const before = account.taken;
    for (const [to, sent] of account.marks) if (to <= seq) account.taken = sent;
    account.marks = account.marks.filter(([to]) => to > seq);
    return account.taken > before;
  }

  #hasPinged(socket: S): boolean {
    const account = this.#accountOf(socket);
    const pingMs = this.#pingMs(socket);
    if (pingMs === null || pingMs === account.pingMs) return false;
    account.pingMs = pingMs;
    account.taken = account.sent; // it comes to its pings only behind what was sent before
    account.marks = [];
    return true;
  }

  #accountOf(socket: S): Account {
    const account = this.#accounts.get(socket) ?? { sent: 0, taken: 0, marks: [], pingMs: null };
    this.#accounts.set(socket, account);
    return account;
  }
}
