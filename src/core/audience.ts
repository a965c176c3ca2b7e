// Who hears what: readers in groups of equal dialect and interest, so that a frame is made once for each group.
import type { Interest } from "./match.ts";
import type { Socket } from "./socket.ts";

/** `old`: one event a frame, as the server before this one spoke. */
export type Dialect = "v1" | "old";

/** What is known of one connected socket. It survives hibernation in the socket's attachment. */
export interface Reader extends Interest {
  readonly clientId: string;
  readonly dialect: Dialect;
  /** Up to which seq the reader had been told when this was written: a lower bound, good enough after a wake. */
  readonly told: number;
}

/** Readers that get the same frames. */
export interface Group<S extends Socket> extends Interest {
  readonly dialect: Dialect;
  readonly sockets: Set<S>;
  /** Every matching event up to this seq was sent to each of `sockets`, or lies before its place. */
  told: number;
}

export class Audience<S extends Socket> {
  readonly #groups = new Map<string, Group<S>>();
  readonly #places = new Map<S, string>();

  /** How many sockets hear anything. */
  get size(): number {
    return this.#places.size;
  }

  get groups(): Iterable<Group<S>> {
    return this.#groups.values();
  }

  /** @param reader its `told` MAY be above the group's: frames then begin earlier than it needs, which loses nothing */
  add(socket: S, reader: Reader): void {
    const { dialect, asked, allowed, told } = reader;
    const key = JSON.stringify([dialect, asked, allowed]);
    const group = this.#groups.get(key);
    if (group) {
      group.sockets.add(socket);
      group.told = Math.min(group.told, told);
    } else this.#groups.set(key, { dialect, asked, allowed, told, sockets: new Set([socket]) });
    this.#places.set(socket, key);
  }

  remove(socket: S): void {
    const key = this.#places.get(socket);
    const group = key === undefined ? undefined : this.#groups.get(key);
    if (key === undefined || !group) return;
    this.#places.delete(socket);
    group.sockets.delete(socket);
    if (group.sockets.size === 0) this.#groups.delete(key);
  }

  dialectOf(socket: S): Dialect | undefined {
    const key = this.#places.get(socket);
    return key === undefined ? undefined : this.#groups.get(key)?.dialect;
  }
}
