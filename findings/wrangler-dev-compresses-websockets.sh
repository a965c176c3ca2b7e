#!/usr/bin/env bash
# `wrangler dev` negotiates permessage-deflate although the Worker has the compatibility flag no_web_socket_compression.
#
# Guessed: the flag means the same in `wrangler dev` as in workerd: an offer of permessage-deflate is not answered. Seen: bare workerd
# answers without Sec-WebSocket-Extensions; behind `wrangler dev` the same Worker's 101 accepts the offer, since a Worker of the
# tool's own, without the flag, stands before it. wrangler 4.164.0 and the workerd that it brings.
#
# Prints a line for each. Exit code 1: that has changed.
set -euo pipefail
folder=$(mktemp -d)
pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; sleep 1; rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund wrangler@4.164.0 node@24.21.0 >/dev/null
export PATH="$folder/node_modules/node/bin:$PATH" # wrangler needs Node 22.12
cat > worker.mjs <<'JS'
export default {
  fetch() {
    const [theirs, ours] = Object.values(new WebSocketPair());
    ours.accept();
    return new Response(null, { status: 101, webSocket: theirs });
  },
};
JS
cat > wrangler.toml <<'TOML'
name = "a"
main = "worker.mjs"
compatibility_date = "2026-11-17"
compatibility_flags = ["no_web_socket_compression"]
TOML
cat > config.capnp <<'CAPNP'
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "a", worker = (modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
    compatibilityDate = "2026-11-17", compatibilityFlags = ["no_web_socket_compression"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "a")]
);
CAPNP
cat > offer.mjs <<'JS'
import { request } from "node:http";
const [name, port] = process.argv.slice(2);
const headers = {
  Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits",
};
const upgrade = request({ host: "127.0.0.1", port, path: "/", headers });
upgrade.on("error", () => process.exit(2));
upgrade.on("upgrade", ({ headers }, socket) => {
  console.log(`${name}: ${headers["sec-websocket-extensions"] ?? "no extension"}`);
  socket.destroy();
});
upgrade.end();
JS
free() { node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'; }
port=$(free)
./node_modules/.bin/workerd serve config.capnp --socket-addr="http=127.0.0.1:$port" > workerd.log 2>&1 & pids+=($!)
dev=$(free)
CI=1 WRANGLER_SEND_METRICS=false ./node_modules/.bin/wrangler dev --ip 127.0.0.1 --port "$dev" > dev.log 2>&1 & pids+=($!)
for try in $(seq 60); do node offer.mjs workerd "$port" > a 2>/dev/null && node offer.mjs "wrangler dev" "$dev" > b 2>/dev/null && break; sleep 0.5; done
cat a b; [ -s b ] || tail -20 dev.log
grep -q "no extension" a && grep -q "permessage-deflate" b
