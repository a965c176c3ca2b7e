import { deflateRawSync } from "node:zlib";
import { expect, it } from "vitest";
import { DeflatedFrames } from "../../../src/core/fanout/deflated-frames.ts";
import { Fanout } from "../../../src/core/fanout/fanout.ts";
import { MemoryBudget } from "../../../src/core/fanout/memory-budget.ts";
import { SendBuffer } from "../../../src/core/fanout/send-buffer.ts";
import type { Lagging } from "../../../src/core/fanout/sender.ts";
import type { Subscriber } from "../../../src/core/fanout/subscriber.ts";
import { SubscriberGroups } from "../../../src/core/fanout/subscriber-groups.ts";
import type { AppendedEvent } from "../../../src/core/log/logged-event.ts";
import { MemoryLog } from "../../../src/core/log/memory-log.ts";
import { RecentEvents } from "../../../src/core/log/recent-events.ts";
import { MAX_FRAME_BYTES } from "../../../src/wire/limits.ts";
import { draftOf, draftsOf } from "../../support/drafts.ts";
import { subscriberOf } from "../../support/reader.ts";
import { RecordingSocket } from "../../support/recording-socket.ts";
import { stamped } from "../../support/stamped.ts";

const at = { ms: 0, iso: "2026-11-21T12:00:00.000Z" };
const logged = (from: number, count: number, type = "news_processed") =>
  draftsOf(count, type).map((draft, n) => stamped(draft, "abc", from + n, at));
const heavy = (seq: number, bytes: number) =>
  stamped(draftOf({ type: "a", data: "é".repeat(bytes / 2) }), "abc", seq, at);

/** A fan-out over a log in memory, with subscribers that are live. It never pauses between flushes. */
function fanoutOf(...parts: Partial<Subscriber>[]) {
  const log = new MemoryLog();
  const groups = new SubscriberGroups<RecordingSocket>();
  const sendBuffer = new SendBuffer<RecordingSocket>(() => null);
  const recentEvents = new RecentEvents(log);
  const memoryBudget = new MemoryBudget(sendBuffer);
  const deflatedFrames = new DeflatedFrames((text) => deflateRawSync(text));
  const lagging: Lagging<RecordingSocket>[] = [];
  /** How many sockets each finished flush has sent to. */
  const touched: number[] = [];
  const timers: (() => void)[] = [];
  const fanout = new Fanout(
    { groups, recentEvents, sendBuffer, memoryBudget, deflatedFrames, counts: log.usage.counts },
    {
      beforeSending: () => {},
      demote: (sockets) => void lagging.push(...sockets),
      later: (_, act) => void timers.push(act),
      soon: (act) => void timers.push(act),
      nowMs: () => 0,
      hold: (act) => act(),
      report: (_, error) => expect.fail(String(error)),
      costOf(sockets) {
        touched.push(sockets);
        return 0;
      },
    },
  );
  const sockets = parts.map((part) => {
    const socket = new RecordingSocket();
    groups.seat(socket, subscriberOf(part), part.sentSeq ?? 0);
    return socket;
  });
  /** Appends without a flush, as what came in behind one that is in progress. */
  const append = (events: readonly AppendedEvent[]) => {
    log.append(events, "abc", 0);
    recentEvents.push(events);
  };
  const emit = (events: readonly AppendedEvent[]) => {
    log.append(events, "abc", 0);
    fanout.push(events);
  };
  /** Runs the next turn, if one is scheduled. @returns whether there was one */
  const turn = () => {
    const act = timers.shift();
    act?.();
    return act !== undefined;
  };
  return { log, groups, fanout, sockets, append, emit, turn, lagging, touched };
}

it("[F2] sends a batch as one frame, the same string to the whole group", () => {
  const { sockets, emit } = fanoutOf({}, {});
  emit(logged(1, 3));
  expect(sockets[0]?.frames()).toMatchObject([
    { type: "reactor_events", after: 0, cursor: "abc.3", events: [{ seq: 1 }, { seq: 2 }, { seq: 3 }] },
  ]);
  expect(sockets[0]?.sent[0]).toBe(sockets[1]?.sent[0]);
});

