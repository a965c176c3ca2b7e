import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LegacySocket, openLegacySocket } from "./legacy-socket.ts";
import { type Server, startServer } from "./server.ts";

let server: Server;
const opened: LegacySocket[] = [];

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  for (const { socket } of opened) socket.close();
  await server.stop();
});

async function join(): Promise<LegacySocket> {
  const page = openLegacySocket(server.wsUrl);
  opened.push(page);
  expect((await page.frame()).type).toBe("reactor_connected");
  return page;
}

async function leave({ socket }: LegacySocket): Promise<void> {
  const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
  socket.close();
  await closed;
}

const get = async (path: string) => (await fetch(server.url + path)).json();

describe("the test suite of the legacy server", () => {
  it("[S2] [O4] answers the heartbeat and a subscription", async () => {
    const page = await join();
    page.send("ping");
    expect(await page.text()).toBe("pong");
    page.send("subscribe:news_processed,digest_created");
    expect(await page.frame()).toMatchObject({
      type: "reactor_subscribed",
      data: { events: ["digest_created", "news_processed"], message: expect.any(String) },
    });
    await leave(page);
  });

  it("[O1] welcomes", async () => {
    const page = openLegacySocket(server.wsUrl);
    opened.push(page);
    expect(await page.frame()).toMatchObject({
      type: "reactor_connected",
      data: {
        message: "Connected to PulseAI Reactor",
        client_id: expect.any(String),
        timestamp: expect.any(Number),
      },
    });
    await leave(page);
  });

  it("[H6] answers its status", async () => {
    const { status, connected_clients, stats, reactor_events } = await get("/ws/status");
    expect([status, connected_clients, reactor_events.length]).toEqual(["active", 0, 7]);
    expect(Object.keys(stats).sort()).toEqual(["connected_clients", "events_emitted_total", "last_event_timestamp"]);
  });

  it("[H6] answers its stats", async () => {
    expect(await get("/ws/stats")).toMatchObject({
      connected_clients: 0,
      ws_active_connections: 0,
      ws_events_emitted_total: expect.any(Number),
      ws_last_event_ts: null,
      reactor_events_subscribed: 7,
    });
  });

  it("[H6] answers its health", async () => {
    expect(await get("/ws/health")).toMatchObject({
      reactor: {
        status: "healthy",
        listeners: expect.any(Number),
        events_emitted: expect.any(Number),
        uptime: expect.any(Number),
      },
      websocket: {
        active_connections: 0,
        stats: { connected_clients: 0, events_emitted_total: expect.any(Number), last_event_timestamp: null },
      },
      timestamp: expect.any(Number),
    });
    expect(await get("/health")).toMatchObject({ status: "healthy", version: expect.any(String) });
  });

  it("[O2] delivers an event to a client", async () => {
    const page = await join();
    await server.post({ type: "ai_metrics_updated", data: { credibility: 0.9, importance: 0.7 } });
    expect(await page.frame()).toMatchObject({
      type: "ai_metrics_updated",
      data: { credibility: 0.9, importance: 0.7 },
      source: "system",
      timestamp: expect.any(String),
      id: expect.any(String),
    });
    await leave(page);
  });

  it("[O2] counts two clients, and delivers an event to both", async () => {
    const pages = [await join(), await join()];
    expect((await get("/ws/stats")).ws_active_connections).toBe(2);
    await server.post({ type: "news_processed", data: { title: "Hello" } });
    for (const page of pages)
      expect(await page.frame()).toMatchObject({ type: "news_processed", data: { title: "Hello" } });
  });
});

it("[H8] accepts sockets and answers ping while the reactor is switched off, and refuses events", async () => {
  const off = await startServer({ vars: { REACTOR_ENABLED: "false", HEARTBEAT_SECONDS: "1" } });
  const page = openLegacySocket(off.wsUrl);
  await page.frame();
  const reply = await off.post({ type: "news_processed" });
  expect([reply.status, ((await reply.json()) as { code: string }).code]).toEqual([503, "reactor_disabled"]);
  const health = await fetch(`${off.url}/ws/health`);
  expect([health.status, (await health.json()).reactor.status]).toEqual([503, "disabled"]);
  expect((await fetch(`${off.url}/health`)).status).toBe(200);
  await off.evict();
  page.send("ping");
  expect(await page.text()).toBe("pong"); // and no heartbeat before it
  page.socket.close();
  await off.stop();
});
