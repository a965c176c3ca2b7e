import { expect, it } from "vitest";
import { Addresses, Allowance } from "../../src/core/admission.ts";
import { HubInMemory } from "../doubles/hub-in-memory.ts";
import { readerOf } from "../doubles/reader.ts";

it("[T23] lets a socket say five seconds' worth at once, and then as much as comes in", () => {
  const allowance = new Allowance<object>(2);
  const socket = {};
  const takeAll = (nowMs: number) => {
    let count = 0;
    while (count < 100 && allowance.take(socket, nowMs)) count += 1;
    return count;
  };
  expect([takeAll(0), takeAll(499), takeAll(1_000), takeAll(100_000)]).toEqual([10, 0, 2, 10]);
  allowance.giveBack(socket);
  expect(takeAll(100_000)).toBe(1);
});

it("[T23] closes a socket that says too much, and none for taking in what it is sent", () => {
  const hub = new HubInMemory(undefined, { limits: { messagesPerSecond: 1 } });
  const [loud, diligent] = [hub.join(), hub.join()];
  for (let n = 0; n < 6; n++) hub.say(loud, "hello?");
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

it("[T24] counts the sockets of an address, as long as they are there", () => {
  const addresses = new Addresses();
  const [a, b] = [readerOf({ address: "192.0.2.1" }), readerOf({ address: null })];
  for (const reader of [a, a, b]) addresses.came(reader);
  expect(addresses.countOf("192.0.2.1")).toBe(2);
  for (const reader of [a, b, a]) addresses.left(reader);
  expect(addresses.countOf("192.0.2.1")).toBe(0);
});

it("[T24] admits as many sockets as it may, of a channel and of an address, also after a sleep", () => {
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

it("[T23] counts a message as one more for each 4 KiB of it", () => {
  const hub = new HubInMemory(undefined, { limits: { messagesPerSecond: 1 } });
  const [large, small] = [hub.join(), hub.join()];
  hub.say(large, "x".repeat(20 * 1024));
  hub.say(small, "x".repeat(16 * 1024));
  expect([large.closed?.code, small.closed]).toEqual([4429, undefined]);
});

it("[P8] answers nobody who leaves answers lying, once 32 MiB lie about", () => {
  const hub = new HubInMemory(undefined, { limits: { messagesPerSecond: 1_000_000 } });
  const sockets = Array.from({ length: 100 }, () =>
    Object.assign(hub.join({ dialect: "old" }), { readsNothing: true }),
  );
  const reads = hub.join({ dialect: "old" });
  const text = "x".repeat(60_000);
  for (let n = 0; n < 20; n++) for (const socket of sockets) hub.say(socket, text);
  const waits = sockets.reduce((sum, { bufferedAmount }) => sum + bufferedAmount, 0);
  expect(waits).toBeLessThan(33 * 1024 * 1024);
  expect(sockets.some(({ closed }) => closed?.code === 4408)).toBe(true);
  hub.say(reads, "hello?");
  expect(reads.frames().at(-1)).toEqual({ type: "echo", data: { message: "hello?" } });
});
