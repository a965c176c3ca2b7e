import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import worker from "../../../src/worker/index.ts";

afterEach(() => vi.useRealTimers());

/** A Worker of its own, which counts what it asks its hubs. `answer`: what a hub does first. */
function ownWorker(vars: object = {}, answer = () => Promise.resolve()) {
  let asked = 0;
  const getByName = (name: string) => {
    const hub = env.HUB.getByName(name);
    const status = async () => {
      asked += 1;
      await answer();
      return hub.status();
    };
    return { status };
  };
  const variables = { ASSETS: env.ASSETS, HUB: { getByName } as unknown as typeof env.HUB, ...vars };
  const pending: Promise<unknown>[] = [];
  const context = { waitUntil: (promise: Promise<unknown>) => pending.push(promise) } as unknown as ExecutionContext;
  return {
    ask: (path: string): Promise<Response> => {
      const request = new Request(`http://hub.test${path}`) as Request<unknown, IncomingRequestCfProperties>;
      return Promise.resolve(worker.fetch(request, variables, context));
    },
    asked: () => asked,
    settled: () => Promise.all(pending),
  };
}

it("[H21] asks a hub once in 30 s, however often its health is asked for, and says when it answered", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const { ask, asked } = ownWorker();
  const first = await (await ask("/ws/health")).json<{ timestamp: number }>();
  expect(first.timestamp).toBe(Date.now() / 1_000);
  vi.advanceTimersByTime(29_999);
  expect(await (await ask("/ws/health")).json()).toEqual(first);
  expect(await (await ask("/health")).json()).toMatchObject({ hub: { status: "healthy", timestamp: first.timestamp } });
  expect(asked()).toBe(1);
  await ask("/ws/health?channel=other");
  expect(asked()).toBe(2);
  vi.advanceTimersByTime(1);
  expect(await (await ask("/ws/health")).json()).toMatchObject({ timestamp: first.timestamp + 30 });
  expect(asked()).toBe(3);
});

it("[H21] asks a hub again where the clock was set back, instead of keeping its answer for so much longer", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const { ask, asked } = ownWorker();
  await ask("/ws/health");
  vi.setSystemTime(Date.now() - 3_600_000);
  const { reactor, timestamp } = await (await ask("/ws/health")).json<{
    reactor: { uptime: number };
    timestamp: number;
  }>();
  expect([asked(), timestamp, reactor.uptime >= 0]).toEqual([2, Date.now() / 1_000, true]);
});

it("[H21] asks a hub that failed again at once", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  let failures = 1;
  const { ask } = ownWorker({}, async () => {
    if (failures-- > 0) throw new Error("Reset.");
  });
  expect((await ask("/ws/health?channel=failed")).status).toBe(503);
  expect((await ask("/ws/health?channel=failed")).status).toBe(200);
});

it("[H21] [H8] answers 503 while the reactor is disabled, and /health 200", async () => {
  const disabled = () => Promise.resolve({ ...status, isRunning: false });
  const status = await env.HUB.getByName("off").status();
  const HUB = { getByName: () => ({ status: disabled }) } as unknown as typeof env.HUB;
  const { ask } = ownWorker({ HUB });
  const reply = await ask("/ws/health");
  expect([reply.status, await reply.json()]).toMatchObject([503, { reactor: { status: "disabled" } }]);
  const health = await ask("/health");
  expect([health.status, await health.json()]).toMatchObject([200, { status: "healthy", hub: { status: "disabled" } }]);
});

it("[H21] does not wait for a hub that is slow: /health says what it last knew", async () => {
  let go = () => {};
  const slow = new Promise<void>((resolve) => {
    go = resolve;
  });
  const { ask, settled } = ownWorker({}, () => slow);
  expect(await (await ask("/health")).json()).toMatchObject({ hub: { status: "unknown", timestamp: null } });
  go();
  await settled();
  expect(await (await ask("/health")).json()).toMatchObject({ hub: { status: "healthy" } });
});

it("[H21] creates nothing in a hub that has no events", async () => {
  const { ask } = ownWorker();
  await ask("/ws/health?channel=untouched");
  expect(await env.HUB.getByName("untouched").status()).toMatchObject({ cursor: "0.0", rowsWritten: 0 });
});
