import { expect, it } from "vitest";
import { Addresses } from "../../../src/core/fanout/addresses.ts";
import { RateLimiter } from "../../../src/core/session/rate-limit.ts";
import { draftOf } from "../../support/drafts.ts";
import { HubInMemory, settled } from "../../support/hub-in-memory.ts";

it("[T18] lets a socket send five seconds' worth at once, and then as much as is refilled", () => {
  const rateLimiter = new RateLimiter<object>(2);
  const socket = {};
  const takeAll = (nowMs: number) => {
    let count = 0;
    while (count < 100 && rateLimiter.take(socket, nowMs)) count += 1;
    return count;
  };
  expect([takeAll(0), takeAll(499), takeAll(1_000), takeAll(100_000)]).toEqual([10, 0, 2, 10]);
  rateLimiter.refund(socket);
  expect(takeAll(100_000)).toBe(1);
});

it("[T18] takes nothing from the allowance when the clock is set back", () => {
  const rateLimiter = new RateLimiter<object>(2);
  const socket = {};
  for (let n = 0; n < 9; n++) rateLimiter.take(socket, 3_600_000);
  expect([0, 0, 500, 500].map((nowMs) => rateLimiter.take(socket, nowMs))).toEqual([true, false, true, false]);
});

it("[T18] closes a socket that sends too much, and none for acknowledging what it is sent", () => {
  const hub = new HubInMemory(undefined, { limits: { messagesPerSecond: 1 } });
  const [loud, diligent] = [hub.join(), hub.join()];
  for (let n = 0; n < 6; n++) hub.send(loud, "hello?");
  expect(loud.closed).toMatchObject({ code: 4429 });
  for (let n = 1; n <= 20; n++) {
    diligent.bufferedAmount = 200_000;
    hub.emit(1);
    diligent.bufferedAmount = 0;
    hub.ack(diligent, `abc.${n - 1}`);
  }
  expect(diligent.closed).toBeUndefined();
  for (let n = 0; n < 6; n++) hub.ack(diligent, "abc.1");
  expect(diligent.closed).toMatchObject({ code: 4429 });
});

it("[T18] takes an acknowledgement of what was not acknowledged from a socket that may send nothing more at the moment", () => {
  const hub = new HubInMemory(undefined, { limits: { messagesPerSecond: 1 } });
  const socket = hub.join();
  socket.bufferedAmount = 200_000;
  hub.emit(1);
  socket.bufferedAmount = 0;
  for (let n = 0; n < 5; n++) hub.send(socket, "hello?");
  hub.ack(socket, "abc.0");
  expect(socket.closed).toBeUndefined();
  expect(socket.frames().at(-1)).toMatchObject({ type: "reactor_events", cursor: "abc.1" });
  hub.ack(socket, "abc.0");
  expect(socket.closed).toMatchObject({ code: 4429 });
});

it("[T18] counts no acknowledgement of a page that is on its way when the last one is sent", () => {
  const hub = new HubInMemory(undefined, { limits: { messagesPerSecond: 1 } });
  for (let n = 0; n < 90; n++) hub.emit([draftOf({ type: "a", data: "x".repeat(5_000) })]);
  const socket = hub.join({ cursor: { epoch: "abc", seq: 0 } });
  const pages = () => socket.frames().filter(({ more }) => more);
  for (let acked = 0; acked < pages().length; acked++) {
    hub.ack(socket, pages()[acked].cursor);
    hub.pass(0); // the pages of all together are more than a turn may send
  }
  expect([pages().length, socket.closed]).toEqual([14, undefined]);
});

it("[T18] leaves the whole allowance to a client that has only acknowledged what it was sent", () => {
  const hub = new HubInMemory(undefined, { limits: { messagesPerSecond: 1 } });
  const socket = hub.join();
  for (let n = 1; n <= 20; n++) {
    socket.bufferedAmount = 200_000;
    hub.emit(1);
    socket.bufferedAmount = 0;
    hub.ack(socket, `abc.${n - 1}`);
  }
  for (let n = 0; n < 5; n++) hub.send(socket, "hello?");
  expect(socket.closed).toBeUndefined();
  hub.send(socket, "hello?");
  expect(socket.closed).toMatchObject({ code: 4429 });
});

