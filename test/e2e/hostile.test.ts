// 200 who mean harm, beside 50 who listen and 4 who publish: these notice nothing.
import { expect, it, vi } from "vitest";
import { mintToken } from "../../tools/token/mint-token.ts";
import { type Collector, collect } from "./collector.ts";
import { GOOD_TYPE } from "./hostile-acts.ts";
import { CROWD, HostileCrowd } from "./hostile-crowd.ts";
import { openTaker, type Taker } from "./many-sockets.ts";
import type { Server } from "./server.ts";
import { serve, stopAfterwards } from "./stops.ts";

const REACTOR_JWT_SECRET = "what the hub of this journey signs with";
const CLIENTS = 10;
const TAKERS = 40;
const PUBLISHERS = 4;
const BATCH = 20;
const WAVES = 2;

const mint = (wish: object) => mintToken({ sub: "ada", expires: "1h", ...wish }, { REACTOR_JWT_SECRET });

/** Posts some events, and goes on for as long as `isOn`. @returns the seqs that were acknowledged */
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

/** Looks after the hub for as long as `isOn`. @returns what the two routes answered */
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

it("[T18] [P4] [S5] brings everything to 50 who listen while 200 do what they may not", async () => {
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
  let taken = () => {};
  const takers: Taker[] = Array.from({ length: TAKERS }, () =>
    openTaker(`${server.wsUrl}/ws/stream?token=${good}`, () => taken()),
  );
  for (const { socket } of takers) {
    socket.addEventListener("close", ({ code }) => closes.push(code));
    stopAfterwards(() => socket.close());
  }
  await Promise.all(takers.map(({ welcomed }) => welcomed));

  let isOn = true;
  const first = await publish(server, () => false); // a log, in which there are places to lie about
  const publishers = Array.from({ length: PUBLISHERS }, () => publish(server, () => isOn));
  const watcher = watch(server, headers, () => isOn);
  const crowd = new HostileCrowd(server.port, bad);
  stopAfterwards(() => crowd.leave());
  expect(CROWD).toBe(200);
  try {
    for (let wave = 0; wave < WAVES; wave++) {
      crowd.leave();
      await crowd.attack();
    }
  } finally {
    isOn = false;
  }
  const acknowledged = [first, ...(await Promise.all(publishers))].flat().sort((a, b) => a - b);
  expect(acknowledged.length).toBeGreaterThan(PUBLISHERS * BATCH);
  expect(await watcher).toEqual(new Set([200]));

  await Promise.all(clients.map(({ until }) => until(({ events }) => events.length >= acknowledged.length)));
  const isBehind = () => takers.some(({ seqs }) => seqs.length < acknowledged.length);
  while (isBehind()) {
    await new Promise<void>((resolve) => {
      taken = resolve;
    });
  }
  for (const { seqs } of takers) expect(seqs).toEqual(acknowledged);
  for (const client of clients) {
    expect(client.seqs()).toEqual(acknowledged);
    expect(new Set(client.events.map(({ type, source }) => `${type} of ${source}`))).toEqual(
      new Set([`${GOOD_TYPE} of system`]),
    );
    expect(client.resets).toEqual([]);
  }
  expect([new Set(states), closes]).toEqual([new Set(["connected"]), []]);
  expect([...crowd.statuses].filter((status) => status >= 500)).toEqual([]);
  expect(crowd.heard(GOOD_TYPE)).toEqual([]);

  await eventually(async () => expect(await connected()).toBeLessThanOrEqual(CLIENTS + TAKERS + crowd.staying));
  crowd.leave();
  await eventually(async () => expect(await connected()).toBe(CLIENTS + TAKERS));
  const { seq } = (await (await server.post({ type: GOOD_TYPE })).json()).events[0];
  await Promise.all(clients.map(({ until }) => until(({ events }) => events.at(-1)?.seq === seq)));
});
