import { expect, it } from "vitest";
import type { AppendedEvent } from "../../../src/core/log/logged-event.ts";
import {
  extended,
  MAX_SEGMENT_BYTES,
  OPEN_SEGMENT_BYTES,
  OPEN_SEGMENT_MS,
  type Segment,
  segmentsOf,
  sliceOf,
} from "../../../src/core/log/segment.ts";
import { draftOf } from "../../support/drafts.ts";
import { stamped } from "../../support/stamped.ts";

const at = { ms: 0, iso: "2026-11-21T12:00:00.000Z" };
const event = (seq: number, data: unknown = 0, type = "a", id?: string): AppendedEvent =>
  stamped(draftOf({ type, data, ...(id !== undefined && { id }) }), "abc", seq, at);
const only = (events: readonly AppendedEvent[], atMs = 1_000): Segment => {
  const [segment] = segmentsOf(events, atMs, 0);
  return segment ?? expect.fail();
};

it("[L9] is one row for what is appended together, up to a frame, and one more for each", () => {
  const events = Array.from({ length: 100 }, (_, n) => event(n + 1, "x".repeat(2_000)));
  const segments = segmentsOf(events, 1_000, 7);
  expect(segments.map(({ firstSeq, lastSeq }) => [firstSeq, lastSeq])).toEqual([
    [1, 15],
    [16, 30],
    [31, 45],
    [46, 60],
    [61, 75],
    [76, 90],
    [91, 100],
  ]);
  for (const { bytes, text } of segments) {
    expect(bytes).toBeLessThanOrEqual(MAX_SEGMENT_BYTES);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_SEGMENT_BYTES);
  }
  const total = events.reduce((sum, { bytes }) => sum + bytes, 7);
  expect(segments.at(-1)?.totalBytes).toBe(total);
});

it("[L9] is larger only for one event that is larger", () => {
  const large = event(2, "é".repeat(60_000));
  expect(segmentsOf([event(1), large, event(3)], 1_000, 0).map(({ bytes }) => bytes)).toEqual([
    event(1).bytes,
    large.bytes,
    event(3).bytes,
  ]);
});

it("[C3] gives back each event with its seq, its type and its bytes, whatever is in it", () => {
  const events = [
    event(1, "plain"),
    event(2, 'é\n"\\u2028 𝄞', "b"),
    event(3, { type: "no", text: '"type":"x"' }, "c.d/e:f-g", 'id "3"'),
  ];
  const [plain, wide] = [only(events.slice(0, 1)), only(events)];
  const logged = events.map(({ key: _, ...each }) => each);
  const whole = sliceOf(wide, wide.text, 0, 9, null);
  expect([whole.from, whole.to, whole.scanned, whole.events]).toEqual([1, 3, 3, logged]);
  const { text = () => "", bytes } = whole.joined ?? {};
  expect(JSON.parse(`[${text()}]`)).toEqual(logged.map(({ event }) => JSON.parse(event)));
  expect(bytes).toBe(Buffer.byteLength(text()));
  expect(sliceOf(plain, plain.text, 0, 9, null).events).toEqual(logged.slice(0, 1));
  expect(sliceOf(wide, wide.text, 2, 9, null)).toEqual({ from: 2, to: 3, scanned: 2, events: logged.slice(1) });
  expect(sliceOf(wide, wide.text, 0, 2, (type) => type === "b").events).toEqual([logged[1]]);
});

it("[L9] is extended while the row fits one page, and no further", () => {
  let open: Segment = only([event(1)]);
  let seq = 2;
  for (; ; seq++) {
    const next = only([event(seq, "x".repeat(100), `type-${seq}`, `id-${seq}`)]);
    const longer = extended(open, next);
    if (longer === null) break;
    open = { ...longer, text: `${open.text}\n${next.text}` };
  }
  const row =
    Buffer.byteLength(open.text) + JSON.stringify([...open.types]).length + (open.fingerprints?.byteLength ?? 0);
  expect(row).toBeLessThan(OPEN_SEGMENT_BYTES);
  expect(row).toBeGreaterThan(OPEN_SEGMENT_BYTES - 400);
  expect([open.lastSeq, open.types.size]).toEqual([seq - 1, seq - 1]);
  expect(open.fingerprints?.[0]).toBe(0);
  expect(new Set(open.fingerprints).size).toBe(seq - 1);
});

it("[L7] is extended for a quarter of an hour, and then deleted with what it has", () => {
  const open = only([event(1)], 5_000);
  expect(extended(open, only([event(2)], 5_000 + OPEN_SEGMENT_MS))).toMatchObject({ firstMs: 5_000, lastSeq: 2 });
  expect(extended(open, only([event(2)], 5_001 + OPEN_SEGMENT_MS))).toBeNull();
});

it("[L7] goes on from its newest event where the clock was set back", () => {
  expect(extended(only([event(1)], 5_000), only([event(2)], 1_000))).toMatchObject({ lastMs: 5_000 });
});

it("[P1] counts large events as several scanned ones, so that a turn reads 10 MB at most for what does not match", () => {
  const sized = (size: number) => {
    const events = [1, 2].map((seq) =>
      stamped(draftOf({ type: seq === 1 ? "a" : "b", data: "x".repeat(size) }), "abc", seq, at),
    );
    const [segment] = segmentsOf(events, 0, 0);
    return segment ?? expect.fail("no segment");
  };
  const scanned = (size: number) => {
    const segment = sized(size);
    return sliceOf(segment, segment.text, 1, 2, (type) => type === "a").scanned;
  };
  expect([scanned(10), scanned(10_000)]).toEqual([2, 21]);
});
