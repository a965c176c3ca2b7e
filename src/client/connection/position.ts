// Where a connection is in the log: it hands on what is new to it, once and in order, and acknowledges what it has taken in
// where the hub asks for that.
import { encodeAck } from "../../wire/client-frame.ts";
import { type Cursor, ORIGIN } from "../../wire/cursor.ts";
import type { ReactorEvent } from "../../wire/event.ts";
import { applyRange } from "../../wire/range.ts";
import type { EventsFrame, Welcome } from "../../wire/server-frame.ts";

export class Position {
  /** Everything up to here was handed on, of what was asked for at the time; `undefined`: it has not been anywhere yet. */
  cursor: Cursor | undefined;
  /** After so much it acknowledges unasked. */
  #ack: Welcome["ack"] = null;
  /**
   * What was taken since the last acknowledgement, in UTF-16 units. The hub counts bytes, of which a unit makes three at
   * most: 96 KiB for the 32 it asks for, still below the 128 at which it would take its reader for a slow one.
   */
  #taken = 0;
  readonly #send: (text: string) => void;

  /** @param place where it begins; `undefined`: at the head */
  constructor(send: (text: string) => void, cursor: Cursor | undefined) {
    this.#send = send;
    this.cursor = cursor;
  }

  /** A new socket begins. */
  welcomed(welcome: Welcome, cursor: Cursor): void {
    // Else it is where it was: also where a reset follows, which tells of what is lost, and may be lost with the socket.
    if (welcome.recovered === null) this.cursor = cursor;
    this.#ack = welcome.ack;
    this.#taken = 0;
  }

  /**
   * @param units the length of the frame's text
   * @param handOn MUST say whether the connection is still the same: if it is not, its place is what was handed on last
   * @returns whether the frame was taken: it is not if there is a gap before it
   */
  take(frame: EventsFrame, units: number, handOn: (event: ReactorEvent) => boolean): boolean {
    const applied = applyRange(this.cursor ?? ORIGIN, frame);
    if (applied.gap) return false;
    const { cursor } = applied;
    for (const event of applied.events) {
      if (event.seq !== undefined) this.cursor = { epoch: cursor.epoch, seq: event.seq };
      if (!handOn(event)) return true;
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
