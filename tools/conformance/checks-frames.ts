// F: frames of reactor.v1.
import { LAST_TYPE, tryChangeOver } from "./change-over.ts";
import type { Check } from "./check.ts";
import { count, epochOf, expectEqual, expectLike, expectTrue, inCase, type Json, seqOf } from "./mismatch.ts";

const FRAME_BYTES = 32_000;

/** Of a frame with one event. */
const LARGEST_FRAME_BYTES = 262_144;

/** Around the largest event: the hub takes some of these, of up to 261,632 bytes as stored. */
const LARGE_DATA_BYTES = [261_000, 261_300, 261_500, 261_632, 262_000, 262_144];

/** The types that are received before a `subscribe`, and after it. */
const SUBSCRIPTIONS: readonly (readonly [before: readonly string[], after: readonly string[]])[] = [
  [["a"], ["a"]],
  [["a", "b"], ["a"]],
  [["a"], ["a", "b"]],
  [["a"], ["b", "c"]],
];

/** Expects that frames are contiguous from `position` on, and that each holds only events of its range. */
function ranges(position: number) {
  return (frame: Json) => {
    expectEqual("`after`", frame.after, position);
    for (const { seq } of frame.events) {
      expectTrue("events within (after, cursor]", seq > position && seq <= seqOf(frame.cursor), frame);
    }
    position = seqOf(frame.cursor);
  };
}