it("[F4] begins each frame at the group's sentSeq, across events that the group does not receive", () => {
  const { sockets, emit } = fanoutOf({ asked: ["digest_*"] });
  emit(logged(1, 1, "digest_created"));
  emit(logged(2, 5));
  emit(logged(7, 1, "digest_created"));
  expect(sockets[0]?.frames().map(({ after, cursor }) => [after, cursor])).toEqual([
    [0, "abc.1"],
    [1, "abc.7"],
  ]);
});

it("[S3] leaves out of a batch what a group does not receive, and still covers it", () => {
  const { sockets, emit } = fanoutOf({ asked: ["digest_*"] });
  emit([...logged(1, 2), ...logged(3, 1, "digest_created"), ...logged(4, 2)]);
  expect(sockets[0]?.frames()).toMatchObject([{ after: 0, cursor: "abc.5", events: [{ seq: 3 }] }]);
});

it("[O2] sends a legacy subscriber one frame per event, with its seq and cursor", () => {
  const { sockets, emit } = fanoutOf({ dialect: "legacy" });
  emit(logged(1, 2));
  expect(sockets[0]?.frames()).toEqual([
    {
      type: "news_processed",
      data: { n: 0 },
      source: "system",
      timestamp: at.iso,
      id: "abc.1",
      seq: 1,
      cursor: "abc.1",
    },
    {
      type: "news_processed",
      data: { n: 1 },
      source: "system",
      timestamp: at.iso,
      id: "abc.2",
      seq: 2,
      cursor: "abc.2",
    },
  ]);
});

it("[S5] continues after a socket on which sending fails", () => {
  const { sockets, emit } = fanoutOf({}, {}, {});
  sockets[1]?.close(1000, "");
  emit(logged(1, 1));
  expect(sockets.map(({ sent }) => sent.length)).toEqual([1, 0, 1]);
});

it("[F3] cuts a batch into contiguous frames, each of at most 32,000 bytes or one event", () => {
  const { sockets, emit } = fanoutOf({});
  const events = [...Array(20)].map((_, n) => heavy(n + 1, 5_000));
  emit([...events, heavy(21, 200_000), heavy(22, 10)]);
  const frames =
    sockets[0]?.sent.map((text) => ({ bytes: new TextEncoder().encode(text).length, ...JSON.parse(text) })) ?? [];
  expect(frames.map(({ events }) => events.length)).toEqual([6, 6, 6, 2, 1, 1]);
  expect(frames.map(({ after }) => after)).toEqual([0, 6, 12, 18, 20, 21]);
  expect(frames.map(({ cursor }) => cursor)).toEqual(["abc.6", "abc.12", "abc.18", "abc.20", "abc.21", "abc.22"]);
  for (const { bytes, events } of frames) expect(bytes <= MAX_FRAME_BYTES || events.length === 1).toBe(true);
});

it("[F5] sends a group that receives nothing its position before 1,000 events have passed", () => {
  const { sockets, emit } = fanoutOf({ asked: ["digest_*"] }, { asked: ["digest_*"], dialect: "legacy" });
  for (let seq = 1; seq <= 1_200; seq += 1) emit(logged(seq, 1));
  expect(sockets[0]?.frames()).toEqual([
    { type: "reactor_events", after: 0, cursor: "abc.500", events: [] },
    { type: "reactor_events", after: 500, cursor: "abc.1000", events: [] },
  ]);
  expect(sockets[1]?.sent).toEqual([]); // legacy has no frame without an event
});

