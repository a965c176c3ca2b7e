// L: the log.
import type { Check } from "./check.ts";
import { expectRefusal } from "./hub-under-test.ts";
import { count, epochOf, expectEqual, expectLike, expectTrue, type Json } from "./mismatch.ts";

export const LOG_CHECKS: readonly Check[] = [
  {
    rule: "L1",
    description: "events that a subscriber receives are in the log (that a failing log sends nothing is not visible)",
    async run(hub) {
      const { socket } = await hub.listen();
      for (let seq = 1; seq <= 20; seq++) {
        const receipt = hub.emit({ type: "t", data: seq });
        const [seen] = await socket.events(1);
        const { events } = await hub.log({ after: `${epochOf(seen.id)}.${seq - 1}` });
        expectEqual("the log when a subscriber has received an event", events, [seen]);
        await receipt;
      }
    },
  },
  {
    rule: "L2",
    description: "seqs are consecutive from 1, in the order in which emits were accepted",
    async run(hub) {
      for (let n = 1; n <= 5; n++) expectEqual("a seq", (await hub.emit({ type: "t" })).events[0].seq, n);
      const replies = await Promise.all(count(1, 20).map(() => hub.emit({ type: "t" })));
      const seqs = replies.map(({ events }) => events[0].seq).sort((a, b) => a - b);
      expectEqual("seqs of emits that came at once", seqs, count(6, 25));
      const kept = (await hub.log()).events.map(({ seq }: Json) => seq);
      expectEqual("seqs in the log", kept, count(1, 25));
    },
  },
  {
    rule: "L3",
    description: "a batch is stored whole or not at all, and its seqs are consecutive",
    async run(hub) {
      const batch = (name: number) => count(1, 10).map((n) => ({ type: "t", data: [name, n] }));
      await Promise.all(count(1, 10).map((name) => hub.emit(batch(name))));
      const bad = await hub.post([...batch(11), { type: "no,good" }]);
      expectRefusal(bad, { status: 400, code: "bad_event", pointer: "/10/type" });
      const names = (await hub.log({ limit: 1_000 })).events.map(({ data }: Json) => data);
      expectEqual("events in the log", names.length, 100);
      for (let n = 0; n < 100; n++) {
        expectEqual("an event of its batch", names[n], [names[n - (n % 10)][0], (n % 10) + 1]);
      }
    },
  },
  {
    rule: "L5",
    description: "reading a channel creates nothing, and each channel has an epoch of its own",
    async run(hub) {
      await hub.listen();
      for (const path of ["/api/events", "/ws/stats", "/ws/status", "/ws/health"]) await hub.ask("GET", path);
      expectEqual("the cursor of a channel that was looked at", (await hub.log()).cursor, "0.0");
      const first = await hub.emit({ type: "t" });
      const second = await hub.emit({ type: "t" }, { query: { channel: hub.freshChannel() } });
      expectTrue("two epochs", epochOf(first.cursor) !== epochOf(second.cursor), first.cursor);
    },
  },
  {
    rule: "L6",
    description: "channels receive and count nothing of each other",
    async run(hub) {
      const other = { query: { channel: hub.freshChannel() } };
      const { socket } = await hub.listen();
      await hub.emit([{ type: "other" }, { type: "other" }], other);
      await hub.emit({ type: "own" });
      expectLike("what is received", await socket.events(1), [{ type: "own", seq: 1 }]);
      expectEqual("what is counted", (await hub.stats()).ws_events_emitted_total, 1);
      expectEqual("connected clients there", (await hub.stats(other.query)).connected_clients, 0);
    },
  },
];
