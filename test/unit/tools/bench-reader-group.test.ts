// Readers of a bench against a server that says what a test has it say: what is lost or doubled must show.
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { nowUs } from "../../../bench/load/clock.ts";
import { emitBody } from "../../../bench/load/event-body.ts";
import { Latencies } from "../../../bench/load/latencies.ts";
import { type GroupOptions, ReaderGroup } from "../../../bench/load/reader-group.ts";
import { stampPlaces, writeStamps } from "../../../bench/load/stamp.ts";

const undo: (() => void)[] = [];
afterEach(() => {
  for (const act of undo.splice(0).reverse()) act();
});

const WELCOME = '{"type":"reactor_connected","data":{"cursor":"e.10"}}';

/** A group of two readers, the second of which is sampled, and the server's ends of their sockets. */
async function connected(options: Partial<GroupOptions> = {}) {
  const sockets: Socket[] = [];
  const said: string[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.once("data", (request) => {
      said.push(String(request));
      socket.write("HTTP/1.1 101 Switching Protocols\r\n\r\n");
      if (options.dialect !== "frames") socket.write(frame(WELCOME));
      socket.on("data", (bytes) => said.push(String(bytes)));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const group = new ReaderGroup({ port, path: "/ws/stream?", dialect: "v1", count: 2, sampleEvery: 2, ...options });
  undo.push(
    () => void server.close(),
    () => sockets.forEach((socket) => void socket.destroy()),
    () => group.close(),
  );
  await group.open();
  group.reset();
  return { group, sockets, said, toAll: (text: string) => sockets.forEach((socket) => void socket.write(frame(text))) };
}

function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 126, payload.length >> 8, payload.length & 255]), payload]);
}

function event(): string {
  const bytes = Buffer.from(emitBody(1, 100).text);
  writeStamps(bytes, stampPlaces(bytes), nowUs());
  return bytes.toString();
}

function range(after: number, seq: number, events = seq - after, more = ""): string {
  return `{"type":"reactor_events","after":${after},"cursor":"e.${seq}","events":[${Array(events).fill(event())}]${more}}`;
}

test("events of frames that follow each other are counted, and those of the sampled reader timed", async () => {
  const { group, toAll } = await connected();
  toAll(range(10, 13));
  toAll(range(13, 14));
  const taken = await group.take(4);
  expect(taken).toMatchObject({ delivered: 8, frames: 4, faults: [], uneven: 0 });
  expect(new Latencies(taken.latencies).count).toBe(4);
});

test("a gap is a fault", async () => {
  const { group, toAll } = await connected();
  toAll(range(11, 13));
  expect((await group.take(3)).faults.join()).toContain("a gap");
});

test("what was sent before is not counted twice, as after a wake", async () => {
  const { group, toAll } = await connected();
  toAll(range(10, 13));
  toAll(range(8, 15, 2)); // of (8, 15] all but the last two were sent
  const taken = await group.take(5);
  expect(taken).toMatchObject({ delivered: 10, faults: [], uneven: 0 });
  expect(new Latencies(taken.latencies).count).toBe(5);
});

test("a frame that holds fewer events than it says is a fault of a sampled reader", async () => {
  const { group, toAll } = await connected();
  toAll(range(10, 14, 3));
  expect((await group.take(4)).faults.join()).toContain("3 events in a frame of (10, 14]");
});

test("a reader that had fewer events than the others shows, once nothing more is waited for", async () => {
  const { group, sockets } = await connected();
  sockets[0]?.write(frame(range(10, 12)));
  sockets[1]?.write(frame(range(10, 11)));
  expect(await group.take(2, 200)).toMatchObject({ delivered: 3, uneven: 1 });
});

test("a page that asks for it is acknowledged with its cursor", async () => {
  const { group, toAll, said } = await connected();
  toAll(range(10, 12, 2, ',"more":true'));
  await group.take(2);
  await expect.poll(() => said.filter((text) => text.includes('"ack","data":{"cursor":"e.12"}'))).toHaveLength(2);
});

test("readers come back from the place that they had reached", async () => {
  const { group, toAll, said } = await connected();
  toAll(range(10, 12));
  await group.take(2);
  group.leave();
  await group.open(true);
  expect(said.filter((text) => text.startsWith("GET /ws/stream?&cursor=e.12 "))).toHaveLength(2);
});

test("without v1 each frame is an event, and the hub's own frames are none", async () => {
  const { group, toAll } = await connected({ dialect: "frames", path: "/" });
  toAll(event());
  toAll('{"type":"reactor_heartbeat","data":{}}');
  toAll(event());
  expect(await group.take(2)).toMatchObject({ delivered: 4, others: 2, faults: [], uneven: 0 });
});

test.each([
  ["closed", Buffer.from([0x88, 2, 4408 >> 8, 4408 & 255]), "closed with 4408"],
  ["refused", frame('{"type":"reactor_error","data":{"code":"bad_pattern"}}'), "bad_pattern"],
])("a reader that is %s is a fault", async (_what, bytes, fault) => {
  const { group, sockets } = await connected();
  sockets[0]?.write(bytes);
  expect((await group.take(1)).faults.join()).toContain(fault);
});
