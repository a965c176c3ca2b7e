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
