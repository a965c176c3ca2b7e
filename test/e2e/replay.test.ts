import { expect, it } from "vitest";
import { collect } from "./collector.ts";
import type { Server } from "./server.ts";
import { serve, stopAfterwards } from "./stops.ts";

function listen(...[options]: Parameters<typeof collect>) {
  const collector = collect(options);
  stopAfterwards(() => collector.reactor.close());
  return collector;
}

const count = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

/** Emits `events` events of one type, in batches. @returns the epoch */
async function fill({ post }: Server, events: number, batch = 100, data: unknown = {}): Promise<string> {
  let cursor = "";
  for (let n = 0; n < events; n += batch) {
    const reply = await post(
      Array.from({ length: Math.min(batch, events - n) }, () => ({ type: "news_processed", data })),
    );
    ({ cursor } = (await reply.json()) as { cursor: string });
  }
  return String(cursor.split(".")[0]);
}

it("[C3] [K5] resumes from a cursor to the head, and is live from there; the log agrees event by event", async () => {
  const server = await serve();
  const epoch = await fill(server, 1_200);
  const client = listen({ url: server.url, cursor: `${epoch}.500` });
  await client.until(({ events }) => events.length >= 700);
  await fill(server, 3, 1);
  await client.until(({ events }) => events.length >= 703);
  expect(client.seqs()).toEqual(count(501, 1_203));
  const history = [];
  for (let after = `${epoch}.500`, more = true; more; ) {
    const page = await (await fetch(`${server.url}/api/events?after=${after}&limit=300`)).json();
    history.push(...page.events);
    ({ cursor: after, more } = page);
  }
  expect(history).toEqual(client.events);
  expect(client.resets).toEqual([]);
});

it("[C3] [L4] [P2] continues at its cursor when the server is killed in the middle of a replay", async () => {
  const first = await serve({ keepState: true });
  const epoch = await fill(first, 600, 100, "x".repeat(10_000));
  const client = listen({ url: first.url, cursor: `${epoch}.0` });
  await client.until(({ events }) => events.length >= 50);
  await first.kill();
  const reached = client.events.length;
  expect(reached).toBeLessThan(600);
  const second = await serve({ port: first.port, persistTo: first.persistTo });
  await client.until(({ events }) => events.length >= 600);
  await fill(second, 1);
  await client.until(({ events }) => events.length >= 601);
  expect(client.seqs()).toEqual(count(1, 601));
  expect(client.resets).toEqual([]);
});

it("[P1] [F5] replays 100,000 events to a subscriber that receives ten of them", async () => {
  const server = await serve();
  const batch = (n: number) => ({ type: n % 10_000 === 9_999 ? "rare" : "frequent", data: n });
  for (let n = 0; n < 100_000; n += 1_000) await server.post(Array.from({ length: 1_000 }, (_, i) => batch(n + i)));
  const { cursor } = await (await fetch(`${server.url}/ws/stats`)).json();
  const client = listen({ url: server.url, cursor: cursor.replace(".100000", ".0"), events: ["rare"] });
  await client.until(({ reactor }) => reactor.cursor === cursor);
  expect(client.seqs()).toEqual(count(1, 10).map((n) => n * 10_000));
  expect(client.resets).toEqual([]);
});

it("[C4] [L7] [L8] reports what it lost after a trim, and after the epoch changed", async () => {
  const vars = { RETENTION_EVENTS: "100", HEARTBEAT_SECONDS: "0" };
  const first = await serve({ keepState: true, vars });
  const epoch = await fill(first, 500);
  const { events_kept } = await (await fetch(`${first.url}/ws/stats`)).json();
  expect(events_kept).toBe(100);
  const trimmed = listen({ url: first.url, cursor: `${epoch}.250` });
  await trimmed.until(({ events }) => events.length >= 100);
  expect(trimmed.resets).toEqual([{ reason: "trimmed", oldest: `${epoch}.401`, cursor: `${epoch}.400` }]);
  expect(trimmed.seqs()).toEqual(count(401, 500));
  const quiet = listen({ url: first.url, cursor: `${epoch}.500` });
  await quiet.until(({ reactor }) => reactor.state === "connected");
  await first.stop();
  const second = await serve({ port: first.port, persistTo: first.persistTo, vars: { ...vars, LOG_GENERATION: "1" } });
  await quiet.until(({ resets }) => resets.length > 0);
  expect(quiet.resets).toMatchObject([
    { reason: "epoch", cursor: expect.stringMatching(/^(?!undefined)[a-z0-9]+\.500$/) },
  ]);
  expect(await fill(second, 1)).not.toBe(epoch);
  await quiet.until(({ events }) => events.length >= 1);
  expect(quiet.seqs()).toEqual([501]);
});

it("[A2] receives the heartbeat from the hub's own alarm, although it sleeps in between", async () => {
  const server = await serve({ vars: { HEARTBEAT_SECONDS: "1" } });
  const client = listen({ url: server.url, events: ["reactor_heartbeat"] });
  await client.until(({ events }) => events.length >= 1);
  await server.evict();
  await client.until(({ events }) => events.length >= 2);
  expect(client.events).toMatchObject(Array(2).fill({ type: "reactor_heartbeat", data: { connected_clients: 1 } }));
  expect(client.seqs()).toEqual([undefined, undefined]);
});
