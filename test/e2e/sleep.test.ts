import { expect, it } from "vitest";
import { inboxOf } from "../support/inbox.ts";
import { startServer } from "./server.ts";

it("[S2] [S4] answers ping for a sleeping hub without waking it, until an event does", async () => {
  const server = await startServer({ vars: { HEARTBEAT_SECONDS: "0" } });
  const socket = new WebSocket(`${server.wsUrl}/ws/stream`, ["reactor.v1"]);
  const { frame, text } = inboxOf(socket);
  expect((await frame()).type).toBe("reactor_connected");
  await server.evict();
  for (let n = 0; n < 5; n++) {
    socket.send("ping");
    expect(await text()).toBe("pong");
  }
  await expect(server.evict()).rejects.toThrow(/not currently running/); // so no ping woke it
  await server.post({ type: "news_processed" });
  expect(await frame()).toMatchObject({ events: [{ type: "news_processed", seq: 1 }] });
  await server.evict(); // and this woke it
  socket.close();
  await server.stop();
});

it("[H25] [H26] sleeps on with an open socket, whatever is refused, and counts it with the next call", async () => {
  const server = await startServer({ vars: { HEARTBEAT_SECONDS: "0" } });
  const ask = (path: string, key = "dev-key") =>
    fetch(`${server.url}${path}`, { headers: { Authorization: `Bearer ${key}` } });
  const stats = async () => (await (await ask("/ws/stats")).json()) as Record<string, number>;
  const socket = new WebSocket(`${server.wsUrl}/ws/stream`, ["reactor.v1"]);
  const { frame } = inboxOf(socket);
  expect((await frame()).type).toBe("reactor_connected");
  await server.post({ type: "news_processed" });
  await frame();
  const { wakes = 0 } = await stats();
  await server.evict();
  for (let n = 0; n < 3; n++) {
    expect((await server.post({ type: "a" }, { key: "wrong" })).status).toBe(401);
    expect((await ask("/api/connections", "wrong")).status).toBe(401);
    expect((await ask("/api/events?limit=0", "wrong")).status).toBe(401);
    expect((await ask("/ws/stream")).status).toBe(426);
  }
  await expect(server.evict()).rejects.toThrow(/not currently running/); // so nothing of all that woke it
  const { objects } = (await (await ask("/api/connections")).json()) as { objects: object[] };
  expect(objects).toMatchObject([
    {
      connections: [{ dialect: "v1", encoding: "text", state: "live", count: 1 }],
      opened_total: { v1: 1 }, // no row was written with it since
      refusals_total: { unauthorized: 9, upgrade_required: 3 },
      deliveries_total: 1,
    },
  ]);
  expect((await stats()).wakes).toBe(wakes + 1); // the console's question
  socket.close();
  await server.stop();
});
