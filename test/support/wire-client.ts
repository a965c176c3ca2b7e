// A minimal client by SPEC.md: it reads frames one at a time, as slowly as a test likes, loses what is in flight when it
// drops, resumes from its cursor, and records what it should receive.
import { encodeAck, encodeSubscribe } from "../../src/wire/client-frame.ts";
import { type Cursor, ORIGIN } from "../../src/wire/cursor.ts";
import { applyRange } from "../../src/wire/range.ts";
import { decodeServerFrame, type ServerFrame } from "../../src/wire/server-frame.ts";
import type { HubInMemory } from "./hub-in-memory.ts";
import type { RecordingSocket } from "./recording-socket.ts";

/** In (`after`, `until`] its subscription was `asked`; `null` is everything, and for `until`: up to now. */
interface Span {
  readonly after: number;
  readonly until: number | null;
  readonly asked: readonly string[] | null;
}

export class WireClient {
  /** The seqs that it received, in order. */
  readonly received: number[] = [];
  /** Its subscription by range. What lies between two spans was lost by a reset. */
  readonly spans: Span[] = [];
  resets = 0;
  cursor: Cursor = ORIGIN;
  readonly #hub: HubInMemory;
  #asked: readonly string[] | null;
  #socket: RecordingSocket;
  #read = 0;
  #hasCursor = false;
  readonly #last: number | null;
  /** The kept events at its newest join without a cursor. */
  joinedAt = { oldest: 1, head: 0 };

  /** @param last with how many of the newest events its first connection begins; `null`: none */
  constructor(hub: HubInMemory, asked: readonly string[] | null, last: number | null = null) {
    this.#hub = hub;
    this.#asked = asked;
    this.#last = last;
    this.#socket = this.#join();
  }

  /** How many frames were sent to it that it has not read. */
  get inFlight(): number {
    return this.#socket.sent.length - this.#read;
  }

  get closedWith(): number | undefined {
    return this.#socket.closed?.code;
  }

  /** Fills the hub's send buffer with what is in flight, as a slow network does. */
  fillBuffer(): void {
    const unread = this.#socket.sent.slice(this.#read);
    this.#socket.bufferedAmount = unread.reduce((sum, { length }) => sum + length, 0);
  }

  read(): void {
    const text = this.#socket.sent[this.#read];
    if (text === undefined) return;
    this.#read += 1;
    const frame = decodeServerFrame(text);
    if (frame) this.#handle(frame);
  }

  /** Drops the connection: what is in flight is lost. */
  drop(): void {
    this.#hub.leave(this.#socket);
    this.#socket = this.#join();
    this.#read = 0;
  }

  subscribe(patterns: readonly string[]): void {
    this.#hub.send(this.#socket, encodeSubscribe(patterns));
  }

  #join(): RecordingSocket {
    const { log } = this.#hub;
    if (this.#hasCursor) return this.#hub.join({ asked: this.#asked, cursor: this.cursor });
    this.joinedAt = { oldest: log.oldest, head: log.cursor.seq };
    return this.#hub.join({ asked: this.#asked, last: this.#last });
  }

  #handle(frame: ServerFrame): void {
    switch (frame.type) {
      case "reactor_connected":
        if (frame.data.recovered === null) this.#begin(frame.cursor, this.cursor);
        this.#hasCursor = true;
        break;
      case "reactor_reset":
        this.resets += 1;
        this.#begin(frame.cursor, this.cursor);
        break;
      case "reactor_subscribed":
        this.#asked = frame.data.events.length === 0 ? null : frame.data.events;
        this.#begin(frame.cursor, frame.cursor);
        break;
      case "reactor_events": {
        const applied = applyRange(this.cursor, frame);
        if (applied.gap) {
          this.drop();
          break;
        }
        for (const { seq } of applied.events) if (seq !== undefined) this.received.push(seq);
        this.cursor = applied.cursor;
        if (frame.more) this.#hub.send(this.#socket, encodeAck(frame.cursor));
      }
    }
  }

  #begin(cursor: Cursor, ended: Cursor): void {
    const last = this.spans.pop();
    if (last) this.spans.push({ ...last, until: ended.seq });
    this.spans.push({ after: cursor.seq, until: null, asked: this.#asked });
    this.cursor = cursor;
  }
}
