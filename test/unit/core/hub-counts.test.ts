// What the hub counts, through the broker.
import { expect, it } from "vitest";
import { OPEN_SEGMENT_BYTES } from "../../../src/core/log/segment.ts";
import { SegmentLog } from "../../../src/core/log/segment-log.ts";
import { draftOf } from "../../support/drafts.ts";
import { HubInMemory } from "../../support/hub-in-memory.ts";
import type { RecordingSocket } from "../../support/recording-socket.ts";
import { StoreInMemory } from "../../support/store-in-memory.ts";

const totalsOf = ({ log }: HubInMemory) => log.usage.counts.totals;
const cursorAt = (hub: HubInMemory, seq: number) => ({ epoch: hub.log.cursor.epoch, seq });
/** How many events of the log a socket has got. */
const eventsOn = (socket: RecordingSocket) =>
  socket
    .frames()
    .flatMap(({ events, ...frame }) => events ?? [frame])
    .filter(({ seq }) => seq !== undefined).length;

it("[H26] counts an event once for each socket that it is put on: live, caught up, legacy, and no heartbeat", () => {
  const hub = new HubInMemory(undefined, { heartbeatMs: 30_000 });
  hub.emit(3);
  const sockets = [
    hub.join(),
    hub.join({ asked: ["other"] }),
    hub.join({ dialect: "legacy" }),
    hub.join({ cursor: cursorAt(hub, 0) }),
    hub.join({ dialect: "legacy", cursor: cursorAt(hub, 1) }),
    hub.join({ last: 2 }),
    hub.join({ dialect: "legacy", last: 1 }),
  ];
  const caughtUp = 0 + 0 + 0 + 3 + 2 + 2 + 1;
  expect(totalsOf(hub).deliveries).toBe(caughtUp);
  hub.emit(4);
  hub.broker.beat();
  expect(totalsOf(hub).deliveries).toBe(caughtUp + 4 * 6);
  expect(sockets.reduce((sum, socket) => sum + eventsOn(socket), 0)).toBe(caughtUp + 4 * 6);
});

it("[H26] counts no delivery to a socket that lags and is left out, and its pages when it acknowledges", () => {
  const hub = new HubInMemory();
  const [quick, slow] = [hub.join(), hub.join()];
  slow.bufferedAmount = 200 * 1024;
  hub.emit(2);
  expect(totalsOf(hub).deliveries).toBe(2);
  slow.bufferedAmount = 0;
  hub.ack(slow, `${hub.log.cursor.epoch}.0`);
  expect(totalsOf(hub).deliveries).toBe(4);
  expect([eventsOn(quick), eventsOn(slow)]).toEqual([2, 2]);
  expect(totalsOf(hub).replays).toBe(0); // it did not come for them
});

it("[H26] counts a replay once, of a socket whose cursor had missed something", () => {
  const hub = new HubInMemory();
  hub.emit(2_000, "a");
  const replays = () => totalsOf(hub).replays;
  hub.join({ cursor: cursorAt(hub, 2_000) }); // nothing
  hub.join({ cursor: cursorAt(hub, 0), asked: ["b"] }); // nothing that it hears
  hub.join({ last: 10 });
  hub.join();
  expect(replays()).toBe(0);
  const socket = hub.join({ cursor: cursorAt(hub, 0) });
  expect(replays()).toBe(1);
  for (let page = 0; page < 30; page++) {
    const last = socket.frames().at(-1);
    if (last.more) hub.ack(socket, last.cursor);
    hub.pass(1); // what all of them are sent in one turn is bounded
  }
  expect(eventsOn(socket)).toBe(2_000);
  expect(replays()).toBe(1);
  hub.join({ cursor: cursorAt(hub, 1_999), dialect: "legacy" });
  expect(replays()).toBe(2);
});

it("[H26] counts sockets and their resets by what they are, and each close once, by its code", () => {
  const hub = new HubInMemory();
  hub.emit(5);
  hub.log.removeBefore(4, hub.at.ms);
  const socket = hub.join();
  hub.join({ dialect: "v1", encoding: "deflate" });
  const legacy = hub.join({ dialect: "legacy" });
  hub.join({ cursor: cursorAt(hub, 1) });
  hub.join({ cursor: cursorAt(hub, 9) });
  hub.join({ cursor: { epoch: "other", seq: 1 } });
  expect(totalsOf(hub)).toMatchObject({
    opened: { v1: 4, "v1.deflate": 1, legacy: 1 },
    resets: { trimmed: 1, ahead: 1, epoch: 1 },
    replays: 1, // the trimmed one
    closes: {},
  });
  hub.leave(socket, 1001);
  hub.broker.hear(legacy, new ArrayBuffer(1));
  hub.leave(legacy, 4500); // the answer to the hub's own close
  expect(totalsOf(hub).closes).toEqual({ "1001": 1, "4500": 1 });
});

it("[H26] counts what it refuses, on sockets and in calls, and no warning", async () => {
  const hub = new HubInMemory(undefined, { limits: { socketsPerChannel: 1 } });
  const socket = hub.join({ emit: ["b"] });
  hub.broker.admit({ address: null });
  hub.send(socket, "hello?");
  hub.send(socket, { type: "subscribe", data: { events: ["a,*,b*c*d*e*f*g"] } });
  hub.send(socket, { type: "emit", data: { type: "a" } });
  await hub.broker.emit([draftOf({ type: "a", data: 1, id: "x", source: "s" })]);
  await hub.broker.emit([draftOf({ type: "a", data: 2, id: "x", source: "s" })]);
  hub.broker.remove({ epoch: "other", seq: 1 });
  hub.broker.removeBefore({ epoch: "other", seq: 1 });
  expect(totalsOf(hub).refusals).toEqual({
    rate_limited: 1,
    unknown_message: 1,
    bad_pattern: 1,
    forbidden: 1,
    id_conflict: 1,
    event_not_found: 2,
  });
});

it("[H26] [L9] stores its counts with the rows of events and of the state, and writes none for them", () => {
  const store = new StoreInMemory();
  const open = () => new SegmentLog(store, { generation: "0", freshEpoch: () => "abc" });
  const hub = new HubInMemory(open());
  const socket = hub.join();
  hub.emit(1); // sent behind the append: counted with the next row
  expect(open().usage.counts.totals).toMatchObject({ opened: { v1: 1 }, deliveries: 0 });
  const rows = store.rowsWritten;
  hub.emit(1);
  hub.leave(socket, 1001);
  expect(store.rowsWritten).toBe(rows + 1);
  expect(open().usage.counts.totals).toMatchObject({ closes: {}, deliveries: 1 });
  hub.log.writeUsage();
  expect(open().usage.counts.totals).toEqual(totalsOf(hub));
});

it("[L9] [H26] extends a row no further than a page, tallies included", () => {
  const store = new StoreInMemory();
  const log = new SegmentLog(store, { generation: "0", freshEpoch: () => "abc" });
  const hub = new HubInMemory(log);
  for (let code = 1_000; code < 1_016; code++) log.usage.counts.closed(code);
  hub.emit(40);
  for (let n = 0; n < 60; n++) hub.emit(1);
  expect(store.rows.length).toBeGreaterThan(2);
  const sizes = store.rows.slice(1).map(({ segment, counters }) => segment.text.length + counters.tallies.length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(OPEN_SEGMENT_BYTES);
});
