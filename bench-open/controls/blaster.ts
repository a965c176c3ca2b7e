// Not a control but a test of the load generator: a server that only writes prepared frames to its sockets, as fast as they
// are read. POST `<frames> <events>`: sends each socket `frames` frames of `events` events.
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { text } from "node:stream/consumers";
import { setImmediate } from "node:timers/promises";
import { eventText } from "../load/event-body.ts";

const sockets = new Set<Socket>();
let seq = 0;

/** For 1 the event itself, else a range of the log as in v1. */
function frame(events: number): Buffer {
  const event = eventText(200);
  const before = seq;
  if (events > 1) seq += events;
  const many = `{"type":"reactor_events","after":${before},"cursor":"bench.${seq}","events":[${Array(events).fill(event)}]}`;
  const payload = Buffer.from(events === 1 ? event : many);
  const head = Buffer.from([0x81, 126, payload.length >> 8, payload.length & 255]);
  return Buffer.concat([head, payload]);
}

const server = createServer(async (request, response) => {
  const [frames = 0, events = 0] = (await text(request)).split(" ").map(Number);
  for (let sent = 0; sent < frames; sent++) {
    const bytes = frame(events);
    for (const socket of sockets) socket.write(bytes);
    while ([...sockets].some(({ writableLength }) => writableLength > 512 * 1024)) await setImmediate();
  }
  response.setHeader("Content-Length", 2).end("{}");
});

server.on("upgrade", (_request, socket) => {
  sockets.add(socket as Socket);
  socket.on("error", () => {});
  socket.on("close", () => sockets.delete(socket as Socket));
  socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
});
server.keepAliveTimeout = 0;
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.once("disconnect", () => process.exit()); // the bench has ended
