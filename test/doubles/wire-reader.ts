// A reader as SPEC.md has it, no more: it takes frames one at a time, as slowly as a test likes, loses what is on its
// way when it drops, comes back to its place, and remembers what it was owed.
import { encodeAck, encodeSubscribe } from "../../src/wire/client-frame.ts";
import { type Cursor, ORIGIN } from "../../src/wire/cursor.ts";
import { applyRange } from "../../src/wire/range.ts";
import { decodeServerFrame, type ServerFrame } from "../../src/wire/server-frame.ts";
import type { HubInMemory } from "./hub-in-memory.ts";
import type { RecordingSocket } from "./recording-socket.ts";

/** In (`after`, `until`] the reader heard `asked`; `null` is everything, and of `until`: it still does. */
interface Span {
  readonly after: number;
  readonly until: number | null;
  readonly asked: readonly string[] | null;
}

export class WireReader {
  /** The seqs of what it took, in the order in which it took them. */
  readonly taken: number[] = [];
  /** What it heard from where to where. Between two of them lies what a reset told it that it lost. */
  readonly spans: Span[] = [];
  resets = 0;
  place: Cursor = ORIGIN;
  readonly #hub: HubInMemory;
  #asked: readonly string[] | null;
  #socket: RecordingSocket;
  #taken = 0;
  #hasPlace = false;

  constructor(hub: HubInMemory, asked: readonly string[] | null) {
    this.#hub = hub;
    this.#asked = asked;
    this.#socket = this.#join();
  }

  /** Frames that were sent to it and that it has not taken. */
  get onTheWay(): number {
    return this.#socket.sent.length - this.#taken;
  }

  get closedWith(): number | undefined {
    return this.#socket.closed?.code;
  }

  /** Lets the hub see what is on its way, as a slow network does. */
  weigh(): void {
    const untaken = this.#socket.sent.slice(this.#taken);
    this.#socket.bufferedAmount = untaken.reduce((sum, { length }) => sum + length, 0);
  }

  take(): void {
    const text = this.#socket.sent[this.#taken];
    if (text === undefined) return;
    this.#taken += 1;
    const frame = decodeServerFrame(text);
    if (frame) this.#obey(frame);
  }

  /** The line breaks: what was on its way is lost. */
  drop(): void {
    this.#hub.leave(this.#socket);
    this.#socket = this.#join();
    this.#taken = 0;
  }

  subscribe(patterns: readonly string[]): void {
    this.#hub.say(this.#socket, encodeSubscribe(patterns));
  }

  #join(): RecordingSocket {
    return this.#hub.join({ asked: this.#asked, cursor: this.#hasPlace ? this.place : null });
  }

  #obey(frame: ServerFrame): void {
    switch (frame.type) {
      case "reactor_connected":
        if (frame.data.recovered === null) this.#begin(frame.cursor, this.place);
        this.#hasPlace = true;
        break;
      case "reactor_reset":
        this.resets += 1;
        this.#begin(frame.cursor, this.place);
        break;
      case "reactor_subscribed":
        this.#asked = frame.data.events.length === 0 ? null : frame.data.events;
        this.#begin(frame.cursor, frame.cursor);
        break;
      case "reactor_events": {
        const applied = applyRange(this.place, frame);
        if (applied.gap) {
          this.drop();
          break;
        }
        for (const { seq } of applied.events) if (seq !== undefined) this.taken.push(seq);
        this.place = applied.cursor;
        if (frame.more) this.#hub.say(this.#socket, encodeAck(frame.cursor));
      }
    }
  }

  #begin(place: Cursor, ended: Cursor): void {
    const last = this.spans.pop();
    if (last) this.spans.push({ ...last, until: ended.seq });
    this.spans.push({ after: place.seq, until: null, asked: this.#asked });
    this.place = place;
  }
}