it("[T19] counts the sockets of an address, as long as they are open", () => {
  const addresses = new Addresses<string>();
  for (const socket of ["a", "b", "b"]) addresses.add(socket, "192.0.2.1");
  addresses.add("c", null);
  expect(addresses.countOf("192.0.2.1")).toBe(2);
  for (const socket of ["a", "a", "c", "never came"]) addresses.remove(socket);
  expect(addresses.countOf("192.0.2.1")).toBe(1);
  addresses.remove("b");
  expect(addresses.countOf("192.0.2.1")).toBe(0);
});

it("[T19] counts a legacy page that is replayed over several connections only while it is connected", () => {
  const hub = new HubInMemory(undefined, { limits: { socketsPerAddress: 3 } });
  for (let n = 0; n < 200; n++) hub.emit([draftOf({ type: "a", data: "x".repeat(5_000) })]);
  const address = "192.0.2.1";
  for (const seq of [0, 25, 50]) {
    expect(hub.broker.admit({ address }).ok).toBe(true);
    expect(hub.join({ dialect: "legacy", cursor: { epoch: "abc", seq }, address }).closed?.code).toBe(4408);
  }
  expect([hub.broker.subscribers.count, hub.broker.subscribers.countFrom(address)]).toEqual([0, 0]);
});

it("[T19] makes room in a full channel by closing the longest silent socket of those that never sent a ping", () => {
  const hub = new HubInMemory(undefined, { limits: { socketsPerChannel: 4 } });
  const pings = hub.join();
  hub.pings.set(pings, hub.at.ms);
  const longest = hub.join();
  hub.send(longest, "hello?");
  hub.pass(1_000);
  const silent = hub.join();
  hub.send(silent, "hello?");
  hub.pass(90_000);
  const fresh = hub.join();
  expect(hub.broker.admit({ address: null }).ok).toBe(true);
  expect(longest.closed).toMatchObject({ code: 4408 });
  hub.join();
  // The other was silent for exactly 90 s, and no more.
  expect(hub.broker.admit({ address: null })).toMatchObject({ problem: { code: "rate_limited" } });
  hub.pass(2_000);
  expect(hub.broker.admit({ address: null }).ok).toBe(true);
  expect([pings, silent, fresh].map(({ closed }) => closed?.code)).toEqual([undefined, 4408, undefined]);
});

it.each([false, true])(
  "[T19] gives places first that were never used, in a channel and of an address, also after hibernation (%s)",
  (evicts) => {
    const [address, other] = ["192.0.2.1", "192.0.2.2"];
    const hub = new HubInMemory(undefined, { limits: { socketsPerChannel: 6, socketsPerAddress: 4 } });
    const heard = hub.join({ address });
    hub.send(heard, "hello?");
    const pings = hub.join({ address });
    hub.pings.set(pings, hub.at.ms);
    const elsewhere = hub.join({ address: other });
    hub.pass(60_000);
    const [first, second] = [hub.join({ address }), hub.join({ address })]; // may have no peer
    hub.pass(30_000);
    if (evicts) hub.evict();
    expect(hub.broker.admit({ address })).toMatchObject({ problem: { code: "rate_limited" } }); // they may still ping
    hub.pass(1_000);
    expect(hub.broker.admit({ address }).ok).toBe(true);
    hub.join({ address });
    expect([first, second, elsewhere].map(({ closed }) => closed?.code)).toEqual([4408, undefined, undefined]);
    hub.join(); // fills the channel
    for (const _ of [1, 2]) {
      expect(hub.broker.admit({ address: null }).ok).toBe(true);
      hub.join();
    }
    // The longest unheard, before one that was silent for longer and was heard once.
    expect([elsewhere, second, heard].map(({ closed }) => closed?.code)).toEqual([4408, 4408, undefined]);
    expect([pings.closed, heard.closed]).toEqual([undefined, undefined]);
  },
);

