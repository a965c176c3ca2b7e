import { expect, it } from "vitest";
import { PageQueue } from "../../../src/core/fanout/page-queue.ts";
import { draftOf } from "../../support/drafts.ts";
import { HubInMemory, hubWith } from "../../support/hub-in-memory.ts";
import { count, seqsOf } from "../../support/what-was-sent.ts";

const FROM_START = { cursor: { epoch: "abc", seq: 0 } };

/** @param costs what serving each costs; it is hungry as long as there are more */
function queueOf(costs: Readonly<Record<string, number[]>>) {
  const served: string[] = [];
  const reports: unknown[] = [];
  const turns: { readonly ms: number; readonly act: () => void }[] = [];
  const queue = new PageQueue<string>({
    serve(name) {
      served.push(name);
      const cost = costs[name]?.shift() ?? 0;
      if (cost < 0) throw new Error("the log cannot be read");
      return { cost, isHungry: (costs[name]?.length ?? 0) > 0 };
    },
    beforeSending: () => served.push("|"),
    later: (ms, act) => turns.push({ ms, act }),
    report: (_, error) => reports.push(error),
  });
  return { queue, served, reports, turns };
}

it("[P12] [T15] sends what a turn may cost, round by round, and the rest in turns that close first what has ended", () => {
  const { queue, served, turns } = queueOf({ a: [300_000, 100_000, 100_000, 1], b: [100_000, 100_000], c: [100_000] });
  for (const name of ["a", "b", "c"]) queue.ask(name);
  expect([served.join(""), turns.length]).toEqual(["a", 1]);
  turns.shift()?.act();
  expect([served.join(""), turns.length]).toEqual(["a|abc", 1]);
  turns.shift()?.act();
  expect([served.join(""), turns.length]).toEqual(["a|abc|aba", 0]);
});

it("[P12] reports a log that cannot be read, and keeps no subscriber waiting for one that cannot be served", () => {
  const { queue, served, reports, turns } = queueOf({ a: [300_000], b: [-1, 5], c: [5] });
  for (const name of ["a", "b", "c"]) queue.ask(name);
  turns.shift()?.act();
  expect([reports.length, turns[0]?.ms]).toEqual([1, 50]);
  turns.shift()?.act();
  expect([served.join(""), turns.length]).toEqual(["a|b|cb", 0]);
});

it("[P12] sends pages of 256,000 bytes a turn, however many replay, and live events before the next ones", () => {
  const hub = hubWith(200);
  const live = hub.join();
  const readers = Array.from({ length: 40 }, () => hub.join(FROM_START));
  const sent = () => readers.reduce((sum, { sent: frames }) => sum + frames.slice(1).join("").length, 0);
  expect(sent()).toBeLessThan(300_000);
  for (let turn = 0; turn < 500; turn++) {
    const before = sent();
    for (const socket of readers) {
      const last = socket.frames().at(-1);
      if (last.more) hub.ack(socket, last.cursor);
    }
    expect(sent() - before).toBeLessThan(300_000);
    hub.emit(1, "news");
    expect(seqsOf(live).at(-1)).toBe(hub.log.cursor.seq);
    hub.pass(0); // all further turns of the queue
    if (hub.broker.subscribers.catchingUp === 0) break;
  }
  expect(hub.broker.subscribers.catchingUp).toBe(0);
  for (const socket of readers) expect(seqsOf(socket)).toEqual(count(1, hub.log.cursor.seq));
});

it("[P12] [P3] fills the window of a lone reader, also where what it was sent in the same turn is still buffered", () => {
  const hub = hubWith(200);
  const socket = Object.assign(hub.join(FROM_START), { readsNothing: true });
  const pages = () => socket.frames().filter(({ more }) => more);
  for (const size of [1, 2, 4, 8]) {
    const before = pages().length - (size === 1 ? 1 : 0);
    if (size > 1) hub.ack(socket, pages().at(-1)?.cursor);
    hub.pass(0);
    expect(pages().length - before).toBe(size);
    socket.bufferedAmount = 0;
  }
});

it("[P12] has no subscriber wait that has missed nothing", () => {
  const hub = hubWith(200);
  for (let n = 0; n < 40; n++) hub.join(FROM_START);
  const [fresh, back] = [hub.join(), hub.join({ cursor: { epoch: "abc", seq: 200 } })];
  hub.emit();
  expect([seqsOf(fresh), seqsOf(back)]).toEqual([[201], [201]]);
});

it("[P12] [S4] remembers who waits in a hub whose memory is lost", () => {
  const hub = hubWith(20);
  const readers = Array.from({ length: 40 }, () => hub.join(FROM_START));
  const woken = new HubInMemory(hub.log);
  for (const [socket, subscriber] of hub.attachments) woken.broker.subscribers.restore(socket, subscriber);
  woken.pass(1_000);
  for (const socket of readers) expect(seqsOf(socket).slice(0, 6)).toEqual(count(1, 6));
});

it("[P12] forgets a socket that leaves while it waits", () => {
  const hub = hubWith(200);
  const readers = Array.from({ length: 40 }, () => hub.join(FROM_START));
  const leaving = readers.at(-1) ?? expect.fail();
  hub.leave(leaving);
  hub.pass(1_000);
  expect(seqsOf(leaving)).toEqual([]);
  expect(hub.broker.subscribers.count).toBe(39);
});

it("[P1] counts a pattern that is tried against a type as an event that is scanned", () => {
  const hub = new HubInMemory();
  for (let n = 0; n < 30; n++)
    hub.emit(Array.from({ length: 100 }, (_, m) => draftOf({ type: `type_${n}_${m}`, data: null })));
  const asked = Array.from({ length: 64 }, (_, n) => `*${n}x*`);
  const socket = hub.join({ asked, cursor: { epoch: "abc", seq: 0 } });
  expect(socket.frames().at(-1)).toMatchObject({ after: 0, cursor: "abc.200", events: [], more: true });
});
