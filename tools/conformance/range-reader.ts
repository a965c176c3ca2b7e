// The receiver of SPEC.md (R1 to R4), which takes nothing on trust: each frame of `reactor.v1` must begin where the reader
// is, or before, and hold nothing from outside of its range, nothing twice and nothing out of order.
import { epochOf, expectTrue, type Json, Mismatch, seqOf, shown } from "./mismatch.ts";

const ORIGIN = "0.0";

export class RangeReader {
  /** Everything with a seq that was heard, in the order in which it came. */
  readonly heard: Json[] = [];
  #cursor: string;

  /** @param cursor of the welcome */
  constructor(cursor: string) {
    seqOf(cursor);
    this.#cursor = cursor;
  }

  /** Up to where the reader was told everything. */
  get place(): number {
    return seqOf(this.#cursor);
  }

  take(frame: Json): void {
    if (frame.type === "reactor_events") this.#takeEvents(frame);
    else if (frame.type === "reactor_subscribed") this.#moveTo(frame.data?.cursor, frame);
    else if (frame.type === "reactor_reset") throw new Mismatch(`expected no reset, got ${shown(frame)}`);
  }

  #takeEvents(frame: Json): void {
    const { place } = this;
    if (!(frame.after <= place)) {
      throw new Mismatch(`expected a frame from ${place} on, where the reader is, got a gap: ${shown(frame)}`);
    }
    const end = seqOf(frame.cursor);
    let last = frame.after;
    for (const event of frame.events) {
      if (event.seq === undefined) continue; // ephemeral
      expectTrue("events in order, within (after, cursor]", event.seq > last && event.seq <= end, frame);
      const isNew = this.heard.every(({ seq }) => seq !== event.seq);
      expectTrue("each event once", isNew, frame);
      last = event.seq;
      this.heard.push(event);
    }
    this.#moveTo(frame.cursor, frame);
  }

  #moveTo(cursor: string, frame: Json): void {
    const goesOn = this.#cursor === ORIGIN || epochOf(cursor) === epochOf(this.#cursor);
    expectTrue(
      `a place in the epoch of ${this.#cursor}, and not before it`,
      goesOn && seqOf(cursor) >= this.place,
      frame,
    );
    this.#cursor = cursor;
  }
}
