// Closes half-open sockets, and makes room in a full channel.

import type { Socket } from "../fanout/socket.ts";
import type { Subscribers } from "../fanout/subscribers.ts";
import { DrainWatch, isIdle, SILENT_MS } from "./idle.ts";

/** How many silent sockets one search for room keeps: it visits all sockets, up to 32,000. */
const CANDIDATES = 100;

/** A search that found none is not repeated sooner, however many clients connect. */
const SEARCH_AGAIN_MS = 1_000;

export class Sweep<S extends Socket> {
  readonly #subscribers: Subscribers<S>;
  readonly #pingMs: (socket: S) => number | null;
  readonly #drains = new DrainWatch<S>();
  /** Of the last search for room, the longest silent last. */
  #candidates: S[] = [];
  #searchAgainMs = 0;

  /** @param pingMs when a socket's last ping was answered, as Unix time in ms */
  constructor(subscribers: Subscribers<S>, pingMs: (socket: S) => number | null) {
    this.#subscribers = subscribers;
    this.#pingMs = pingMs;
  }

  /** Closes half-open sockets. */
  closeIdle(nowMs: number): void {
    for (const socket of [...this.#subscribers.sockets]) {
      const subscriber = this.#subscribers.subscriberOf(socket);
      if (!subscriber) continue; // it was closed with an earlier one
      const moves = this.#drains.look(socket, this.#subscribers.bufferedOn(socket), nowMs);
      const owes = (subscriber.catchUp?.unacked.length ?? 0) > 0;
      if (isIdle({ heardMs: subscriber.heardMs, pingMs: this.#pingMs(socket), owes, ...moves }, nowMs)) {
        this.#subscribers.close(socket, "too_slow", "This connection was silent for too long.");
      }
    }
  }

  /**
   * Closes the socket that was silent the longest, of those that never sent a `ping`, if it was silent for 90 s: a client
   * that pings is known to be alive, and these are not.
   *
   * @returns whether there was one
   */
  makeRoom(nowMs: number): boolean {
    for (;;) {
      const socket = this.#candidates.pop() ?? this.#search(nowMs);
      if (socket === undefined) return false;
      if (this.#silentSince(socket, nowMs) === undefined) continue; // it sent something or left since the search
      const reason = "The channel is full, and this connection was silent the longest. Send `ping` to keep one.";
      this.#subscribers.close(socket, "too_slow", reason);
      return true;
    }
  }

  #search(nowMs: number): S | undefined {
    if (nowMs < this.#searchAgainMs) return undefined;
    const silent: (readonly [socket: S, sinceMs: number])[] = [];
    for (const socket of this.#subscribers.sockets) {
      const sinceMs = this.#silentSince(socket, nowMs);
      if (sinceMs !== undefined) silent.push([socket, sinceMs]);
    }
    silent.sort(([, a], [, b]) => b - a);
    this.#candidates = silent.slice(-CANDIDATES).map(([socket]) => socket);
    if (silent.length === 0) this.#searchAgainMs = nowMs + SEARCH_AGAIN_MS;
    return this.#candidates.pop();
  }

  /** `undefined`: it has pinged, or was heard in the last 90 s, or is gone. */
  #silentSince(socket: S, nowMs: number): number | undefined {
    const heardMs = this.#subscribers.subscriberOf(socket)?.heardMs;
    const isSilent = heardMs !== undefined && nowMs - heardMs > SILENT_MS && this.#pingMs(socket) === null;
    return isSilent ? heardMs : undefined;
  }
}
