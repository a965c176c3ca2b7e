// P: how a subscriber behind the head catches up.
import type { Check } from "./check.ts";
import type { HubUnderTest } from "./hub-under-test.ts";
import { count, epochOf, expectEqual, expectLike, expectTrue, type Json, Mismatch, seqOf } from "./mismatch.ts";
import type { TappedSocket } from "./tapped-socket.ts";

const EVENTS = 60;

/** Sixty events of 30 KB: one fills a page. */
async function fill(hub: HubUnderTest): Promise<string> {
  const events = count(1, EVENTS).map(() => ({ type: "t", data: "x".repeat(30_000) }));
  return (await hub.emit(events)).cursor;
}

/** More pages may come in later turns (P12): so many answers in a row without one show that there are none. */
const ANSWERS_WITHOUT_PAGE = 3;

/** Reads the pages that come without a further ack. An unknown message is answered behind what was sent before. */
async function pagesInFlight(socket: TappedSocket): Promise<Json[]> {
  const pages: Json[] = [];
  for (let without = 0; without < ANSWERS_WITHOUT_PAGE; without++) {
    socket.send("conformance");
    for (;;) {
      const frame = await socket.frame();
      if (frame.type === "reactor_error") break;
      if (frame.type !== "reactor_events") throw new Mismatch(`expected a page, got ${JSON.stringify(frame)}`);
      pages.push(frame);
      without = -1;
    }
  }
  return pages;
}

const lastOf = (pages: Json[]) => pages[pages.length - 1]?.cursor ?? "";

export const CATCHING_UP_CHECKS: readonly Check[] = [
  {
    rule: "P1",
    description: "a page ends at 32,000 bytes, or after 10,000 events that were read",
    async run(hub) {
      for (let n = 0; n < 11; n++) await hub.emit(count(1, 1_000).map(() => ({ type: "t" })));
      const quiet = await (await hub.listen({ cursor: "0.0", events: "rare" })).socket.frame();
      expectTrue("a page of at most 10,000 events", seqOf(quiet.cursor) <= 10_000 && quiet.more, quiet);
      const page = await (await hub.listen({ cursor: "0.0" })).socket.text();
      const bytes = Buffer.byteLength(page);
      expectTrue("a page of at most 32,000 bytes", bytes <= 32_000 && bytes > 16_000, bytes);
    },
  },
  {
    rule: "P2",
    description: "a page is marked `more` if events follow, the last is not; after it the subscriber is live",
    async run(hub) {
      const cursor = await fill(hub);
      const { socket } = await hub.listen({ cursor: "0.0" });
      const marks: [unknown, unknown][] = [];
      await socket.events(EVENTS, (frame) => marks.push([frame.cursor === cursor, frame.more ?? false]));
      expectTrue("several pages", marks.length > 2, marks);
      expectEqual("marks (at the head, more)", marks, [...marks.slice(1).map(() => [false, true]), [true, false]]);
      await hub.emit({ type: "next" });
      expectLike("what is live", await socket.frame(), { events: [{ type: "next", seq: EVENTS + 1 }] });
    },
  },
  {
    rule: "P3",
    description: "at first one page is in flight; an ack of a page in flight doubles the window, up to 512,000 bytes",
    async run(hub) {
      await fill(hub);
      const { socket } = await hub.listen({ cursor: "0.0" });
      const windows = [];
      for (let n = 0; n < 6; n++) {
        const pages = await pagesInFlight(socket);
        windows.push(pages.length);
        socket.ack(lastOf(pages));
      }
      expectEqual("pages at once", windows, [1, 2, 4, 8, 16, 16]);
    },
  },
  {
    rule: "P4",
    description: "an old ack changes nothing; one beyond what was sent closes with 4500",
    async run(hub) {
      const cursor = await fill(hub);
      const { socket } = await hub.listen({ cursor: "0.0" });
      const pages = await pagesInFlight(socket);
      socket.ack(lastOf(pages));
      const second = await pagesInFlight(socket);
      socket.ack(lastOf(pages));
      socket.ack(`${epochOf(cursor)}.1`);
      expectEqual("pages after an old ack", (await pagesInFlight(socket)).length, 0);
      socket.ack(lastOf(second)); // of both at once
      expectEqual("pages after a cumulative ack", (await pagesInFlight(socket)).length, 4);
      socket.ack(cursor);
      expectEqual("the close code", (await socket.closed()).code, 4500);
    },
  },
  {
    rule: "P5",
    description: "events that are appended meanwhile follow in order",
    async run(hub) {
      await fill(hub);
      const { socket } = await hub.listen({ cursor: "0.0" });
      const first = await pagesInFlight(socket);
      await hub.emit({ type: "meanwhile" });
      expectEqual("frames while an ack is owed", (await pagesInFlight(socket)).length, 0);
      socket.ack(lastOf(first));
      const seen = first.flatMap(({ events }) => events).length;
      const rest = await socket.events(EVENTS + 1 - seen);
      expectEqual(
        "seqs",
        rest.map(({ seq }) => seq),
        count(seen + 1, EVENTS + 1),
      );
    },
  },
];
