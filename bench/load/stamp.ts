// Every event of a bench carries the time of its emit: sixteen digits of microseconds, found by a search for bytes.

const MARK = Buffer.from('"at":"');
const DIGITS = 16;
const ZERO = 0x30;

/** A member of an event's data. */
export const STAMP_MEMBER = `${MARK}${"0".repeat(DIGITS)}"`;

/** What a publisher sends again and again, and where in it a stamp belongs. */
export interface Stampable {
  readonly bytes: Buffer;
  readonly stampOffsets: readonly number[];
}

export function stampable(bytes: Buffer): Stampable {
  return { bytes, stampOffsets: stampOffsets(bytes) };
}

function stampOffsets(body: Buffer): number[] {
  const offsets: number[] = [];
  for (let at = body.indexOf(MARK); at !== -1; at = body.indexOf(MARK, at + 1)) offsets.push(at + MARK.length);
  return offsets;
}

export function writeStamps({ bytes, stampOffsets }: Stampable, us: number): void {
  const digits = Math.floor(us).toString().padStart(DIGITS, "0");
  for (const offset of stampOffsets) bytes.write(digits, offset, "latin1");
}

/** The stamps of a frame, in order: one per event. */
export function readStamps(frame: Buffer): number[] {
  const stamps: number[] = [];
  for (let at = frame.indexOf(MARK); at !== -1; at = frame.indexOf(MARK, at + MARK.length + DIGITS)) {
    let us = 0;
    for (let digit = at + MARK.length; digit < at + MARK.length + DIGITS; digit++) {
      us = us * 10 + (frame[digit] ?? ZERO) - ZERO;
    }
    stamps.push(us);
  }
  return stamps;
}
