import { expect, it } from "vitest";
import { Audience, type Reader } from "../../src/core/audience.ts";
import { fanOut, fanOutEphemeral } from "../../src/core/fan-out.ts";
import { stamp } from "../../src/core/stamp.ts";
import { MAX_FRAME_BYTES } from "../../src/wire/limits.ts";
import { draftOf, draftsOf } from "../doubles/drafts.ts";
import { RecordingSocket } from "../doubles/recording-socket.ts";

const at = { ms: 0, iso: "2026-11-21T12:00:00.000Z" };
const logged = (from: number, count: number, type = "news_processed") =>
  draftsOf(count, type).map((draft, n) => stamp(draft, "abc", from + n, at));
const heavy = (seq: number, bytes: number) =>
  stamp(draftOf({ type: "a", data: "é".repeat(bytes / 2) }), "abc", seq, at);

function audienceOf(...parts: Partial<Reader>[]) {
  const audience = new Audience<RecordingSocket>();
  const sockets = parts.map((part) => {
    const socket = new RecordingSocket();
    audience.seat(socket, {
      clientId: "c",
      dialect: "v1",
      asked: null,
      allowed: null,
      told: 0,
      catchUp: null,
      heardMs: 0,
      ...part,
    });
    return socket;
  });
  return { audience, sockets };
}

it("[F2] sends a batch as one frame, the same string to the whole group", () => {
  const { audience, sockets } = audienceOf({}, {});
  fanOut(audience, logged(1, 3), { epoch: "abc", seq: 3 });
  expect(sockets[0]?.frames()).toMatchObject([
    { type: "reactor_events", after: 0, cursor: "abc.3", events: [{ seq: 1 }, { seq: 2 }, { seq: 3 }] },
  ]);
  expect(sockets[0]?.sent[0]).toBe(sockets[1]?.sent[0]);
});

it("[F4] begins each frame where the group was told last, over what it does not hear", () => {
  const { audience, sockets } = audienceOf({ asked: ["digest_*"] });
  fanOut(audience, logged(1, 1, "digest_created"), { epoch: "abc", seq: 1 });
  fanOut(audience, logged(2, 5), { epoch: "abc", seq: 6 });
  fanOut(audience, logged(7, 1, "digest_created"), { epoch: "abc", seq: 7 });
  expect(sockets[0]?.frames().map(({ after, cursor }) => [after, cursor])).toEqual([
    [0, "abc.1"],
    [1, "abc.7"],
  ]);
});

it("[S3] leaves out of a batch what a group does not hear, and covers it all the same", () => {
  const { audience, sockets } = audienceOf({ asked: ["digest_*"] });
  fanOut(audience, [...logged(1, 2), ...logged(3, 1, "digest_created"), ...logged(4, 2)], { epoch: "abc", seq: 5 });
  expect(sockets[0]?.frames()).toMatchObject([{ after: 0, cursor: "abc.5", events: [{ seq: 3 }] }]);
});

it("[O2] sends an old reader one event a frame, with its place beside it", () => {
  const { audience, sockets } = audienceOf({ dialect: "old" });
  fanOut(audience, logged(1, 2), { epoch: "abc", seq: 2 });
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

it("[S5] gets past a socket that cannot be sent to", () => {
  const { audience, sockets } = audienceOf({}, {}, {});
  sockets[1]?.close(1000, "");
  fanOut(audience, logged(1, 1), { epoch: "abc", seq: 1 });
  expect(sockets.map(({ sent }) => sent.length)).toEqual([1, 0, 1]);
});

it("[F3] cuts a batch into frames that join without a gap, each at most 64 KiB or one event", () => {
  const { audience, sockets } = audienceOf({});
  const events = [...Array(20)].map((_, n) => heavy(n + 1, 10_000));
  fanOut(audience, [...events, heavy(21, 200_000), heavy(22, 10)], { epoch: "abc", seq: 22 });
  const frames =
    sockets[0]?.sent.map((text) => ({ bytes: new TextEncoder().encode(text).length, ...JSON.parse(text) })) ?? [];
  expect(frames.map(({ events }) => events.length)).toEqual([6, 6, 6, 2, 1, 1]);
  expect(frames.map(({ after }) => after)).toEqual([0, 6, 12, 18, 20, 21]);
  expect(frames.map(({ cursor }) => cursor)).toEqual(["abc.6", "abc.12", "abc.18", "abc.20", "abc.21", "abc.22"]);
  for (const { bytes, events } of frames) expect(bytes <= MAX_FRAME_BYTES || events.length === 1).toBe(true);
});

it("[F8] tells a group that hears nothing how far the log has come, every 1,000 events", () => {
  const { audience, sockets } = audienceOf({ asked: ["digest_*"] }, { asked: ["digest_*"], dialect: "old" });
  for (let seq = 1; seq <= 2_500; seq += 1) fanOut(audience, logged(seq, 1), { epoch: "abc", seq });
  expect(sockets[0]?.frames()).toEqual([
    { type: "reactor_events", after: 0, cursor: "abc.1000", events: [] },
    { type: "reactor_events", after: 1_000, cursor: "abc.2000", events: [] },
  ]);
  expect(sockets[1]?.sent).toEqual([]); // an old page has no frame without an event
});

it("[A2] [F8] sends an event that is not logged to who hears it, and tells the others where they are", () => {
  const { audience, sockets } = audienceOf(
    {},
    { asked: ["digest_*"] },
    { dialect: "old", asked: ["digest_*"] },
    { told: 3, asked: ["x"] },
  );
  fanOut(audience, logged(1, 3), { epoch: "abc", seq: 3 });
  const event = '{"type":"reactor_heartbeat","data":{}}';
  const sent = sockets.map((socket) => socket.sent.splice(0).length);
  fanOutEphemeral(audience, { type: "reactor_heartbeat", event }, { epoch: "abc", seq: 3 });
  expect(sent).toEqual([1, 0, 0, 0]);
  expect(sockets.map((socket) => socket.frames())).toEqual([
    [{ type: "reactor_events", after: 3, cursor: "abc.3", events: [JSON.parse(event)] }],
    [{ type: "reactor_events", after: 0, cursor: "abc.3", events: [] }],
    [{ ...JSON.parse(event), cursor: "abc.3" }],
    [],
  ]);
});
