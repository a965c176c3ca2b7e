// Rounds of few frames a turn, between which anything may happen: every frame must hold what its range says.
import { expect, it } from "vitest";
import { draftOf } from "../../support/drafts.ts";
import { HubInMemory } from "../../support/hub-in-memory.ts";
import { seeded } from "../../support/manual-ports.ts";
import type { RecordingSocket } from "../../support/recording-socket.ts";

const TYPES = ["a", "b", "c", "d"] as const;
const STEPS = 150;
const MOST_READERS = 14;

interface Reader {
  readonly socket: RecordingSocket;
  /** The seq of the head when it joined. */
  readonly joinedAt: number;
  /** `null`: all types. */
  readonly asked: readonly string[] | null;
}

class World {
  readonly #random: () => number;
  readonly #hub: HubInMemory;
  /** By seq. */
  readonly #types: string[] = [""];
  readonly #removed = new Set<number>();
  readonly #readers: Reader[] = [];

  constructor(seed: number) {
    this.#random = seeded(seed);
    const framesPerTurn = 1 + this.#below(3);
    this.#hub = new HubInMemory(undefined, {
      framesPerTurn,
      ...(this.#below(2) > 0 && { costOf: (frames) => frames }),
    });
    for (let n = 0; n < 8; n++) this.#join();
  }

  run(): void {
    for (let step = 0; step < STEPS; step++) {
      const act = this.#below(20);
      if (act < 8) this.#emit();
      else if (act < 16) this.#hub.turn();
      else if (act === 16) this.#subscribe();
      else if (act === 17) this.#remove();
      else if (act === 18) this.#lag();
      else if (this.#readers.length < MOST_READERS) this.#join();
      for (const reader of this.#readers) if (this.#below(3) === 0) this.#acknowledge(reader);
    }
    for (let round = 0; round < 50; round++) {
      for (const reader of this.#readers) {
        reader.socket.bufferedAmount = 0;
        this.#acknowledge(reader);
      }
      this.#rest();
    }
    this.#hub.broker.beat(); // says where the log ends
    this.#rest();
  }

  check(): void {
    expect(this.#hub.reports).toEqual([]);
    for (const reader of this.#readers) expect(this.#positionAfter(reader)).toBe(this.#types.length - 1);
  }

  /** Up to where the frames of a reader take it. */
  #positionAfter({ socket, joinedAt, asked }: Reader): number {
    let position = joinedAt;
    let patterns = asked;
    for (const frame of socket.frames()) {
      if (frame.type === "reactor_subscribed") {
        expect(this.#heard(position, seqOf(frame.data.cursor), patterns)).toEqual([]); // all of it was sent before
        position = Math.max(position, seqOf(frame.data.cursor));
        patterns = frame.data.events.length > 0 ? frame.data.events : null;
      }
      if (frame.type !== "reactor_events") continue;
      expect(frame.after).toBeLessThanOrEqual(position);
      const to = seqOf(frame.cursor);
      const seqs: number[] = frame.events.flatMap(({ seq }: { readonly seq?: number }) => seq ?? []);
      const kept = seqs.filter((seq) => !this.#removed.has(seq));
      expect([frame.cursor, kept]).toEqual([frame.cursor, this.#heard(position, to, patterns)]);
      position = Math.max(position, to);
    }
    return position;
  }

  /** The seqs of (`after`, `to`] that a reader hears, but for those that were taken out. */
  #heard(after: number, to: number, asked: readonly string[] | null): number[] {
    const seqs = Array.from({ length: Math.max(to - after, 0) }, (_, n) => after + 1 + n);
    return seqs.filter((seq) => !this.#removed.has(seq) && (asked?.includes(this.#types[seq] ?? "") ?? true));
  }

  #emit(): void {
    const drafts = Array.from({ length: 1 + this.#below(3) }, () =>
      draftOf({ type: this.#anyOf(TYPES), data: "x".repeat(this.#below(8) > 0 ? 10 : 15_000) }),
    );
    for (const { type } of drafts) this.#types.push(type);
    this.#hub.emit(drafts);
  }

  #join(): void {
    const asked = this.#patterns();
    const socket = this.#hub.join({ asked, ...(this.#below(2) > 0 && { encoding: "deflate" }) });
    this.#readers.push({ socket, joinedAt: this.#types.length - 1, asked });
  }

  #subscribe(): void {
    const { socket } = this.#anyOf(this.#readers);
    this.#hub.send(socket, { type: "subscribe", data: { events: this.#patterns() ?? [] } });
  }

  #remove(): void {
    if (this.#types.length === 1) return;
    const seq = 1 + this.#below(this.#types.length - 1);
    this.#hub.broker.remove({ epoch: "abc", seq });
    this.#removed.add(seq);
  }

  /** A reader stops reading, or goes on; or all hear a heartbeat. */
  #lag(): void {
    const { socket } = this.#anyOf(this.#readers);
    if (this.#below(2) > 0) socket.bufferedAmount = socket.bufferedAmount > 0 ? 0 : 1_000_000;
    else this.#hub.broker.beat();
  }

  #acknowledge({ socket }: Reader): void {
    const last = socket.frames().findLast(({ type }) => type === "reactor_events");
    if (socket.bufferedAmount === 0 && last?.more) this.#hub.ack(socket, last.cursor);
  }

  #rest(): void {
    for (let turns = 0; this.#hub.turn(); turns++) expect(turns).toBeLessThan(5_000);
  }

  #patterns(): string[] | null {
    const some = TYPES.filter(() => this.#below(2) === 0);
    return some.length === 0 ? null : some;
  }

  #anyOf<T>(all: readonly T[]): T {
    return all[this.#below(all.length)] ?? expect.fail();
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }
}

function seqOf(cursor: string): number {
  return Number(cursor.split(".")[1]);
}

it("[F8] [F2] [F4] [S3] loses nothing, whatever happens between the turns of a round", () => {
  for (let seed = 1; seed <= 80; seed++) {
    const world = new World(seed);
    world.run();
    try {
      world.check();
    } catch (error) {
      throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
    }
  }
}, 60_000);
