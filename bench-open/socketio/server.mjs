// Socket.IO, beside which private feeds are measured: each socket joins the room that its query names, and each posted event goes
// to the room of its type. It stores nothing.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { Server } from "socket.io";

const server = createServer(async (request, response) => {
  for (const line of (await text(request)).split("\n")) {
    const event = JSON.parse(line);
    io.to(event.type).emit("event", event);
  }
  response.setHeader("Content-Length", 2).end("{}");
});

// As fast as it can be: no polling before the WebSocket, no compression.
const io = new Server(server, { transports: ["websocket"], perMessageDeflate: false });
io.on("connection", (socket) => void socket.join(String(socket.handshake.query.events)));

server.keepAliveTimeout = 0; // publishers are idle during the other sides' turns
server.listen(0, "127.0.0.1", () => process.send?.(server.address().port));
process.once("disconnect", () => process.exit()); // the bench has ended
