// Closes half-open sockets, and makes room in a full channel.

import type { Socket } from "../fanout/socket.ts";
import type { Subscribers } from "../fanout/subscribers.ts";
import { DrainWatch, isIdle, SILENT_MS } from "./idle.ts";

/** A client that pings has sent its first `ping` by then (25 s and a tenth): where nothing came at all, no peer may be there. */
const UNHEARD_MS = 30_000;

/** How many silent sockets one search for room keeps: it visits all sockets, up to 32,000. */
const CANDIDATES = 100;

/** A search that found none is not repeated sooner, however many clients connect. */
const SEARCH_AGAIN_MS = 1_000;

/** A socket that may give up its place. */
interface Candidate<S> {
  readonly socket: S;
  readonly wasHeard: boolean;
  readonly sinceMs: number;
}

export class Sweep<S extends Socket> {
  readonly #subscribers: Subscribers<S>;
  readonly #pingMs: (socket: S) => number | null;
  readonly #report: (what: string, error: unknown) => void;
  readonly #drains = new DrainWatch<S>();
  /** Of the last search for room, the longest silent last. */
  #candidates: S[] = [];
  /** When a search among these sockets found none. */
  readonly #noneMs = new WeakMap<object, number>();

  /** @param pingMs when a socket's last ping was answered, as Unix time in ms */
  constructor(
    subscribers: Subscribers<S>,
    pingMs: (socket: S) => number | null,
    report: (what: string, error: unknown) => void,
  ) {
    this.#subscribers = subscribers;
    this.#pingMs = pingMs;
    this.#report = report;
  }

  /** Closes half-open sockets. One at which that fails does not keep the others. */
  closeIdle(nowMs: number): void {
    for (const socket of [...this.#subscribers.sockets]) {
      try {
        this.#closeIfIdle(socket, nowMs);
      } catch (error) {
        this.#report("Closing an idle socket", error);
      }
    }
  }

  #closeIfIdle(socket: S, nowMs: number): void {
    const subscriber = this.#subscribers.subscriberOf(socket);
    if (!subscriber) return; // it was closed with an earlier one
    const moves = this.#drains.look(socket, this.#subscribers.bufferedOn(socket), nowMs);
    const owes = (subscriber.catchUp?.unacked.length ?? 0) > 0;
    if (isIdle({ heardMs: subscriber.heardMs, pingMs: this.#pingMs(socket), owes, ...moves }, nowMs)) {
      this.#subscribers.close(socket, "too_slow", "This connection was silent for too long.");
    }
  }

  /**
   * Closes a socket of a full channel that never sent a `ping`, if there is one: first those that were never heard at all for
   * 30 s, then those that were silent for 90 s, of each the longest silent first. A client that pings is known to be alive, and
   * these are not.
   *
   * @returns whether there was one
   */
  makeRoom(nowMs: number): boolean {
    for (;;) {
      const socket = this.#candidates.pop() ?? this.#search(nowMs);
      if (socket === undefined) return false;
      if (this.#candidate(socket, nowMs) === undefined) continue; // it sent something or left since the search
      const reason = "The channel is full, and this connection was silent the longest. Send `ping` to keep one.";
      this.#subscribers.close(socket, "too_slow", reason);
      return true;
    }
  }

  /** The same for an address that has all of its sockets, of its own that were never heard. @returns whether there was one */
  makeRoomFrom(address: string, nowMs: number): boolean {
    const sockets = this.#subscribers.socketsFrom(address);
    if (this.#foundNone(sockets, nowMs)) return false;
    for (const socket of sockets) {
      if (this.#candidate(socket, nowMs)?.wasHeard !== false) continue;
      const reason =
        "Your address has as many connections as it may, and nothing came on this one. Send `ping` to keep one.";
      this.#subscribers.close(socket, "too_slow", reason);
      return true;
    }
    this.#noneMs.set(sockets, nowMs);
    return false;
  }

  #search(nowMs: number): S | undefined {
    if (this.#foundNone(this, nowMs)) return undefined;
    const found: Candidate<S>[] = [];
    for (const socket of this.#subscribers.sockets) {
      const candidate = this.#candidate(socket, nowMs);
      if (candidate) found.push(candidate);
    }
    found.sort((a, b) => Number(b.wasHeard) - Number(a.wasHeard) || b.sinceMs - a.sinceMs);
    this.#candidates = found.slice(-CANDIDATES).map(({ socket }) => socket);
    if (found.length === 0) this.#noneMs.set(this, nowMs);
    return this.#candidates.pop();
  }

  #foundNone(among: object, nowMs: number): boolean {
    const noneMs = this.#noneMs.get(among);
    return noneMs !== undefined && nowMs >= noneMs && nowMs - noneMs < SEARCH_AGAIN_MS; // sooner: the clock was set back
  }

  /** `undefined`: it has pinged, or was heard or came a moment ago, or is gone. */
  #candidate(socket: S, nowMs: number): Candidate<S> | undefined {
    const subscriber = this.#subscribers.subscriberOf(socket);
    if (!subscriber) return undefined;
    const { heardMs: sinceMs, wasHeard } = subscriber;
    if (nowMs - sinceMs <= (wasHeard ? SILENT_MS : UNHEARD_MS) || this.#pingMs(socket) !== null) return undefined;
    return { socket, wasHeard, sinceMs };
  }
}
