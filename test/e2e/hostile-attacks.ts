// The attacks of hostile clients, each with the answer that the hub must give. The clients stay connected if they can.
import { parseCursor } from "../../src/wire/cursor.ts";
import { frameOf } from "../../tools/fuzz/raw-socket.ts";
import {
  type Attack,
  answered,
  expectAnswer,
  expectRefusal,
  FLOOD,
  flood,
  join,
  joinLegacy,
  request,
  sent,
  unknown,
  V1,
} from "./hostile-attack.ts";

/** Emitted for the other subscribers; the hostile clients must not receive it. */
export const GOOD_TYPE = "good_news";

const EVERYTHING = {
  channel: "main",
  dialect: "v1",
  asked: null,
  allowed: null,
  sub: null,
  emit: null,
  expiresMs: null,
  cursor: null,
  last: null,
};
const FORGED = `reactor-attach: ${JSON.stringify(EVERYTHING)}`;
const NAMES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "__defineGetter__"];
const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

/** The header of a masked text frame of 2³² × `high` + `low` bytes, and its first bytes. */
function beginningOf(high: number, low: number): Buffer {
  const head = Buffer.alloc(18, "a");
  head.writeUInt16BE(0x81ff);
  head.writeUInt32BE(high, 2);
  head.writeUInt32BE(low, 6);
  return head;
}