it("[A2] [F5] sends an ephemeral event to the groups that receive it, and the others their position", () => {
  const { sockets, emit, fanout } = fanoutOf(
    {},
    { asked: ["digest_*"] },
    { dialect: "legacy", asked: ["digest_*"] },
    { sentSeq: 3, asked: ["x"] },
  );
  emit(logged(1, 3));
  const event = '{"type":"reactor_heartbeat","data":{}}';
  const sent = sockets.map((socket) => socket.sent.splice(0).length);
  fanout.ephemeral({ type: "reactor_heartbeat", event });
  expect(sent).toEqual([1, 0, 0, 0]);
  expect(sockets.map((socket) => socket.frames())).toEqual([
    [{ type: "reactor_events", after: 3, cursor: "abc.3", events: [JSON.parse(event)] }],
    [{ type: "reactor_events", after: 0, cursor: "abc.3", events: [] }],
    [{ ...JSON.parse(event), cursor: "abc.3" }],
    [],
  ]);
});

it("[F5] never lets a quiet group fall 1,000 events behind, however many are appended at once", () => {
  const { sockets, emit } = fanoutOf({ asked: ["digest_*"] });
  for (const [from, count] of [
    [1, 1],
    [2, 249],
    [251, 749],
    [1_000, 1_000],
    [2_000, 400],
  ] as const)
    emit(logged(from, count));
  const spans = sockets[0]?.frames().map(({ after, cursor }) => Number(cursor.slice(4)) - after) ?? [];
  expect(Math.max(...spans)).toBeLessThan(1_000);
  expect(sockets[0]?.frames().at(-1)?.cursor).toBe("abc.2399");
});

it("[F5] sends quiet subscribers no more empty frames than a tenth of the events, and their position in time", () => {
  const { sockets, emit } = fanoutOf(...Array.from({ length: 300 }, (_, n) => ({ asked: [`own_${n}`] })));
  for (let n = 0; n < 30; n++) emit(logged(1 + n * 250, 250));
  for (const socket of sockets) {
    const positions = socket.frames().map(({ cursor }) => Number(cursor.slice(4)));
    expect(positions).toEqual([2_500, 5_000, 7_500]);
  }
});

it("[F13] finds out over several turns who hears types that were never seen, and sends everything in order", () => {
  const strangers = Array.from({ length: 100 }, (_, n) => ({
    asked: Array.from({ length: 60 }, (_, m) => `*a*${n}x${m}*`),
  }));
  const { sockets, emit, turn, groups, lagging } = fanoutOf(
    {},
    { asked: ["type_7"] },
    { dialect: "legacy" },
    ...strangers,
  );
  const types = draftsOf(30).map((draft, n) => stamped({ ...draft, type: `type_${n}` }, "abc", n + 1, at));
  emit(types);
  let turns = 0;
  do {
    if (turns === 2) emit(logged(31, 1, "type_7")); // must not hold back the others
    turns += 1;
  } while (turn());
  expect(turns).toBeGreaterThan(9); // 6,000 patterns × 30 types, of which a turn tries 20,000
  const [all, one, legacy, stranger] = sockets;
  expect(all?.frames().map(({ after, cursor, events }) => [after, cursor, events.length])).toEqual([
    [0, "abc.30", 30],
    [30, "abc.31", 1],
  ]);
  expect(one?.frames().map(({ events }) => events.map(({ seq }: { seq: number }) => seq))).toEqual([[8], [31]]);
  expect(legacy?.frames().map(({ seq }) => seq)).toEqual(Array.from({ length: 31 }, (_, n) => n + 1));
  expect([stranger?.sent, lagging, groups.flushedSeq]).toEqual([[], [], 31]);
});

it("[F13] ends a batch where more hear its types than can be remembered, and loses nothing", () => {
  const crowd = Array.from({ length: 1_100 }, (_, n) => ({ asked: ["type_*", `own_${n}`] }));
  const { sockets, emit, turn } = fanoutOf(...crowd);
  emit(draftsOf(120).map((draft, n) => stamped({ ...draft, type: `type_${n % 100}` }, "abc", n + 1, at)));
  while (turn());
  for (const socket of [sockets[0], sockets[1_099]]) {
    const frames = socket?.frames() ?? [];
    expect(frames.map(({ after, cursor }) => [after, cursor])).toEqual([
      [0, "abc.91"],
      [91, "abc.120"],
    ]);
    expect(frames.flatMap(({ events }) => events.map(({ seq }: { seq: number }) => seq))).toEqual(
      Array.from({ length: 120 }, (_, n) => n + 1),
    );
  }
});

