// What an alarm does for the sockets of a hub: nobody stays whom no one reads behind, or whose rights are over.
import { refuse } from "../wire/problem.ts";
import { encodeError } from "../wire/server-frame.ts";
import { isGhost, Movements } from "./ghost.ts";
import type { Readers } from "./readers.ts";
import { type Socket, sendQuietly } from "./socket.ts";

export class Care<S extends Socket> {
  readonly #readers: Readers<S>;
  readonly #pingMs: (socket: S) => number | null;
  readonly #movements = new Movements<S>();

  /** @param pingMs when a socket's last ping was answered, in ms since 1970 */
  constructor(readers: Readers<S>, pingMs: (socket: S) => number | null) {
    this.#readers = readers;
    this.#pingMs = pingMs;
  }

  /** Closes sockets at whose other end nobody is. */
  reapGhosts(nowMs: number): void {
    for (const socket of [...this.#readers.sockets]) {
      const reader = this.#readers.readerOf(socket);
      if (!reader) continue; // it left with one before it
      const movedMs = this.#movements.look(socket, this.#readers.waitingOn(socket), nowMs);
      const owes = (reader.catchUp?.unacked.length ?? 0) > 0;
      const life = { heardMs: reader.heardMs, pingMs: this.#pingMs(socket), owes, movedMs };
      if (isGhost(life, nowMs)) {
        this.#readers.close(socket, "too_slow", "Nothing was heard from this socket for too long.");
      }
    }
  }

  /** Tells whose rights are about to end, and closes whose have. */
  expire(nowMs: number): void {
    for (const [socket, isEnd] of this.#readers.expiry.due(nowMs)) {
      const reader = this.#readers.readerOf(socket);
      if (!reader) continue;
      if (isEnd) this.#readers.close(socket, "unauthorized", "The token has expired: come back with a fresh one.");
      else {
        const { problem } = refuse("token_expiring", "The token is about to expire: send a fresh one in an `auth`.");
        sendQuietly(socket, encodeError(problem));
        this.#readers.note(socket, { ...reader, warnMs: null });
      }
    }
  }
}
