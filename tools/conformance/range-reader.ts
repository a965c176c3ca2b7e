// A client by SPEC.md (R1 to R4) that checks everything: each frame of `reactor.v1` must begin at the position of the client
// or before, and hold no event from outside of its range, none twice and none out of order.
import { epochOf, expectTrue, type Json, Mismatch, seqOf, shown } from "./mismatch.ts";

const ORIGIN = "0.0";

export class RangeReader {
  /** All events with a seq, in the order in which they were received. */
  readonly received: Json[] = [];
  #cursor: string;

  /** @param cursor of the welcome */
  constructor(cursor: string) {
    seqOf(cursor);
    this.#cursor = cursor;
  }

  /** The seq of its cursor. */
  get position(): number {
    return seqOf(this.#cursor);
  }

  take(frame: Json): void {
    if (frame.type === "reactor_events") this.#takeEvents(frame);
    else if (frame.type === "reactor_subscribed") this.#moveTo(frame.data?.cursor, frame);
    else if (frame.type === "reactor_reset") throw new Mismatch(`expected no reset, got ${shown(frame)}`);
  }

  #takeEvents(frame: Json): void {
    const { position } = this;
    if (!(frame.after <= position)) {
      throw new Mismatch(`expected a frame from the position ${position} on, got a gap: ${shown(frame)}`);
    }
    const end = seqOf(frame.cursor);
    let last = frame.after;
    for (const event of frame.events) {
      if (event.seq === undefined) continue; // ephemeral
      expectTrue("events in order, within (after, cursor]", event.seq > last && event.seq <= end, frame);
      const isNew = this.received.every(({ seq }) => seq !== event.seq);
      expectTrue("each event once", isNew, frame);
      last = event.seq;
      this.received.push(event);
    }
    this.#moveTo(frame.cursor, frame);
  }

  #moveTo(cursor: string, frame: Json): void {
    const goesOn = this.#cursor === ORIGIN || epochOf(cursor) === epochOf(this.#cursor);
    expectTrue(
      `a cursor in the epoch of ${this.#cursor}, and not before it`,
      goesOn && seqOf(cursor) >= this.position,
      frame,
    );
    this.#cursor = cursor;
  }
}
