// O: sockets without a subprotocol, in the legacy dialect.
import type { Check } from "./check.ts";
import { expectNoSeam } from "./expect-newest.ts";
import { count, expectEqual, expectLike, expectTrue, Mismatch, seqOf, shown } from "./mismatch.ts";

export const LEGACY_DIALECT_CHECKS: readonly Check[] = [
  {
    rule: "O1",
    description: "the first frame is reactor_connected, with message, client_id, timestamp and heartbeat_ms",
    async run(hub) {
      const { welcome } = await hub.listen({}, []);
      for (const name of ["message", "client_id"]) {
        expectTrue(`a string as ${name}`, typeof welcome[name] === "string", welcome);
      }
      const { timestamp, heartbeat_ms } = welcome;
      expectTrue("seconds since 1970, of this hour", Math.abs(timestamp - Date.now() / 1_000) < 3_600, timestamp);
      expectTrue("how often to ping", heartbeat_ms > 0, welcome);
    },
  },
  {
    rule: "O2",
    description: "each event is a frame of its own, with its seq and cursor",
    async run(hub) {
      const { socket } = await hub.listen({}, []);
      const { cursor } = await hub.emit([
        { type: "a", data: 1 },
        { type: "b", data: { c: 2 }, source: "s", id: "i" },
      ]);
      const members = ["type", "data", "source", "timestamp", "id", "seq", "cursor"].sort();
      const frames = [await socket.frame(), await socket.frame()];
      for (const frame of frames) expectEqual("members", Object.keys(frame).sort(), members);
      expectLike("frames", frames, [
        { type: "a", data: 1, source: "system", seq: 1 },
        { type: "b", data: { c: 2 }, source: "s", id: "i", seq: 2, cursor },
      ]);
    },
  },
  {
    rule: "O3",
    description: "an unknown message is answered by echo",
    async run(hub) {
      const { socket } = await hub.listen({}, []);
      for (const message of ["hello?", "{}", '{"type":"ack","data":{"cursor":"a.1"}}', ""]) {
        socket.send(message);
        expectEqual("the answer", await socket.frame(), { type: "echo", data: { message } });
      }
    },
  },
  {
    rule: "O4",
    description: "subscribe:a,b and its JSON form are answered; the first narrows, later ones add",
    async run(hub) {
      const { socket } = await hub.listen({}, []);
      const types = ["a", "b", "c", "d", "a"];
      await hub.emit({ type: "before" });
      expectLike("what is received without a subscription", await socket.frame(), { type: "before" });
      for (const [asked, received] of [
        ["subscribe:a,b", ["a", "b", "a"]],
        ['{"type":"subscribe","data":"c"}', ["a", "b", "c", "a"]],
      ] as const) {
        socket.send(asked);
        const answer = await socket.frame();
        expectEqual("the answer", answer.type, "reactor_subscribed");
        for (const type of received) {
          expectTrue(`${type} in the set`, answer.data?.events?.includes(type), answer);
        }
        await hub.emit(types.map((type) => ({ type })));
        for (const type of received) expectLike("what is received", await socket.frame(), { type });
      }
    },
  },
  {
    rule: "O5",
    description: "?cursor= replays at most 256 KiB, then closes with 4408; a reset is the frame of v1",
    async run(hub) {
      await hub.emit(count(1, 40).map(() => ({ type: "t", data: "x".repeat(10_000) })));
      const { frames, code } = await (await hub.socket({ cursor: "0.0" }, [])).end();
      expectEqual("the close code", code, 4408);
      expectLike("the welcome", frames[0], { type: "reactor_connected", data: { recovered: true } });
      const first = frames.filter(({ seq }) => seq !== undefined);
      const bytes = first.reduce((sum, frame) => sum + JSON.stringify(frame).length, 0);
      expectTrue("a replay of 200 to 260 KiB", bytes > 200 * 1024 && bytes <= 260 * 1024, bytes);
      const { socket } = await hub.listen({ cursor: first[first.length - 1].cursor }, []);
      const seqs = first.map(({ seq }) => seq);
      while (seqs.length < 40) seqs.push((await socket.frame()).seq);
      expectEqual("seqs", seqs, count(1, 40));
      const reset = await (await hub.listen({ cursor: "otherepoch.1" }, [])).socket.frame();
      expectLike("a reset", reset, { type: "reactor_reset", data: { reason: "epoch" } });
    },
  },
  {
    rule: "O6",
    description: "before such a close reactor_heartbeat has the cursor that was reached (the timed one takes too long)",
    async run(hub) {
      for (let n = 0; n < 11; n++) await hub.emit(count(1, 1_000).map(() => ({ type: "frequent" })));
      await hub.emit({ type: "rare" });
      const query = { events: "rare,reactor_heartbeat" };
      const { frames, code } = await (await hub.socket({ ...query, cursor: "0.0" }, [])).end();
      expectEqual("the close code", code, 4408);
      const beat = frames.find(({ type }) => type === "reactor_heartbeat");
      if (!beat) throw new Mismatch(`expected a heartbeat before the close, got ${shown(frames)}`);
      const position = seqOf(beat.cursor);
      expectTrue("a position within the first 10,000", position > 0 && position <= 10_000, beat);
      const { socket } = await hub.listen({ ...query, cursor: beat.cursor }, []);
      expectLike("what follows", await socket.frame(), { type: "rare", seq: 11_001 });
    },
  },
  {
    rule: "O7",
    description: "last=N sends the newest N that match, at most 256 KiB, then what is appended; the socket stays open",
    async run(hub) {
      await hub.emit(count(1, 30).map((n) => ({ type: n % 2 ? "odd" : "even" })));
      const { socket, welcome } = await hub.listen({ last: 3, events: "even" }, []);
      expectEqual("the welcome's position", seqOf(welcome.cursor), 25);
      const seqs: number[] = [];
      for (let n = 0; n < 3; n++) seqs.push((await socket.frame()).seq);
      await hub.emit([{ type: "odd" }, { type: "even" }]);
      seqs.push((await socket.frame()).seq);
      expectEqual("seqs", seqs, [26, 28, 30, 32]);
      for (let tries = 0; tries < 5; tries++) await expectNoSeam(hub, []);
      const { cursor } = await hub.emit(count(1, 40).map(() => ({ type: "t", data: "x".repeat(10_000) })));
      const { socket: heavy, welcome: later } = await hub.listen({ last: 40 }, []);
      const sent = seqOf(cursor) - seqOf(later.cursor);
      expectTrue("200 to 260 KiB of events, of 10 KB each", sent > 20 && sent <= 26, sent);
      for (let n = 0; n < sent; n++) await heavy.frame();
      await hub.emit({ type: "next" });
      expectLike("what is live behind as much as is sent at once", await heavy.frame(), { type: "next" });
    },
  },
];
