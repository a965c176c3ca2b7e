import { expect, it } from "vitest";
import { acknowledge, CATCH_UP_START, type CatchUp, pull } from "../../../src/core/fanout/catch-up.ts";
import type { Message } from "../../../src/core/fanout/socket.ts";
import { MemoryLog } from "../../../src/core/log/memory-log.ts";
import { draftOf } from "../../support/drafts.ts";
import { HubInMemory } from "../../support/hub-in-memory.ts";

const ALL = { asked: null, allowed: null };
const PAGE = 32_000;

/** A log of `count` events of about 5 kB, six to a page. */
function logOf(count: number): MemoryLog {
  const log = new MemoryLog();
  const hub = new HubInMemory(log);
  for (let n = 0; n < count; n++) hub.emit([draftOf({ type: "a", data: "x".repeat(5_000) })]);
  return log;
}

const parsed = (frames: readonly Message[]) => frames.map((frame) => JSON.parse(String(frame)));

it("[P2] brings a subscriber that missed nothing to the head without a frame", () => {
  expect(pull(logOf(3), 3, ALL, CATCH_UP_START)).toMatchObject({ frames: [], sentSeq: 3, bytes: 0, catchUp: null });
});

it("[P2] brings a subscriber that missed less than a page to the head, without asking for an ack", () => {
  const { frames, sentSeq, catchUp } = pull(logOf(5), 2, ALL, CATCH_UP_START);
  expect(parsed(frames)).toMatchObject([{ after: 2, cursor: "abc.5", events: [{ seq: 3 }, { seq: 4 }, { seq: 5 }] }]);
  expect(frames[0]).not.toContain("more");
  expect([sentSeq, catchUp]).toEqual([5, null]);
});

it("[P3] has one page in flight at first, then two, four, eight and 16, and is live in the turn that reaches the head", () => {
  const log = logOf(121);
  let sentSeq = 0;
  let catchUp: CatchUp | null = CATCH_UP_START;
  const sizes: number[] = [];
  while (catchUp !== null) {
    const pulled = pull(log, sentSeq, ALL, acknowledge(catchUp, sentSeq));
    const frames = parsed(pulled.frames);
    expect(frames[0].after).toBe(sentSeq);
    expect(frames.slice(0, -1).every(({ more }) => more)).toBe(true);
    expect(frames.at(-1).more).toBe(pulled.catchUp === null ? undefined : true);
    sizes.push(frames.length);
    ({ sentSeq, catchUp } = pulled);
  }
  expect(sizes).toEqual([1, 2, 4, 8, 6]);
  expect(sentSeq).toBe(121);
});

it("[P1] [P3] reads at most 10,000 events per turn, however wide the window, and counts that as a whole page", () => {
  const log = new MemoryLog();
  const hub = new HubInMemory(log);
  for (let n = 0; n < 30; n++) hub.emit(1_000);
  const deaf = { asked: ["nothing"], allowed: null };
  const { frames, sentSeq, catchUp } = pull(log, 0, deaf, { window: 8 * PAGE, unacked: [] });
  expect(parsed(frames)).toEqual([{ type: "reactor_events", after: 0, cursor: "abc.10000", events: [], more: true }]);
  expect([sentSeq, catchUp]).toEqual([10_000, { window: 8 * PAGE, unacked: [[10_000, PAGE]] }]);
});

it("[P3] sends nothing while the window is full", () => {
  const full: CatchUp = { window: PAGE, unacked: [[6, PAGE]] };
  expect(pull(logOf(20), 6, ALL, full)).toMatchObject({ frames: [], sentSeq: 6, bytes: 0, catchUp: full });
});

it("[P4] counts an acknowledgement for all pages up to it, and ignores an old one", () => {
  const some: CatchUp = {
    window: 2 * PAGE,
    unacked: [
      [6, PAGE],
      [12, PAGE],
      [18, PAGE],
    ],
  };
  expect(acknowledge(some, 12)).toEqual({ window: 4 * PAGE, unacked: [[18, PAGE]] });
  expect(acknowledge(some, 17)).toEqual({ window: 4 * PAGE, unacked: [[18, PAGE]] });
  expect(acknowledge(some, 5)).toEqual(some);
  expect(acknowledge({ window: 16 * PAGE, unacked: [[6, PAGE]] }, 6)).toEqual({ window: 16 * PAGE, unacked: [] });
});

it("[P6] [C4] resets a subscriber whose next events were deleted meanwhile, and continues from the oldest", () => {
  const log = logOf(20);
  log.trim({ maxEvents: 5, maxAgeMs: Infinity, maxBytes: Infinity }, 0);
  const { frames, sentSeq, catchUp } = pull(log, 6, ALL, CATCH_UP_START);
  expect(parsed(frames)).toMatchObject([
    { type: "reactor_reset", data: { reason: "trimmed", oldest: "abc.16", cursor: "abc.15" } },
    { after: 15, cursor: "abc.20" },
  ]);
  expect([sentSeq, catchUp]).toEqual([20, null]);
});

it("[P3] [F16] weighs a page as it was sent, and never less than a full one", () => {
  const log = new MemoryLog();
  const hub = new HubInMemory(log);
  for (let n = 0; n < 3; n++) hub.emit([draftOf({ type: "a", data: "x".repeat(200_000) })]);
  const [asText, deflated] = [undefined, () => new Uint8Array(1_000)].map((encode) =>
    pull(log, 0, ALL, { window: 4 * PAGE, unacked: [] }, undefined, encode),
  );
  expect(asText?.unacked).toEqual([[1, expect.any(Number)]]);
  expect(asText?.unacked[0]?.[1]).toBeGreaterThan(200_000);
  expect([deflated?.unacked, deflated?.bytes]).toEqual([
    [
      [1, PAGE],
      [2, PAGE],
    ],
    3_000,
  ]);
});
