// I: retries.
import type { Check } from "./check.ts";
import { expectRefusal } from "./hub-under-test.ts";
import { expectEqual, inCase, type Json, seqOf } from "./mismatch.ts";

const JSON_TYPE = { headers: { "Content-Type": "application/json" } };

/** An event as JSON text, since numbers that JavaScript would round must stay as they are written. */
const written = (id: string, data: string) => `{"type":"t","source":"s","id":"${id}","data":${data}}`;

const receiptOf = (events: Json[]) => events.map(({ seq, duplicate }) => [seq, duplicate]);

export const RETRY_CHECKS: readonly Check[] = [
  {
    rule: "I1",
    description:
      "a retry is not emitted again, also if both requests arrive at once; equal values may be written otherwise",
    async run(hub) {
      const event = { type: "t", source: "s", id: "1", data: { a: 1 } };
      const at = await Promise.all([hub.emit(event), hub.emit(event), hub.emit(event)]);
      const receipts = at.flatMap(({ events }) => receiptOf(events)).sort((a, b) => Number(a[1]) - Number(b[1]));
      expectEqual("receipts", receipts, [
        [1, false],
        [1, true],
        [1, true],
      ]);
      const again = await hub.emit({ ...event, timestamp: "2020-01-01T00:00:00Z" });
      expectEqual("a later receipt", again.events, [{ id: "1", seq: 1, duplicate: true }]);
      const other = await hub.emit({ ...event, source: "another" });
      expectEqual("the receipt for another source", receiptOf(other.events), [[2, false]]);
      const equals: [string, string][] = [
        ['{"a":1,"b":{"c":[1,2],"d":null}}', '{"b":{"d":null,"c":[1,2]},"a":1}'],
        ["1.0", "1"],
        ["[1e3]", "[1000.00]"],
        ['"é"', '"\\u00e9"'],
        ["12345678901234567890", "12345678901234567890.0"],
      ];
      for (const [n, [first, same]] of equals.entries()) {
        const { events } = await hub.emit(written(`equal-${n}`, first), JSON_TYPE);
        const retry = await hub.emit(written(`equal-${n}`, same), JSON_TYPE);
        expectEqual(`the receipt for ${same} after ${first}`, receiptOf(retry.events), [[events[0].seq, true]]);
      }
    },
  },
  {
    rule: "I2",
    description: "another type or other data with the same id is refused, with its whole batch",
    async run(hub) {
      const event = { type: "t", source: "s", id: "1", data: 1 };
      await hub.emit(event);
      for (const other of [
        { ...event, type: "u" },
        { ...event, data: 2 },
      ]) {
        expectRefusal(await hub.post([{ type: "new" }, other]), { status: 409, code: "id_conflict" });
      }
      expectEqual("events in the log", (await hub.log()).events.length, 1);
      const others: [string, string][] = [
        ["12345678901234567890", "12345678901234567891"],
        ["1", '"1"'],
        ["[1,2]", "[2,1]"],
        ['{"a":null}', "{}"],
        ["1e400", "1e401"],
      ];
      for (const [n, [first, other]] of others.entries()) {
        await hub.emit(written(`other-${n}`, first), JSON_TYPE);
        const reply = await hub.post(written(`other-${n}`, other), JSON_TYPE);
        await inCase(`${other} after ${first}`, async () => expectRefusal(reply, { status: 409, code: "id_conflict" }));
      }
    },
  },
  {
    rule: "I3",
    description: "of equal events in one batch the first is new",
    async run(hub) {
      const event = { type: "t", source: "s", id: "1" };
      const { events, cursor } = await hub.emit([event, { type: "t" }, event, event]);
      expectEqual("receipts", receiptOf(events), [
        [1, false],
        [2, false],
        [1, true],
        [1, true],
      ]);
      expectEqual("the cursor's seq", seqOf(cursor), 2);
    },
  },
  {
    rule: "I4",
    description: "a retry is recognized while its event is kept (that it is for ten more minutes is not visible)",
    async run(hub) {
      const event = { type: "t", source: "s", id: "1" };
      await hub.emit(event);
      await hub.emit(Array.from({ length: 1_000 }, (_, n) => ({ type: "t", source: "s", id: `x${n}` })));
      expectEqual("the receipt", receiptOf((await hub.emit(event)).events), [[1, true]]);
    },
  },
  {
    rule: "I5",
    description: "subscribers never receive a duplicate; ids that the hub generates are not looked up",
    async run(hub) {
      const { socket } = await hub.listen();
      const event = { type: "t", source: "s", id: "1" };
      for (let n = 0; n < 3; n++) await hub.emit(event);
      const { events } = await hub.emit({ type: "t" });
      const made = await hub.emit({ type: "t", source: "system", id: events[0].id });
      expectEqual("the receipt for an id of the hub's", receiptOf(made.events), [[3, false]]);
      const seqs = (await socket.events(3)).map(({ seq }) => seq);
      expectEqual("what was received", seqs, [1, 2, 3]);
    },
  },
];