export const FRAME_CHECKS: readonly Check[] = [
  {
    rule: "F1",
    description: "the welcome comes first; `recovered` is null, true, or false with a reset of the same cursor",
    async run(hub) {
      const { cursor } = await hub.emit([{ type: "t" }, { type: "t" }]);
      const { welcome } = await hub.listen();
      expectLike("a welcome", welcome, { cursor, recovered: null, channel: hub.channel });
      const { heartbeat_ms, retry, client_id, timestamp, message, ack } = welcome;
      for (const ms of [heartbeat_ms, retry?.first_ms, retry?.base_ms, retry?.max_ms]) {
        expectTrue("heartbeat_ms and retry in milliseconds", ms > 0, welcome);
      }
      expectTrue("client_id, message and timestamp", [client_id, message, timestamp].every(Boolean), welcome);
      expectTrue("ack to be null or {bytes}", ack === null || ack.bytes > 0, welcome);
      const asked = `${epochOf(cursor)}.1`;
      expectLike("a welcome", (await hub.listen({ cursor: asked })).welcome, { cursor: asked, recovered: true });
      const lost = await hub.listen({ cursor: "otherepoch.1" });
      expectEqual("recovered", lost.welcome.recovered, false);
      const reset = await lost.socket.frame();
      expectLike("a reset", reset, { type: "reactor_reset", data: { cursor: lost.welcome.cursor } });
    },
  },
  {
    rule: "F2",
    description: "a frame holds every event of its range that its subscriber receives, in order",
    async run(hub) {
      const subscribers = [await hub.listen({ events: "a" }), await hub.listen()];
      for (let n = 0; n < 10; n++) await hub.emit([{ type: "a" }, { type: "b" }, { type: "a" }]);
      const seqs = [];
      for (const [index, { socket }] of subscribers.entries()) {
        const got = await socket.events(index ? 30 : 20, ranges(0));
        seqs.push(got.map(({ seq }) => seq));
      }
      expectEqual("what is received", seqs, [count(1, 30).filter((seq) => seq % 3 !== 2), count(1, 30)]);
    },
  },
  {
    rule: "F3",
    description: "a frame is at most 32,000 bytes, or holds one event and is at most 262,144: live and in a replay",
    async run(hub) {
      const { socket } = await hub.listen();
      const { events } = await hub.emit(
        count(1, 40).map((n) => ({ type: "t", data: "é".repeat(n === 20 ? 50_000 : 5_000) })),
      );
      const { socket: legacy } = await hub.listen({}, []);
      let seqs = events.length;
      for (const size of LARGE_DATA_BYTES) {
        const { status } = await hub.post({ type: "t", data: "x".repeat(size) });
        if (status !== 200) continue;
        seqs++;
        const bytes = Buffer.byteLength(JSON.stringify(await legacy.frame()));
        expectTrue(`a legacy frame of at most ${LARGEST_FRAME_BYTES} bytes`, bytes <= LARGEST_FRAME_BYTES, bytes);
      }
      expectTrue("a large event to be accepted", seqs > events.length, seqs);
      const fits = (frame: Json) => {
        const limit = frame.events.length === 1 ? LARGEST_FRAME_BYTES : FRAME_BYTES;
        const bytes = Buffer.byteLength(JSON.stringify(frame));
        expectTrue(`a frame of ${frame.events.length} events of at most ${limit} bytes`, bytes <= limit, bytes);
      };
      await socket.events(seqs, fits);
      await (await hub.listen({ cursor: "0.0" })).socket.events(seqs, fits);
    },
  },
  {
    rule: "F4",
    description: "`after` is the subscriber's position: at first its welcome's cursor, then that of the previous frame",
    async run(hub) {
      await hub.emit(count(1, 7).map(() => ({ type: "t" })));
      const { socket, welcome } = await hub.listen({ events: "a" });
      const check = ranges(seqOf(welcome.cursor));
      for (let n = 0; n < 5; n++) {
        await hub.emit([{ type: "b" }, { type: "a" }, { type: "b" }]);
        await socket.events(1, check);
      }
    },
  },
  {
    rule: "F5",
    description: "a subscriber that receives none of 1,000 events is sent its position in an empty frame",
    async run(hub) {
      const { socket } = await hub.listen({ events: "rare" });
      const check = ranges(0);
      let reached = 0;
      for (const head of [1_000, 2_000]) {
        await hub.emit(count(1, 1_000).map(() => ({ type: "frequent" })));
        while (head - reached >= 1_000) {
          const frame = await socket.frame();
          expectLike("an empty frame", frame, { type: "reactor_events", events: [] });
          check(frame);
          reached = seqOf(frame.cursor);
        }
      }
    },
  },
  {
    rule: "F6",
    description:
      "a subscribe replaces the patterns from its answer's cursor on; no event is missed or doubled, and no range has a gap",
    async run(hub) {
      for (const [before, after] of SUBSCRIPTIONS) {
        await inCase(`from ${before} to ${after}`, () =>
          tryChangeOver(hub.elsewhere(), {
            before,
            after,
            change: (socket) => socket.send({ type: "subscribe", data: { events: [...after, LAST_TYPE] } }),
          }),
        );
      }
      const { socket } = await hub.listen({ events: "a" });
      const { cursor } = await hub.emit([{ type: "a" }, { type: "b" }]);
      socket.send({ type: "subscribe", data: { events: ["b", "c"] } });
      expectLike("what was received before", await socket.events(1), [{ type: "a", seq: 1 }]);
      let answer = await socket.frame();
      if (answer.type === "reactor_events") answer = await socket.frame(); // its position may be sent first
      const data = { events: ["b", "c"], cursor };
      expectLike("the answer", answer, { type: "reactor_subscribed", data });
      await hub.emit([{ type: "a" }, { type: "b" }, { type: "c" }]);
      expectLike("what is received then", await socket.events(2), [{ seq: 4 }, { seq: 5 }]);
      socket.send({ type: "subscribe", data: { events: [] } });
      while ((await socket.frame()).type !== "reactor_subscribed");
      await hub.emit({ type: "z" });
      expectLike("what an empty set receives", await socket.events(1), [{ type: "z" }]);
    },
  },
  {
    rule: "F9",
    description: "an unknown message is answered by unknown_message",
    async run(hub) {
      const { socket } = await hub.listen();
      for (const text of ["hello?", "{}", "[]", "null", '{"type":"?"}', '{"type":', "PING", ""]) {
        socket.send(text);
        const data = { code: "unknown_message" };
        expectLike(`the answer to ${text}`, await socket.frame(), { type: "reactor_error", data });
      }
    },
  },
  {
    rule: "F12",
    description: "retry.first_ms is 500 ms to 30 s (that it grows with the connections takes thousands)",
    async run(hub) {
      const { first_ms } = (await hub.listen()).welcome.retry ?? {};
      expectTrue("first_ms from 500 to 30000", first_ms >= 500 && first_ms <= 30_000, first_ms);
    },
  },
];
