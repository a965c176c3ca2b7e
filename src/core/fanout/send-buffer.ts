// Bytes queued on a socket: `bufferedAmount`, or where the runtime has none, estimated from acks of v1 clients and from the
// pings of legacy pages.
import { MAX_BUFFERED_BYTES, MAX_LEGACY_BYTES_PER_PING } from "../../wire/limits.ts";
import type { Socket } from "./socket.ts";

/** The estimate for a socket without `bufferedAmount`. */
interface Account {
  sent: number;
  taken: number;
  /** How much had been sent at which seq, oldest first. */
  marks: (readonly [seq: number, sent: number])[];
  pingMs: number | null;
}

export class SendBuffer<S extends Socket> {
  readonly #pingMs: (socket: S) => number | null;
  readonly #accounts = new WeakMap<S, Account>();
  /** Bytes sent since `beginTurn`: they cannot have left. */
  #sentNow = new Map<S, number>();

  /** @param pingMs when a socket's last ping was answered, as Unix time in ms */
  constructor(pingMs: (socket: S) => number | null) {
    this.#pingMs = pingMs;
  }

  /** A flush visits its sockets more than once in a turn, and judges them by their buffers before it. */
  beginTurn(): void {
    if (this.#sentNow.size > 0) this.#sentNow = new Map();
  }

  /** The bytes queued on a socket. */
  on(socket: S): number {
    const { bufferedAmount } = socket;
    if (bufferedAmount !== undefined) return bufferedAmount;
    const account = this.#accounts.get(socket);
    return account ? account.sent - account.taken : 0;
  }

  /** Whether so much is queued from earlier turns that nothing may be added. */
  isFull(socket: S, dialect: "v1" | "legacy"): boolean {
    const { bufferedAmount } = socket; // read once: a flush asks every socket, and each read takes 0.2 µs
    if (bufferedAmount !== undefined && bufferedAmount <= MAX_BUFFERED_BYTES) return false;
    const owesPings = bufferedAmount === undefined && dialect === "legacy";
    const cap = owesPings ? MAX_LEGACY_BYTES_PER_PING : MAX_BUFFERED_BYTES;
    if (this.on(socket) <= cap) return false;
    if (owesPings && this.#hasPinged(socket)) return false;
    return this.on(socket) - (this.#sentNow.get(socket) ?? 0) > cap;
  }

  /** @param to the receiver's position once it has them */
  sent(socket: S, bytes: number, to: number): void {
    this.#sentNow.set(socket, (this.#sentNow.get(socket) ?? 0) + bytes);
    if (socket.bufferedAmount !== undefined) return;
    const account = this.#accountOf(socket);
    account.sent += bytes;
    account.marks.push([to, account.sent]);
  }

  /** A client has acknowledged up to `seq`. @returns whether that freed bytes, where they are estimated */
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
    account.taken = account.sent; // it reads what was sent before it answers, in order
    account.marks = [];
    return true;
  }

  #accountOf(socket: S): Account {
    const account = this.#accounts.get(socket) ?? { sent: 0, taken: 0, marks: [], pingMs: null };
    this.#accounts.set(socket, account);
    return account;
  }
}
