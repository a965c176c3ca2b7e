#!/usr/bin/env bash
# In Firefox a WebSocket to a healthy server waits behind one to a dead port of the same address, for as long as Firefox holds that back.
#
# Guessed: a server that refuses connections delays only further attempts to itself. Seen: Firefox makes one opening handshake at a
# time for an IP address, whatever the port. After failures it holds the next attempt back, longer each time, and what it holds back
# keeps its place: the healthy server, reached at once before, is reached only when the attempt at the dead one has failed.
# readyState is CONNECTING all the while, so that a client with a time-out of its own gives up an attempt that was never made.
# Firefox ESR 153.8 (Debian 12: apt-get install firefox-esr), Node 20 or newer.
#
# Prints how long each attempt took. Exit code 1: the healthy one no longer waits.
set -euo pipefail
command -v firefox-esr >/dev/null || { echo "firefox-esr is not installed."; exit 2; }
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
cd "$folder"
cat > server.mjs <<'JS'
import { createHash } from "node:crypto";
import { createServer } from "node:http";
const page = (dead) => `<!doctype html><script type="module">
  const attempt = (url) => new Promise((resolve) => {
    const begun = performance.now();
    const socket = new WebSocket(url);
    socket.onopen = socket.onclose = ({ type }) => resolve(type + " after " + Math.round(performance.now() - begun) + " ms");
  });
  const say = (text) => fetch("/say", { method: "POST", body: text });
  const healthy = location.origin.replace("http", "ws"), dead = "ws://127.0.0.1:${dead}";
  await attempt(healthy); // the first of a new Firefox takes a second
  await say("healthy, before: " + await attempt(healthy));
  for (let n = 1; n <= 7; n++) await say("dead " + n + ": " + await attempt(dead));
  const last = attempt(dead).then((text) => say("dead 8: " + text));
  const between = attempt(healthy).then((text) => say("healthy, beside dead 8: " + text));
  await Promise.all([last, between]);
  await say("end");
</script>`;
const free = createServer().listen(0, "127.0.0.1", () => {
  const { port: dead } = free.address();
  free.close(() => {
    const server = createServer(async (request, reply) => {
      if (request.method !== "POST") return reply.setHeader("Content-Type", "text/html").end(request.url === "/" ? page(dead) : "");
      let text = "";
      for await (const part of request) text += part;
      console.log(text);
      reply.end();
    });
    server.on("upgrade", ({ headers }, socket) => {
      const accept = createHash("sha1").update(`${headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
      socket.on("error", () => {}).resume();
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    });
    server.listen(0, "127.0.0.1", () => console.error(server.address().port));
  });
});
JS
node server.mjs > said 2> port &
until [ -s port ]; do sleep 0.1; done
firefox-esr --headless --no-remote --profile "$folder" "http://127.0.0.1:$(cat port)/" >/dev/null 2>&1 &
for _ in $(seq 120); do grep -q '^end$' said && break; sleep 1; done
grep -v '^end$' said
waited=$(sed -n 's/^healthy, beside dead 8: open after \([0-9]*\) ms$/\1/p' said)
[ "${waited:-0}" -gt 1000 ]
