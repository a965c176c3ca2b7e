import { expect, it } from "vitest";
import { type Cursor, ORIGIN } from "../../../src/wire/cursor.ts";
import type { ReactorEvent } from "../../../src/wire/event.ts";
import { applyRange } from "../../../src/wire/range.ts";
import type { EventsFrame } from "../../../src/wire/server-frame.ts";
import { seeded } from "../../support/manual-ports.ts";

const at = (seq: number, epoch = "k3x9"): Cursor => ({ epoch, seq });

function event(seq: number | undefined): ReactorEvent {
  const logged = { type: "a", data: {}, source: "system", timestamp: "2026-11-21T12:00:00.000Z", id: `id-${seq}` };
  return seq === undefined ? logged : { ...logged, seq };
}

function frame(after: number, cursor: Cursor, ...seqs: (number | undefined)[]): EventsFrame {
  return { type: "reactor_events", after, cursor, events: seqs.map(event), more: false };
}

it.each([
  ["begins one after its position", at(41), frame(42, at(43), 43)],
  ["begins far after its position", at(41), frame(100, at(101), 101)],
  ["begins after it, also if empty", at(41), frame(42, at(43))],
  ["begins after 0.0", ORIGIN, frame(1, at(2), 2)],
  ["is of another epoch", at(41), frame(41, at(42, "zzzz"), 42)],
  ["is of another epoch, from its beginning", at(41), frame(0, at(1, "zzzz"), 1)],
  ["is of no epoch yet", at(41), frame(0, ORIGIN)],
])("[R1] finds a gap before a frame that %s", (_what, own, received) => {
  expect(applyRange(own, received)).toStrictEqual({ gap: true });
});

it("[R1] accepts any epoch from 0.0", () => {
  expect(applyRange(ORIGIN, frame(0, at(2), 1, 2))).toStrictEqual({
    gap: false,
    cursor: at(2),
    events: [event(1), event(2)],
  });
  expect(applyRange(ORIGIN, frame(0, at(0)))).toStrictEqual({ gap: false, cursor: at(0), events: [] });
});

it.each([
  ["all that begin at its position", frame(41, at(43), 42, 43), [42, 43]],
  ["those after its position, of a frame that overlaps", frame(38, at(43), 39, 41, 42, 43), [42, 43]],
  ["those without a seq, at any index", frame(41, at(42), undefined, 42, undefined), [undefined, 42, undefined]],
  ["those without a seq, of a known frame", frame(40, at(41), 41, undefined), [undefined]],
  ["no known events", frame(39, at(41), 40, 41), []],
  ["those that match, of a range with others", frame(41, at(60), 50, 55), [50, 55]],
])("[R2] delivers %s", (_what, received, delivered) => {
  expect(applyRange(at(41), received)).toMatchObject({ gap: false, events: delivered.map(event) });
});

it.each([
  ["to the frame's cursor", frame(41, at(43), 42, 43), at(43)],
  ["to the frame's cursor after its last event", frame(41, at(60), 50), at(60)],
  ["to the frame's cursor, if it has no events", frame(41, at(60)), at(60)],
  ["nowhere for a known frame", frame(40, at(41), 41), at(41)],
  ["nowhere for an older frame", frame(10, at(40), 40), at(41)],
])("[R3] moves %s", (_what, received, cursor) => {
  expect(applyRange(at(41), received)).toMatchObject({ gap: false, cursor });
});

it("[R1] [R2] [R3] delivers each matching event up to its position once and in order, whatever is lost, doubled or swapped", () => {
  const random = seeded(42);
  const upTo = (max: number) => Math.floor(random() * (max + 1));
  for (let round = 0; round < 300; round++) {
    const matching = Array.from({ length: 40 }, (_, index) => index + 1).filter(() => random() < 0.6);
    let own = ORIGIN;
    const delivered: (number | undefined)[] = [];
    for (let step = 0; step < 60; step++) {
      const after = upTo(39);
      const end = after + upTo(40 - after);
      const applied = applyRange(own, frame(after, at(end), ...matching.filter((seq) => seq > after && seq <= end)));
      expect(applied.gap).toBe(after > own.seq);
      if (applied.gap) continue;
      expect(applied.cursor.seq).toBe(Math.max(own.seq, end));
      own = applied.cursor;
      delivered.push(...applied.events.map(({ seq }) => seq));
      expect(delivered).toEqual(matching.filter((seq) => seq <= own.seq));
    }
  }
});
