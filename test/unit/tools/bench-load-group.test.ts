// Subscribers of a bench against a server that sends what a test passes to it: lost and doubled events must be found.
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { nowUs } from "../../../bench/load/clock.ts";
import { emitBody } from "../../../bench/load/event-body.ts";
import { Latencies } from "../../../bench/load/latencies.ts";
import { type GroupOptions, LoadGroup } from "../../../bench/load/load-group.ts";
import { stampable, writeStamps } from "../../../bench/load/stamp.ts";

const undo: (() => void)[] = [];
afterEach(() => {
  for (const act of undo.splice(0).reverse()) act();
});

const WELCOME = '{"type":"reactor_connected","data":{"cursor":"e.10"}}';

/** A group of two subscribers, the second of which is sampled, and the server's ends of their sockets. */
async function connected(options: Partial<GroupOptions> = {}) {
  const sockets: Socket[] = [];
  const requests: string[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.once("data", (request) => {
      requests.push(String(request));
      socket.write("HTTP/1.1 101 Switching Protocols\r\n\r\n");
      if (options.dialect !== "frames") socket.write(frame(WELCOME));
      socket.on("data", (bytes) => requests.push(String(bytes)));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const group = new LoadGroup({ port, path: "/ws/stream?", dialect: "v1", count: 2, sampleEvery: 2, ...options });
  undo.push(
    () => void server.close(),
    () => sockets.forEach((socket) => void socket.destroy()),
    () => group.close(),
  );
  await group.open();
  group.reset();
  return {
    group,
    sockets,
    requests,
    toAll: (text: string) => sockets.forEach((socket) => void socket.write(frame(text))),
  };
}

function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 126, payload.length >> 8, payload.length & 255]), payload]);
}

function event(): string {
  const bytes = Buffer.from(emitBody(1, 100).text);
  writeStamps(stampable(bytes), nowUs());
  return bytes.toString();
}

function range(after: number, seq: number, events = seq - after, more = ""): string {
  return `{"type":"reactor_events","after":${after},"cursor":"e.${seq}","events":[${Array(events).fill(event())}]${more}}`;
}

test("events of frames that follow each other are counted, and those of the sampled subscriber timed", async () => {
  const { group, toAll } = await connected();
  toAll(range(10, 13));
  toAll(range(13, 14));
  const received = await group.receive(4);
  expect(received).toMatchObject({ delivered: 8, frames: 4, faults: [], uneven: 0 });
  expect(new Latencies(received.latencies).count).toBe(4);
});

test("a gap is a fault", async () => {
  const { group, toAll } = await connected();
  toAll(range(11, 13));
  expect((await group.receive(3)).faults.join()).toContain("a gap");
});

test("events that were sent before are not counted twice, as after a wake", async () => {
  const { group, toAll } = await connected();
  toAll(range(10, 13));
  toAll(range(8, 15, 2)); // of (8, 15] all but the last two were sent
  const received = await group.receive(5);
  expect(received).toMatchObject({ delivered: 10, faults: [], uneven: 0 });
  expect(new Latencies(received.latencies).count).toBe(5);
});

test("a frame that holds fewer events than its range is a fault of a sampled subscriber", async () => {
  const { group, toAll } = await connected();
  toAll(range(10, 14, 3));
  expect((await group.receive(4)).faults.join()).toContain("3 events in a frame of (10, 14]");
});

test("a subscriber that had fewer events than the others shows, once the time to wait is over", async () => {
  const { group, sockets } = await connected();
  sockets[0]?.write(frame(range(10, 12)));
  sockets[1]?.write(frame(range(10, 11)));
  expect(await group.receive(2, 200)).toMatchObject({ delivered: 3, uneven: 1 });
});

test("a page that asks for an acknowledgement is acknowledged with its cursor", async () => {
  const { group, toAll, requests } = await connected();
  toAll(range(10, 12, 2, ',"more":true'));
  await group.receive(2);
  await expect.poll(() => requests.filter((text) => text.includes('"ack","data":{"cursor":"e.12"}'))).toHaveLength(2);
});

test("subscribers reconnect from their position", async () => {
  const { group, toAll, requests } = await connected();
  toAll(range(10, 12));
  await group.receive(2);
  group.disconnect();
  await group.open(true);
  expect(requests.filter((text) => text.startsWith("GET /ws/stream?&cursor=e.12 "))).toHaveLength(2);
});

test("without v1 each frame is an event, except the hub's own frames", async () => {
  const { group, toAll } = await connected({ dialect: "frames", path: "/" });
  toAll(event());
  toAll('{"type":"reactor_heartbeat","data":{}}');
  toAll(event());
  expect(await group.receive(2)).toMatchObject({ delivered: 4, others: 2, faults: [], uneven: 0 });
});

test.each([
  ["closed", Buffer.from([0x88, 2, 4408 >> 8, 4408 & 255]), "closed with 4408"],
  ["refused", frame('{"type":"reactor_error","data":{"code":"bad_pattern"}}'), "bad_pattern"],
])("a subscriber that is %s is a fault", async (_what, bytes, fault) => {
  const { group, sockets } = await connected();
  sockets[0]?.write(bytes);
  expect((await group.receive(1)).faults.join()).toContain(fault);
});
