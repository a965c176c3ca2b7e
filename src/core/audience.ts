// Who hears what. Live readers sit in groups of equal dialect, subscription and rights, so that a frame is made once for
// each group; a reader that catches up is on its own.
import type { CatchUp } from "./catch-up.ts";
import type { Interest } from "./match.ts";
import type { Socket } from "./socket.ts";

/** `old`: one event a frame, as the server before this one spoke. */
export type Dialect = "v1" | "old";

/** What is known of one connected socket. It survives hibernation in the socket's attachment. */
export interface Reader extends Interest {
  readonly clientId: string;
  readonly dialect: Dialect;
  /** Up to which seq the reader has been told. Of a live one, up to which it had been told when it became live. */
  readonly told: number;
  /** `null`: it is live. */
  readonly catchUp: CatchUp | null;
  /** When it came, or when a message of its was last heard; pings, which wake nobody, not counted. In ms since 1970. */
  readonly heardMs: number;
}

/** Live readers that get the same frames. */
export interface Group<S extends Socket> extends Interest {
  readonly dialect: Dialect;
  readonly sockets: Set<S>;
  /** Every matching event up to this seq was sent to each of `sockets`, or lies before its place. */
  told: number;
}

export class Audience<S extends Socket> {
  readonly #groups = new Map<string, Group<S>>();
  readonly #readers = new Map<S, Reader>();

  /** How many readers there are, live or catching up. */
  get size(): number {
    return this.#readers.size;
  }

  /** How many of them catch up. */
  get catchingUp(): number {
    let live = 0;
    for (const { sockets } of this.#groups.values()) live += sockets.size;
    return this.size - live;
  }

  /** Of live readers. */
  get groups(): Iterable<Group<S>> {
    return this.#groups.values();
  }

  get sockets(): Iterable<S> {
    return this.#readers.keys();
  }

  readerOf(socket: S): Reader | undefined {
    return this.#readers.get(socket);
  }

  /**
   * Seats a socket, or seats it anew. A live reader joins its group: the group's frames then begin where the one of its
   * readers began that was told least, which is further back than the others need, and loses nothing.
   */
  seat(socket: S, reader: Reader): void {
    this.remove(socket);
    this.#readers.set(socket, reader);
    if (reader.catchUp !== null) return;
    const { dialect, asked, allowed, told } = reader;
    const key = keyOf(reader);
    const group = this.#groups.get(key);
    if (!group) this.#groups.set(key, { dialect, asked, allowed, told, sockets: new Set([socket]) });
    else {
      group.sockets.add(socket);
      group.told = Math.min(group.told, told);
    }
  }

  /** Replaces what is known of a seated reader, where it stays in its seat. */
  note(socket: S, reader: Reader): void {
    this.#readers.set(socket, reader);
  }

  remove(socket: S): void {
    const reader = this.#readers.get(socket);
    if (!reader) return;
    this.#readers.delete(socket);
    if (reader.catchUp !== null) return;
    const key = keyOf(reader);
    const group = this.#groups.get(key);
    group?.sockets.delete(socket);
    if (group?.sockets.size === 0) this.#groups.delete(key);
  }
}

function keyOf({ dialect, asked, allowed }: Reader): string {
  return JSON.stringify([dialect, asked, allowed]);
}
