// The load generator's NATS protocol, without a NATS server.
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { emitBody } from "../../../bench/load/event-body.ts";
import { NatsLane } from "../../../bench/load/nats-lane.ts";
import { NatsReader } from "../../../bench/load/nats-reader.ts";

function reading() {
  const said: string[] = [];
  const reader = new NatsReader({
    message: (bytes, start, end) => said.push(`message ${bytes.toString("utf8", start, end)}`),
    line: (text) => said.push(text),
  });
  return { reader, said };
}

const PAYLOADS = ["", "one", 'lines\r\nMSG bench 1 3\r\nof "its" own', "é".repeat(3_000), "last"];
const STREAM = Buffer.from(
  `INFO {"max_payload":1048576}\r\nPING\r\n${PAYLOADS.map(
    (payload, index) =>
      `MSG bench 1 ${index % 2 === 0 ? "" : "_INBOX.4.7 "}${Buffer.byteLength(payload)}\r\n${payload}\r\n`,
  ).join("")}+OK\r\nPONG\r\n`,
);
const SAID = [
  'INFO {"max_payload":1048576}',
  "PING",
  ...PAYLOADS.map((payload) => `message ${payload}`),
  "+OK",
  "PONG",
];

test.each([1, 2, 3, 7, 100, 4_096, STREAM.length])("what arrives in pieces of %i bytes is read whole", (size) => {
  const { reader, said } = reading();
  // As in a subscriber, whose next read overwrites the bytes of the one before.
  const inbox = Buffer.alloc(size);
  for (let at = 0; at < STREAM.length; at += size) {
    reader.push(inbox, 0, STREAM.copy(inbox, 0, at, Math.min(STREAM.length, at + size)));
  }
  expect(said).toEqual(SAID);
});

test("what is beside a frame's payload is not read", () => {
  const { reader, said } = reading();
  reader.push(Buffer.from("xxPING\r\nyy"), 2, 8);
  reader.push(Buffer.from("PON\r\n"), 0, 3);
  reader.push(Buffer.from("G\r\n"));
  expect(said).toEqual(["PING", "PONG"]);
});

test.each([
  ["an error of the server", "-ERR 'Slow Consumer'\r\n", /reports 'Slow Consumer'/],
  ["a payload of another size", "MSG bench 1 2\r\nabc\r\n", /does not end where its size says/],
  ["a message without a size", "MSG bench one\r\nabc\r\n", /has no size/],
])("%s is refused", (_, text, message) => {
  expect(() => reading().reader.push(Buffer.from(text))).toThrow(message);
});

/** A server that answers each line of a client as `answers` says. */
async function natsServer(answers: (line: string) => string | undefined) {
  const heard: string[] = [];
  const server = createServer((socket: Socket) => {
    socket.write("INFO {}\r\n");
    socket.on("data", (chunk) => {
      for (const line of String(chunk).split("\r\n").slice(0, -1)) {
        heard.push(line);
        const answer = answers(line);
        if (answer) socket.write(answer);
      }
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { heard, port: (server.address() as { port: number }).port, [Symbol.dispose]: () => server.close() };
}

const pong = (line: string) => (line === "PING" ? "PONG\r\n" : undefined);

test("a post to NATS is answered by the pong behind it", async () => {
  using server = await natsServer(pong);
  const lane = new NatsLane(server.port, [emitBody(1, 100)], false);
  await lane.open();
  await lane.post(0, 1_234_567);
  lane.close();
  expect(server.heard.slice(-3)).toEqual(["PUB bench 100", expect.stringContaining('"at":"0000000001234567"'), "PING"]);
});

test.each([
  ["stored", '{"stream":"BENCH","seq":1}', null],
  ["refused", '{"error":{"code":503,"description":"insufficient resources"}}', /insufficient resources/],
])("a post to a stream that %s it is answered by the stream", async (_, answer, refused) => {
  using server = await natsServer((line) => {
    const inbox = /^PUB bench (\S+) 100$/.exec(line)?.[1];
    return inbox ? `MSG ${inbox} 1 ${answer.length}\r\n${answer}\r\n` : pong(line);
  });
  const lane = new NatsLane(server.port, [emitBody(1, 100)], true);
  await lane.open();
  const posted = lane.post(0, 1);
  if (refused) await expect(posted).rejects.toThrow(refused);
  else await posted;
  lane.close();
});