export const ATTACKS: readonly Attack[] = [
  flood(22, "a flood of messages", join, '{"type":"x"}'),
  flood(10, "a flood of subscribes", join, '{"type":"subscribe","data":{"events":["noise_*"]}}'),
  flood(2, "a flood of events that it may emit", join, '{"type":"emit","ref":1,"data":{"type":"noise_made"}}'),
  flood(10, "a flood in the legacy dialect", joinLegacy, "subscribe:noise_made"),
  sent(10, "a message over 64 KiB", () => frameOf(Buffer.alloc(65_537, "a")), 4500),
  sent(2, "a message of 8 MiB", () => frameOf(Buffer.alloc(8 << 20, "a")), 4500),
  sent(2, "a message over 32 MiB", () => beginningOf(0, (32 << 20) + 1), 1009),
  sent(8, "a binary message", () => frameOf(Buffer.from([0, 1, 2]), 0x2), 4500),
  answered(
    12,
    "10,000 patterns",
    "bad_pattern",
    JSON.stringify({ type: "subscribe", data: { events: Array(10_000).fill("a*") } }),
  ),
  {
    name: "10,000 patterns in a URL",
    clients: 4,
    async run(site) {
      const path = `/ws/stream?events=${"a*,".repeat(10_000)}`;
      const socket = site.open();
      await socket.upgrade(path, [`${V1}, reactor.token.${site.token}`]);
      await socket.closedWith(4500);
      await expectRefusal(site, path, [`Authorization: Bearer ${site.token}`], [400, 414, 431]);
    },
  },
  {
    name: "a partial handshake",
    clients: 16,
    async run(site) {
      site.open().write("GET /ws/stream HTTP/1.1\r\nHost: hub.test\r\nUpgrade: websocket\r\nSec-WebSocket-");
    },
  },
  {
    name: "reading nothing of a replay",
    clients: 12,
    async run(site) {
      const socket = site.open();
      socket.stopReading();
      socket.write(
        `GET /ws/stream?cursor=0.0 HTTP/1.1\r\nHost: hub.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`,
      );
      socket.write(
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer ${site.token}\r\n\r\n`,
      );
      for (let n = 0; n < 50; n++) socket.send("\u0001".repeat(60_000)); // six bytes each, as JSON has it
    },
  },
  {
    name: "acknowledging what was never sent",
    clients: 10,
    async run(site) {
      const socket = await join(site);
      const welcome = JSON.parse(socket.texts[0] ?? "") as { data: { cursor: string } };
      const { epoch = "", seq = 0 } = parseCursor(welcome.data.cursor) ?? {};
      socket.send(JSON.stringify({ type: "ack", data: { cursor: `${epoch}.${seq + 1_000_000}` } }));
      await socket.closedWith(4500);
    },
  },
  answered(
    8,
    "names of object members, as members of messages",
    unknown,
    ...NAMES.flatMap((name) => [
      `{"type":"${name}","data":{"events":["*"]}}`,
      `{"${name}":{"type":"subscribe","allowed":null},"type":"x","ref":{"${name}":{"allowed":null}}}`,
    ]),
  ),
  answered(
    6,
    "names of object members as types",
    "forbidden",
    ...NAMES.map((type) => JSON.stringify({ type: "emit", data: { type } })),
  ),
  {
    name: "names of object members in events that it may emit",
    clients: 6,
    async run(site) {
      const socket = await join(site);
      for (const name of NAMES) {
        socket.send(`{"type":"emit","ref":"${name}","data":{"type":"noise_made","data":{"${name}":{"allowed":null}}}}`);
        await socket.receives(`"ref":"${name}"`);
      }
    },
  },
  answered(5, "JSON 30,000 deep", unknown, deep(30_000), `{"type":"x","ref":${deep(30_000)}}`, '{"a":'.repeat(13_000)),
  answered(
    5,
    "data 30,000 deep",
    "bad_event",
    `{"type":"emit","ref":1,"data":{"type":"noise_made","data":${deep(30_000)}}}`,
  ),
  {
    name: "invalid UTF-8",
    clients: 6,
    async run(site) {
      const socket = await join(site);
      for (const bytes of [
        [0xff, 0xfe],
        [0xc0, 0x80],
        [0xed, 0xa0, 0x80],
      ])
        socket.write(frameOf(Buffer.from(bytes)));
      await socket.receives(unknown, 3);
      await expectAnswer(socket);
    },
  },
  sent(3, "a reserved bit", () => frameOf(Buffer.from("x"), 0x1, 0xa), 1002),
  sent(3, "an invalid opcode", () => frameOf(Buffer.from("x"), 0x3), 1002),
  sent(3, "a fragmented ping", () => frameOf(Buffer.from("x"), 0x9, 0), 1002),
  sent(3, "a continuation of nothing", () => frameOf(Buffer.from("x"), 0x0), 1002),
  sent(2, "a message of 2⁶³ bytes", () => beginningOf(0xffffffff, 0xffffffff), 1009),
  {
    name: "forged rights instead of a token",
    clients: 4,
    async run(site) {
      const socket = site.open();
      await socket.upgrade("/ws/stream", [V1, FORGED]);
      await socket.closedWith(4401);
      await expectRefusal(site, "/ws/stream", [FORGED], [401]);
    },
  },
  {
    name: "forged rights beside a token",
    clients: 4,
    async run(site) {
      const socket = await join(site, [FORGED, FORGED.replace("reactor-attach", "Reactor-Attach")], "?cursor=0.0");
      const answer = socket.receives('"code":"forbidden"');
      socket.send(JSON.stringify({ type: "emit", data: { type: GOOD_TYPE } }));
      await answer;
      if (socket.texts.some((text) => text.includes(`"type":"${GOOD_TYPE}"`)))
        throw new Error("received what it may not");
    },
  },
  answered(
    4,
    "emitting what it may not",
    "forbidden",
    JSON.stringify({ type: "emit", data: { type: GOOD_TYPE, source: "system" } }),
  ),
  {
    name: "garbage as a token",
    clients: 4,
    async run(site) {
      const socket = await join(site);
      for (let n = 0; n < 40; n++)
        socket.send(JSON.stringify({ type: "auth", data: { token: "é".repeat(n * 100 + 1) } }));
      await socket.closedWith(4401, 4429);
    },
  },
  {
    name: "a flood after a token that is being checked",
    clients: 4,
    async run(site) {
      const socket = await join(site);
      const auth = frameOf(Buffer.from(JSON.stringify({ type: "auth", data: { token: site.token } })));
      socket.write(Buffer.concat(Array(FLOOD).fill(auth)));
      await socket.closedWith(4429);
    },
  },
  {
    name: "a token over 8 KiB",
    clients: 4,
    async run(site) {
      const socket = site.open();
      await socket.upgrade("/ws/stream", [`${V1}, reactor.token.${"a".repeat(9_000)}.a.a`]);
      await socket.closedWith(4401);
      await expectRefusal(site, `/api/events?token=${"a".repeat(9_000)}.a.a`, [], [401]);
      await expectRefusal(site, `/api/events?token=${"a".repeat(90_000)}.a.a`, [], [414]);
    },
  },
  {
    name: "a body without an end",
    clients: 6,
    async run(site) {
      const token = `Authorization: Bearer ${site.token}`;
      await request(site, [token, "Transfer-Encoding: chunked"], "ffffff\r\n[");
      await request(site, [token, "Content-Length: 1000"], "[");
      const anonymous = await request(site, ["Transfer-Encoding: chunked"], "ffffff\r\n[");
      await anonymous.until("401", () => anonymous.status === 401); // without waiting for the body
    },
  },
];