it("[F13] [X1] does so also where the event at which it would end was taken out meanwhile", () => {
  const crowd = Array.from({ length: 1_100 }, (_, n) => ({ asked: ["type_*", `own_${n}`] }));
  const { sockets, log, emit, turn, fanout, lagging } = fanoutOf({ asked: ["quiet"] }, ...crowd);
  emit(logged(1, 10));
  log.removeBefore(11);
  fanout.removedBefore(11);
  emit(draftsOf(120).map((draft, n) => stamped({ ...draft, type: `type_${n}` }, "abc", 11 + n, at)));
  fanout.removed(102);
  while (turn());
  const seqs = sockets[1]?.frames().flatMap(({ events }) => events.map(({ seq }: { seq: number }) => seq));
  expect(seqs).toEqual(Array.from({ length: 120 }, (_, n) => 11 + n).filter((seq) => seq !== 102));
  expect(lagging).toEqual([]); // as if the quiet one had not been told of the first ten
});

it("[F13] has a subscriber catch up whose patterns take too long to be matched in its own turn", () => {
  const asked = Array.from({ length: 64 }, (_, n) => `*${n}x*`);
  const { sockets, append, fanout, lagging } = fanoutOf({ asked, allowed: asked });
  append(draftsOf(200).map((draft, n) => stamped({ ...draft, type: `type_${n}` }, "abc", n + 1, at)));
  fanout.bringToHead(sockets[0] ?? expect.fail(), null);
  expect(lagging).toEqual([{ socket: sockets[0], after: 0, position: 0 }]);
});

it("[F8] [F2] sends at most 8 MiB per turn, and continues with those who were sent least", () => {
  const { sockets, emit, turn, groups } = fanoutOf(...Array(90).fill({}));
  const served = () => sockets.filter(({ sent }) => sent.length > 0).length;
  emit([heavy(1, 200_000)]);
  expect(served()).toBe(42);
  emit([heavy(2, 10)]); // goes on, and is in no frame with the first, which is full
  expect(served()).toBe(84);
  while (turn());
  for (const { sent } of sockets) expect(sent).toHaveLength(2);
  expect([...groups.groups].map(({ sentSeq, sockets: { size } }) => [sentSeq, size])).toEqual([[2, 90]]);
});

it("[F8] sends 200 frames a turn; those who are sent to last get what has come meanwhile, too, and are next to last then", () => {
  const { sockets, emit, turn, groups, lagging } = fanoutOf(...Array(500).fill({}), { asked: ["other"] });
  const cursors = () => [0, 200, 400].map((n) => sockets[n]?.frames().map(({ after, cursor }) => `${after}-${cursor}`));
  emit(logged(1, 1));
  expect(cursors()).toEqual([["0-abc.1"], [], []]);
  emit([...logged(2, 1), ...logged(3, 1, "other")]);
  expect(cursors()).toEqual([["0-abc.1"], ["0-abc.3"], []]);
  emit(logged(4, 1)); // the round is over with 100 frames; those of the first turn are first in the next one
  expect(cursors()).toEqual([["0-abc.1", "1-abc.4"], ["0-abc.3"], ["0-abc.4"]]);
  while (turn());
  for (const { frames } of sockets.slice(0, 500).map((socket) => ({ frames: socket.frames() }))) {
    expect(frames.flatMap(({ events }) => events.map(({ seq }: { seq: number }) => seq))).toEqual([1, 2, 3, 4]);
    frames.forEach(({ after }, n) => void expect(after).toBe(n === 0 ? 0 : Number(frames[n - 1].cursor.slice(4))));
  }
  expect(sockets[500]?.frames()).toMatchObject([{ after: 0, events: [{ seq: 3 }] }]);
  expect([lagging, groups.flushedSeq]).toEqual([[], 4]);
});

