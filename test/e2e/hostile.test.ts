// 200 hostile clients beside 50 subscribers and 4 publishers, which are not affected.
import { expect, it, vi } from "vitest";
import { mintToken } from "../../tools/token/mint-token.ts";
import { type Collector, collect } from "./collector.ts";
import { GOOD_TYPE } from "./hostile-attacks.ts";
import { HOSTILE_COUNT, HostileClients } from "./hostile-clients.ts";
import { openSubscriber, type SocketSubscriber } from "./many-sockets.ts";
import type { Server } from "./server.ts";
import { serve, stopAfterwards } from "./stops.ts";

const REACTOR_JWT_SECRET = "the signing secret of this test's hub";
const CLIENTS = 10;
const SOCKETS = 40;
const PUBLISHERS = 4;
const BATCH = 20;
const WAVES = 2;

const mint = (options: object) => mintToken({ sub: "ada", expires: "1h", ...options }, { REACTOR_JWT_SECRET });

/** Posts events at least once, and while `isOn`. @returns the seqs that were acknowledged */
async function publish(server: Server, isOn: () => boolean): Promise<number[]> {
  const seqs: number[] = [];
  do {
    const reply = await server.post(Array(BATCH).fill({ type: GOOD_TYPE }));
    expect(reply.status).toBe(200);
    const { events } = (await reply.json()) as { events: { seq: number }[] };
    seqs.push(...events.map(({ seq }) => seq));
  } while (isOn());
  return seqs;
}

/** Requests status routes while `isOn`. @returns the statuses of their responses */
async function watch(server: Server, headers: HeadersInit, isOn: () => boolean): Promise<Set<number>> {
  const statuses = new Set<number>();
  while (isOn()) {
    for (const path of ["/health", "/ws/stats", "/ws/health"]) {
      const reply = await fetch(server.url + path, { headers });
      await reply.text();
      statuses.add(reply.status);
    }
  }
  return statuses;
}

const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 100 });

it("[T18] [P4] [S5] delivers everything to 50 subscribers beside 200 hostile clients", async () => {
  const server = await serve({ vars: { REACTOR_JWT_SECRET } });
  const [good, bad] = await Promise.all([
    mint({ events: "good_*" }),
    mint({ sub: "eve", events: "noise_*", emit: "noise_*" }),
  ]);
  const headers = { Authorization: "Bearer dev-key" };
  const connected = async (): Promise<number> =>
    (await (await fetch(`${server.url}/ws/stats`, { headers })).json()).connected_clients;

  const states: string[] = [];
  const closes: number[] = [];
  const clients: Collector[] = Array.from({ length: CLIENTS }, () => collect({ url: server.url, token: () => good }));
  for (const { reactor } of clients) {
    reactor.onState((state) => states.push(state));
    stopAfterwards(() => reactor.close());
  }
  await Promise.all(clients.map(({ until }) => until(({ reactor }) => reactor.state === "connected")));
  let onEvents = () => {};
  const subscribers: SocketSubscriber[] = Array.from({ length: SOCKETS }, () =>
    openSubscriber(`${server.wsUrl}/ws/stream?token=${good}`, () => onEvents()),
  );
  for (const { socket } of subscribers) {
    socket.addEventListener("close", ({ code }) => closes.push(code));
    stopAfterwards(() => socket.close());
  }
  await Promise.all(subscribers.map(({ welcomed }) => welcomed));

  let isOn = true;
  const first = await publish(server, () => false); // a log, so that there are cursors to forge
  const publishers = Array.from({ length: PUBLISHERS }, () => publish(server, () => isOn));
  const watcher = watch(server, headers, () => isOn);
  const hostile = new HostileClients(server.port, bad);
  stopAfterwards(() => hostile.disconnect());
  expect(HOSTILE_COUNT).toBe(200);
  try {
    for (let wave = 0; wave < WAVES; wave++) {
      hostile.disconnect();
      await hostile.attack();
    }
  } finally {
    isOn = false;
  }
  const acknowledged = [first, ...(await Promise.all(publishers))].flat().sort((a, b) => a - b);
  expect(acknowledged.length).toBeGreaterThan(PUBLISHERS * BATCH);
  expect(await watcher).toEqual(new Set([200]));

  await Promise.all(clients.map(({ until }) => until(({ events }) => events.length >= acknowledged.length)));
  const isBehind = () => subscribers.some(({ seqs }) => seqs.length < acknowledged.length);
  while (isBehind()) {
    await new Promise<void>((resolve) => {
      onEvents = resolve;
    });
  }
  for (const { seqs } of subscribers) expect(seqs).toEqual(acknowledged);
  for (const client of clients) {
    expect(client.seqs()).toEqual(acknowledged);
    expect(new Set(client.events.map(({ type, source }) => `${type} of ${source}`))).toEqual(
      new Set([`${GOOD_TYPE} of system`]),
    );
    expect(client.resets).toEqual([]);
  }
  expect([new Set(states), closes]).toEqual([new Set(["connected"]), []]);
  expect([...hostile.statuses].filter((status) => status >= 500)).toEqual([]);
  expect(hostile.received(GOOD_TYPE)).toEqual([]);

  await eventually(async () => expect(await connected()).toBeLessThanOrEqual(CLIENTS + SOCKETS + hostile.openCount));
  hostile.disconnect();
  await eventually(async () => expect(await connected()).toBe(CLIENTS + SOCKETS));
  const { seq } = (await (await server.post({ type: GOOD_TYPE })).json()).events[0];
  await Promise.all(clients.map(({ until }) => until(({ events }) => events.at(-1)?.seq === seq)));
});
