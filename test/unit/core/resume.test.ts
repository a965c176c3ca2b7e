import { expect, it } from "vitest";
import { MemoryLog } from "../../../src/core/log/memory-log.ts";
import { resume } from "../../../src/core/log/resume.ts";
import { parseCursor } from "../../../src/wire/cursor.ts";
import { HubInMemory } from "../../support/hub-in-memory.ts";

const cursor = (text: string) => parseCursor(text) ?? expect.fail(text);

/** A log with events 1 to `head`, of which those from `oldest` on are kept. */
function logOf(head: number, oldest = 1): MemoryLog {
  const log = new MemoryLog();
  new HubInMemory(log).emit(head);
  log.trim({ maxEvents: head + 1 - oldest, maxAgeMs: Infinity, maxBytes: Infinity }, 0);
  return log;
}

it.each([
  ["abc.0", 1],
  ["abc.4", 1],
  ["abc.9", 1],
  ["abc.10", 1],
  ["0.0", 1],
  ["abc.4", 5], // just before the oldest: nothing after it is deleted
])("[C3] continues from %s in a log that keeps events from %i to 10", (asked, oldest) => {
  const { from, reset } = resume(cursor(asked), logOf(10, oldest));
  expect([from, reset]).toEqual([{ epoch: "abc", seq: cursor(asked).seq }, null]);
});

it.each([
  ["abc.3", 5, "trimmed", "abc.4"],
  ["0.0", 5, "trimmed", "abc.4"],
  ["abc.9", 11, "trimmed", "abc.10"], // no event is kept
  ["abc.11", 1, "ahead", "abc.10"],
  ["xyz.4", 1, "epoch", "abc.10"],
  ["xyz.400", 5, "epoch", "abc.10"],
  ["0.4", 1, "epoch", "abc.10"],
])("[C4] resets %s in a log that keeps events from %i to 10: %s", (asked, oldest, reason, position) => {
  const { from, reset } = resume(cursor(asked), logOf(10, oldest));
  expect(from).toEqual(cursor(position));
  expect(reset).toEqual({ reason, oldest: `abc.${Math.min(oldest, 10)}`, cursor: position });
});

it.each([
  ["0.0", null],
  ["xyz.4", { reason: "epoch", oldest: "0.0", cursor: "0.0" }],
  ["0.4", { reason: "ahead", oldest: "0.0", cursor: "0.0" }],
])("[C4] answers %s in a channel without a log with %j", (asked, reset) => {
  expect(resume(cursor(asked), new MemoryLog())).toEqual({ from: { epoch: "0", seq: 0 }, reset });
});
