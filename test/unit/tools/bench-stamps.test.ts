import { expect, test } from "vitest";
import { emitBody, eventText } from "../../../bench/load/event-body.ts";
import { readStamps, stampable, writeStamps } from "../../../bench/load/stamp.ts";

test.each([1, 50])("a body of %i events carries the time of its emit in each of them", (events) => {
  const { text } = emitBody(events, 200);
  const bytes = Buffer.from(text);
  writeStamps(stampable(bytes), 123_456_789.9);
  expect(readStamps(bytes)).toEqual(Array(events).fill(123_456_789));
});

test.each([100, 200, 16_384])("an event of %i bytes has that length, and is JSON", (bytes) => {
  const text = eventText(bytes);
  expect(Buffer.byteLength(text)).toBe(bytes);
  expect(JSON.parse(text)).toMatchObject({ type: "bench" });
});

test("several events are NDJSON, one is JSON", () => {
  expect(emitBody(1, 200)).toMatchObject({ contentType: "application/json", events: 1 });
  const { contentType, text } = emitBody(3, 200);
  expect(contentType).toBe("application/x-ndjson");
  expect(text.split("\n").map((line) => JSON.parse(line))).toHaveLength(3);
});

test("a frame without an event of a bench has no stamps", () => {
  expect(readStamps(Buffer.from('{"type":"reactor_events","after":1,"cursor":"a.1","events":[]}'))).toEqual([]);
});
