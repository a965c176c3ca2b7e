import { afterAll, beforeAll, expect, it } from "vitest";
import { openSubscriber, type SocketSubscriber } from "./many-sockets.ts";
import { type Server, startServer } from "./server.ts";

const SOCKETS = 1_000;
const EVENTS = 100;

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

it("[F2] [R2] delivers each of 100 events to each of 1,000 sockets, once and in order", async () => {
  let complete = 0;
  let allComplete = () => {};
  const received = new Promise<void>((resolve) => {
    allComplete = resolve;
  });
  const subscribers: SocketSubscriber[] = [];
  for (let n = 0; n < SOCKETS; n++) {
    const subscriber: SocketSubscriber = openSubscriber(`${server.wsUrl}/ws/stream`, () => {
      if (subscriber.seqs.length === EVENTS && ++complete === SOCKETS) allComplete();
    });
    subscribers.push(subscriber);
    if (n % 100 === 99) await Promise.all(subscribers.map(({ welcomed }) => welcomed)); // not all handshakes at once
  }
  for (let n = 0; n < EVENTS; n++)
    expect((await server.post({ type: "news_processed", data: { n } })).status).toBe(200);
  await received;
  const inOrder = Array.from({ length: EVENTS }, (_, n) => n + 1);
  for (const { seqs } of subscribers) expect(seqs).toEqual(inOrder);
  const { connected_clients } = await (await fetch(`${server.url}/ws/stats`)).json();
  expect(connected_clients).toBe(SOCKETS);
  for (const { socket } of subscribers) socket.close();
});