it("[F8] [X1] sends on what is left of a round from which an event was taken out meanwhile", () => {
  const { sockets, emit, turn, fanout } = fanoutOf(...Array(300).fill({}));
  emit(logged(1, 3));
  fanout.removed(2);
  emit(logged(4, 1));
  while (turn());
  const seqsOf = (n: number) =>
    sockets[n]?.frames().flatMap(({ events }) => events.map(({ seq }: { seq: number }) => seq));
  expect([seqsOf(0), seqsOf(299)]).toEqual([
    [1, 2, 3, 4],
    [1, 3, 4],
  ]);
});

it("[F8] takes no more into a round than fits its frame", () => {
  const { sockets, emit, turn } = fanoutOf(...Array(300).fill({}));
  emit([heavy(1, 20_000)]);
  emit([heavy(2, 20_000)]);
  while (turn());
  const framesOf = (n: number) => sockets[n]?.frames().map(({ events }) => events.length);
  expect([framesOf(0), framesOf(299)]).toEqual([
    [1, 1],
    [1, 1],
  ]);
});

it("[F8] sends all at once before an event that is not in the log, so that none overtakes it", () => {
  const { sockets, emit, fanout } = fanoutOf(...Array(500).fill({}));
  emit(logged(1, 1));
  fanout.ephemeral({ type: "here_now", event: '{"type":"here_now","data":{}}' });
  for (const socket of sockets) {
    expect(socket.frames().flatMap(({ events }) => events.map(({ type }: { type: string }) => type))).toEqual([
      "news_processed",
      "here_now",
    ]);
  }
});

it("[F2] brings one subscriber to the head before the flush, and leaves it out of the flush", () => {
  const { sockets, append, emit, fanout, lagging } = fanoutOf({}, { dialect: "legacy" }, {});
  append(logged(1, 2));
  for (const socket of sockets.slice(0, 2)) fanout.bringToHead(socket, null);
  expect([sockets.map(({ sent }) => sent.length), lagging]).toEqual([[1, 2, 0], []]);
  emit(logged(3, 1));
  expect(sockets[0]?.frames()).toMatchObject([
    { after: 0, cursor: "abc.2" },
    { after: 2, cursor: "abc.3", events: [{ seq: 3 }] },
  ]);
  expect(sockets[1]?.frames().map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect(sockets[2]?.frames()).toMatchObject([
    { after: 0, cursor: "abc.3", events: [{ seq: 1 }, { seq: 2 }, { seq: 3 }] },
  ]);
});

it("[P6] sends no events after a gap: a subscriber whose next events were deleted catches up first", () => {
  const { sockets, fanout, log, lagging } = fanoutOf({}, { sentSeq: 4 });
  log.append(logged(1, 9), "abc", 0);
  log.trim({ maxEvents: 5, maxAgeMs: Infinity, maxBytes: Infinity }, 0);
  fanout.push([]);
  expect(lagging).toEqual([{ socket: sockets[0], after: 0, position: 0 }]);
  expect(sockets.flatMap(({ sent }) => sent)).toEqual([]);
});

it("[P5] skips a socket that an earlier turn left with too much, once, and not for what this turn sends", () => {
  const { sockets, emit, lagging: leftOut } = fanoutOf({}, {});
  const [quick, lagging] = sockets;
  if (!quick || !lagging) return expect.fail();
  lagging.bufferedAmount = 128 * 1024 + 1;
  quick.readsNothing = true;
  emit([...Array(30)].map((_, n) => heavy(n + 1, 10_000)));
  expect(quick.sent).toHaveLength(10);
  expect(leftOut[0]).toEqual({ socket: lagging, after: 0, position: 0 });
  expect(lagging.sent).toEqual([]);
});
