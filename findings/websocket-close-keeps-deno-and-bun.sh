#!/usr/bin/env bash
# A process of Deno or Bun whose WebSocket was closed does not end while the other side never answers the Close frame.
#
# Guessed: after `close()`, with nothing else to do, the process ends by itself, at the latest after some seconds: RFC 6455 (7.1.1)
# lets a client drop the TCP connection when the answer does not come. Seen: both wait without an end (here: longer than 15 s).
# Deno 2.9.6, Bun 1.4.5. The server does the opening handshake and is silent from then on.
#
# Prints a line for each runtime. Exit code 1: one of them ends by itself now.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund deno@2.9.6 bun@1.4.5 >/dev/null
cat > server.mjs <<'JS'
import { createHash } from "node:crypto";
import { createServer } from "node:http";
const server = createServer();
server.on("upgrade", ({ headers }, socket) => {
  const accept = createHash("sha1").update(`${headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  socket.resume();
  socket.on("error", () => {});
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
JS
cat > client.mjs <<'JS'
const socket = new WebSocket(process.argv.at(-1));
socket.onopen = () => {
  console.log("open, closing");
  socket.close();
};
JS
node server.mjs > port & server=$!
trap 'kill $server; rm -rf "$folder"' EXIT
until [ -s port ]; do sleep 0.1; done
url="ws://127.0.0.1:$(cat port)/"
changed=0
for runtime in "deno run --allow-all" "bun"; do
  name=${runtime%% *}
  code=0
  timeout 15 ./node_modules/.bin/$runtime client.mjs "$url" > out 2>&1 || code=$?
  grep -q "open, closing" out || { echo "$name: did not connect: $(cat out)"; exit 1; }
  if [ "$code" = 124 ]; then echo "$name $(./node_modules/.bin/$name --version | head -1): still running 15 s after close()"
  else echo "$name: ended with code $code"; changed=1; fi
done
exit $changed
