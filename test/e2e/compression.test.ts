// A workerd without a development server before it, as on Cloudflare: Miniflare's own entry, which wrangler dev has too, takes
// the offer of `permessage-deflate` by itself, whatever the Worker behind it says.
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BUILT_WORKER } from "../../tools/dev/built-worker.ts";
import { startWorkerd } from "../../tools/workerd/bare-workerd.ts";

let server: Awaited<ReturnType<typeof startWorkerd>>;

beforeAll(async () => {
  const vars = { REACTOR_API_KEY: "dev-key", REACTOR_JWT_SECRET: "a secret of at least 32 bytes, for tests" };
  server = await startWorkerd({ name: "Reactor", script: BUILT_WORKER, hubClass: "Hub", vars });
});

afterAll(() => server.stop());

const HANDSHAKE = [
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

/** The head of the answer to an upgrade. */
async function upgrade(headers: readonly string[]): Promise<string> {
  const socket = connect(server.port, "127.0.0.1");
  socket.write(["GET /ws/stream HTTP/1.1", "Host: hub.test", ...HANDSHAKE, ...headers, "", ""].join("\r\n"));
  const [head] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return head.toString("latin1").split("\r\n\r\n")[0] ?? "";
}

const KEY = "Authorization: Bearer dev-key";

const OFFERS = [
  ["Chromium", "permessage-deflate; client_max_window_bits"],
  ["Firefox", "permessage-deflate"],
  ["Go", "permessage-deflate; server_no_context_takeover; client_no_context_takeover"],
  ["all at once", "permessage-deflate; server_max_window_bits=15, permessage-deflate, x-webkit-deflate-frame"],
] as const;

const SOCKETS = [
  ["of v1", ["Sec-WebSocket-Protocol: reactor.v1", KEY]],
  ["of v1, compressed", ["Sec-WebSocket-Protocol: reactor.v1.deflate, reactor.v1", KEY]],
  ["of the legacy dialect", [KEY]],
  ["that the Worker closes", ["Sec-WebSocket-Protocol: reactor.v1"]],
] as const;

it.each(OFFERS.flatMap(([who, offer]) => SOCKETS.map(([which, headers]) => [which, who, offer, headers] as const)))(
  "[S15] negotiates no extension on a socket %s, offered as by %s",
  async (_which, _who, offer, headers) => {
    const head = await upgrade([...headers, `Sec-WebSocket-Extensions: ${offer}`]);
    expect(head).toMatch(/^HTTP\/1.1 101 /);
    expect(head).not.toMatch(/sec-websocket-extensions/i);
  },
);
