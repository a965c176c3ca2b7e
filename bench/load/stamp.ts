// Every event of a bench carries the moment of its emit: sixteen digits of microseconds, found by a search for bytes.

const MARK = Buffer.from('"at":"');
const DIGITS = 16;
const ZERO = 0x30;

/** As a member of an event's data. */
export const STAMP_MEMBER = `${MARK}${"0".repeat(DIGITS)}"`;

/** Where in `body` stamps have to be written. */
export function stampPlaces(body: Buffer): number[] {
  const places: number[] = [];
  for (let at = body.indexOf(MARK); at !== -1; at = body.indexOf(MARK, at + 1)) places.push(at + MARK.length);
  return places;
}

export function writeStamps(body: Buffer, places: readonly number[], us: number): void {
  const digits = Math.floor(us).toString().padStart(DIGITS, "0");
  for (const place of places) body.write(digits, place, "latin1");
}

/** The stamps of a frame, in order: one an event. */
export function readStamps(frame: Buffer): number[] {
  const stamps: number[] = [];
  for (let at = frame.indexOf(MARK); at !== -1; at = frame.indexOf(MARK, at + MARK.length + DIGITS)) {
    let us = 0;
    for (let place = at + MARK.length; place < at + MARK.length + DIGITS; place++) {
      us = us * 10 + (frame[place] ?? ZERO) - ZERO;
    }
    stamps.push(us);
  }
  return stamps;
}
