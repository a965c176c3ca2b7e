// C: cursors.
import type { Check } from "./check.ts";
import { expectRefusal } from "./hub-under-test.ts";
import { count, expectEqual, expectLike, seqOf } from "./mismatch.ts";

export const NO_CURSORS = [
  "x",
  "1",
  "k.01",
  "K.1",
  "k.-1",
  "k.1.1",
  ".1",
  "k.",
  `${"k".repeat(17)}.1`,
  "k.1e3",
  " k.1",
];

export const CURSOR_CHECKS: readonly Check[] = [
  {
    rule: "C1",
    description: "a cursor is an epoch, a dot and a whole number; anything else is invalid",
    async run(hub) {
      const { cursor } = await hub.emit({ type: "t" });
      const { after, head } = await hub.log();
      for (const value of [cursor, after, head, (await hub.stats()).cursor]) seqOf(value);
      for (const none of NO_CURSORS) {
        const reply = await hub.ask("GET", "/api/events", {}, { after: none });
        expectRefusal(reply, { status: 400, code: "bad_cursor" });
      }
    },
  },
  {
    rule: "C2",
    description: "before its first event a channel's cursor is 0.0",
    async run(hub) {
      const { welcome } = await hub.listen();
      const { cursor, head } = await hub.log();
      expectEqual("cursors", [welcome.cursor, cursor, head], ["0.0", "0.0", "0.0"]);
    },
  },
  {
    rule: "C3",
    description: "a client that resumes receives everything after the cursor, once and in order, without a reset",
    async run(hub) {
      const { events } = await hub.emit(count(1, 300).map((n) => ({ type: n % 3 ? "odd" : "third", data: n })));
      expectEqual("events of the receipt", events.length, 300);
      const { cursor } = await hub.log({ limit: 100 });
      const all = await (await hub.listen({ cursor })).socket.events(200);
      expectEqual(
        "seqs behind 100",
        all.map(({ seq }) => seq),
        count(101, 300),
      );
      const thirds = await (await hub.listen({ cursor, events: "third" })).socket.events(67);
      expectEqual(
        "a third of them",
        thirds.map(({ seq }) => seq),
        count(34, 100).map((n) => n * 3),
      );
      const { socket, welcome } = await hub.listen({ cursor: "0.0" });
      expectEqual("recovered from 0.0", welcome.recovered, true);
      expectEqual(
        "seqs behind 0.0",
        (await socket.events(300)).map(({ seq }) => seq),
        count(1, 300),
      );
    },
  },
  {
    rule: "C4",
    description: "a cursor of another epoch or beyond the head is answered with a reset (`trimmed` is not visible)",
    async run(hub) {
      const { cursor } = await hub.emit([{ type: "t" }, { type: "t" }]);
      for (const [asked, reason] of [
        [cursor.replace(/2$/, "9"), "ahead"],
        ["otherepoch.1", "epoch"],
      ]) {
        const { socket, welcome } = await hub.listen({ cursor: asked });
        expectLike("a welcome", welcome, { recovered: false, cursor });
        const reset = await socket.frame();
        expectLike("a reset", reset, { type: "reactor_reset", data: { reason, cursor } });
        const page = await hub.log({ after: asked });
        expectLike("a page", page, { reset: { reason, cursor }, events: [], cursor });
      }
      const { socket } = await hub.listen({ cursor: "otherepoch.1" });
      await socket.frame();
      await hub.emit({ type: "next" });
      expectLike("what follows a reset", await socket.events(1), [{ type: "next", seq: 3 }]);
    },
  },
];
