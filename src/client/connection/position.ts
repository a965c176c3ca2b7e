// A connection's position in the log: delivers new events once and in order, and acknowledges them where the hub asks for
// that.
import { encodeAck } from "../../wire/client-frame.ts";
import { type Cursor, ORIGIN } from "../../wire/cursor.ts";
import type { ReactorEvent } from "../../wire/event.ts";
import { applyRange } from "../../wire/range.ts";
import type { EventsFrame, Welcome } from "../../wire/server-frame.ts";

export class Position {
  /** All subscribed events up to here were delivered; `undefined`: not welcomed yet, start at the head. */
  cursor: Cursor | undefined;
  /** Acknowledge after this many units, also where no frame asks for it. */
  #ack: Welcome["ack"] = null;
  /**
   * Received since the last acknowledgement, in UTF-16 units. The hub counts bytes, and one unit is at most 3 bytes: the
   * 32 Ki units that it asks for are at most 96 KiB, below the 128 KiB at which it treats a client as slow.
   */
  #taken = 0;
  readonly #send: (text: string) => void;

  /** @param cursor resume from here; `undefined`: start at the head */
  constructor(send: (text: string) => void, cursor: Cursor | undefined) {
    this.#send = send;
    this.cursor = cursor;
  }

  /** Call for the first frame of each socket. */
  welcomed(welcome: Welcome, cursor: Cursor): void {
    // Else the cursor stays, also where a reset follows: if the socket is lost before the reset, the next one repeats it.
    if (welcome.recovered === null) this.cursor = cursor;
    this.#ack = welcome.ack;
    this.#taken = 0;
  }

  /**
   * @param units length of the frame's text, in UTF-16 units
   * @param deliver MUST return whether the socket is still in use; if not, the cursor stays at this event
   * @returns whether the frame was accepted; `false` if there is a gap before it
   */
  take(frame: EventsFrame, units: number, deliver: (event: ReactorEvent) => boolean): boolean {
    const applied = applyRange(this.cursor ?? ORIGIN, frame);
    if (applied.gap) return false;
    const { cursor } = applied;
    for (const event of applied.events) {
      if (event.seq !== undefined) this.cursor = { epoch: cursor.epoch, seq: event.seq };
      if (!deliver(event)) return true;
    }
    this.cursor = cursor;
    this.#taken += units;
    if (frame.more || (this.#ack && this.#taken >= this.#ack.bytes)) {
      this.#taken = 0;
      this.#send(encodeAck(frame.cursor));
    }
    return true;
  }
}
