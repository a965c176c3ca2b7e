import { randomBytes } from "node:crypto";
import { expect, it, vi } from "vitest";
import { collect } from "./collector.ts";
import { startServer } from "./server.ts";
import { stopAfterwards } from "./stops.ts";
import { startProxy } from "./tcp-proxy.ts";

/**
 * 32 MB: a stalled subscriber has an effect only after 4 to 9 of them, which fit into the kernel's buffers. Random, since
 * Node's WebSocket requests compression, and compressible data would fit there.
 */
const BATCHES = 54;
const BATCH = 10;
const data = randomBytes(45_000).toString("base64");

it("[P7] delivers everything to a subscriber whose network froze, and meanwhile to the others", async () => {
  const server = await startServer({ vars: { HEARTBEAT_SECONDS: "0" } });
  stopAfterwards(() => server.stop());
  const proxy = await startProxy(server.port);
  stopAfterwards(() => proxy.close());
  const states: string[] = [];
  const slow = collect({ url: proxy.url });
  const fast = collect({ url: server.url });
  stopAfterwards(
    () => slow.reactor.close(),
    () => fast.reactor.close(),
  );
  slow.reactor.onState((state) => states.push(state));
  for (const { until } of [slow, fast]) await until(({ reactor }) => reactor.state === "connected");

  proxy.freeze();
  for (let n = 0; n < BATCHES; n++) await server.post(Array(BATCH).fill({ type: "heavy", data }));
  await fast.until(({ events }) => events.length === BATCHES * BATCH);
  await vi.waitFor(async () => {
    const { ws_catching_up } = await (await fetch(`${server.url}/ws/stats`)).json();
    expect(ws_catching_up).toBe(1);
  });

  proxy.thaw();
  await slow.until(({ events }) => events.length === BATCHES * BATCH);
  await server.post({ type: "light" });
  await slow.until(({ events }) => events.length === BATCHES * BATCH + 1);
  const inOrder = Array.from({ length: BATCHES * BATCH + 1 }, (_, n) => n + 1);
  expect(slow.seqs()).toEqual(inOrder);
  await fast.until(({ events }) => events.length === BATCHES * BATCH + 1);
  expect(fast.seqs()).toEqual(inOrder);
  expect([slow.resets, states]).toEqual([[], ["connected"]]); // it never reconnected
  const { ws_catching_up } = await (await fetch(`${server.url}/ws/stats`)).json();
  expect(ws_catching_up).toBe(0);
});

it("[K2] [K5] continues at its cursor when the network breaks without a close frame", async () => {
  const server = await startServer({ vars: { HEARTBEAT_SECONDS: "0" } });
  stopAfterwards(() => server.stop());
  const proxy = await startProxy(server.port);
  stopAfterwards(() => proxy.close());
  const client = collect({ url: proxy.url });
  stopAfterwards(() => client.reactor.close());
  await client.until(({ reactor }) => reactor.state === "connected");
  for (let n = 1; n <= 30; n++) {
    await server.post({ type: "a", data: n });
    if (n % 10 === 0) proxy.cut();
  }
  await client.until(({ events }) => events.length === 30);
  expect(client.seqs()).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
  expect(client.resets).toEqual([]);
});
