// A control outside workerd: a bare Node server with `ws` that sends each posted event to every socket as one frame.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { WebSocketServer } from "ws";

const server = createServer(async (request, response) => {
  const lines = await text(request);
  for (const event of lines.split("\n")) for (const client of sockets.clients) client.send(event);
  response.setHeader("Content-Length", 2).end("{}");
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });

server.keepAliveTimeout = 0; // publishers are idle during the other sides' turns
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.once("disconnect", () => process.exit()); // the bench has ended