it("[T19] searches again for a place after a second, and at once where the clock was set back", () => {
  const hub = new HubInMemory(undefined, { limits: { socketsPerChannel: 2 } });
  const [heard, pings] = [hub.join(), hub.join()];
  hub.pass(3_600_000);
  hub.pings.set(pings, hub.at.ms);
  hub.send(heard, "hello?");
  const isAdmitted = () => hub.broker.admit({ address: null }).ok;
  expect(isAdmitted()).toBe(false);
  hub.leave(heard);
  hub.at = { ...hub.at, ms: hub.at.ms - 3_000_000 };
  hub.join();
  hub.pass(31_000);
  expect(isAdmitted()).toBe(true); // 49 minutes before the last search
});

it("[T19] closes no socket of others for a client whose address is at its limit, and none that was heard", () => {
  const hub = new HubInMemory(undefined, { limits: { socketsPerChannel: 2, socketsPerAddress: 1 } });
  const [silent, heard] = [hub.join({ address: "192.0.2.1" }), hub.join({ address: "192.0.2.2" })];
  hub.send(heard, "hello?");
  hub.pass(100_000);
  expect(hub.broker.admit({ address: "192.0.2.2" })).toMatchObject({ problem: { code: "rate_limited" } });
  expect([silent.closed, heard.closed]).toEqual([undefined, undefined]);
});

it("[T19] accepts as many sockets as allowed, per channel and per address, also after hibernation", () => {
  const hub = new HubInMemory(undefined, { limits: { socketsPerChannel: 3, socketsPerAddress: 2 } });
  const [address, other] = ["192.0.2.1", "192.0.2.2"];
  const first = hub.join({ address });
  hub.join({ address });
  hub.evict();
  expect(hub.broker.admit({ address })).toMatchObject({ problem: { code: "rate_limited" } });
  expect(hub.broker.admit({ address: other }).ok).toBe(true);
  hub.join({ address: other });
  expect(hub.broker.admit({ address: other })).toMatchObject({ problem: { code: "rate_limited" } });
  hub.leave(first);
  expect(hub.broker.admit({ address }).ok).toBe(true);
});

it("[T18] counts a message as one more for each 4 KiB of it", () => {
  const hub = new HubInMemory(undefined, { limits: { messagesPerSecond: 1 } });
  const [large, small] = [hub.join(), hub.join()];
  hub.send(large, "x".repeat(20 * 1024));
  hub.send(small, "x".repeat(16 * 1024));
  expect([large.closed?.code, small.closed]).toEqual([4429, undefined]);
});

it("[T18] counts an emit on a socket as five messages", async () => {
  const hub = new HubInMemory(undefined, { limits: { messagesPerSecond: 2 } });
  const ada = hub.join({ sub: "ada", emit: null });
  for (let n = 0; n < 2; n++) hub.send(ada, { type: "emit", data: { type: "a" } });
  expect(ada.closed).toBeUndefined();
  hub.send(ada, { type: "emit", data: { type: "a" } });
  await settled();
  expect([ada.closed?.code, hub.log.cursor.seq]).toEqual([4429, 2]);
});

it("[P10] answers no socket that leaves answers unread, once 32 MiB are unread", () => {
  const hub = new HubInMemory(undefined, { limits: { messagesPerSecond: 1_000_000 } });
  const sockets = Array.from({ length: 100 }, () =>
    Object.assign(hub.join({ dialect: "legacy" }), { readsNothing: true }),
  );
  const reads = hub.join({ dialect: "legacy" });
  const text = "x".repeat(60_000);
  for (let n = 0; n < 20; n++) for (const socket of sockets) hub.send(socket, text);
  const waits = sockets.reduce((sum, { bufferedAmount }) => sum + bufferedAmount, 0);
  expect(waits).toBeLessThan(33 * 1024 * 1024);
  expect(sockets.some(({ closed }) => closed?.code === 4408)).toBe(true);
  hub.send(reads, "hello?");
  expect(reads.frames().at(-1)).toEqual({ type: "echo", data: { message: "hello?" } });
});
