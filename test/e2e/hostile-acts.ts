// What nobody may do to a hub, each with what has to come of it. Who did it stays connected, as long as they are let.
import { parseCursor } from "../../src/wire/cursor.ts";
import { frameOf } from "../../tools/fuzz/raw-socket.ts";
import {
  type Act,
  FLOOD,
  flood,
  isAnswered,
  isRefused,
  join,
  joinOld,
  request,
  said,
  sent,
  unknown,
  V1,
} from "./hostile-deed.ts";

/** Of whoever listens in peace, and of nobody here. */
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
};
const FORGED = `reactor-attach: ${JSON.stringify(EVERYTHING)}`;
const NAMES = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "__defineGetter__"];
const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

/** The beginning of a masked text frame of 2³² × `high` + `low` bytes, and the first of them. */
function beginningOf(high: number, low: number): Buffer {
  const head = Buffer.alloc(18, "a");
  head.writeUInt16BE(0x81ff);
  head.writeUInt32BE(high, 2);
  head.writeUInt32BE(low, 6);
  return head;
}

export const ACTS: readonly Act[] = [
  flood(22, "a flood of messages", join, '{"type":"x"}'),
  flood(10, "a flood of subscribes", join, '{"type":"subscribe","data":{"events":["noise_*"]}}'),
  flood(2, "a flood of events that they may emit", join, '{"type":"emit","ref":1,"data":{"type":"noise_made"}}'),
  flood(10, "a flood in the legacy dialect", joinOld, "subscribe:noise_made"),
  sent(10, "a message over 64 KiB", () => frameOf(Buffer.alloc(65_537, "a")), 4500),
  sent(2, "a message of 8 MiB", () => frameOf(Buffer.alloc(8 << 20, "a")), 4500),
  sent(2, "a message over 32 MiB", () => beginningOf(0, (32 << 20) + 1), 1009),
  sent(8, "a binary message", () => frameOf(Buffer.from([0, 1, 2]), 0x2), 4500),
  said(
    12,
    "10,000 patterns",
    "bad_pattern",
    JSON.stringify({ type: "subscribe", data: { events: Array(10_000).fill("a*") } }),
  ),
  {
    name: "10,000 patterns in a URL",
    by: 4,
    commit: (site) =>
      isRefused(
        site,
        `/ws/stream?events=${"a*,".repeat(10_000)}`,
        [`${V1}, reactor.token.${site.token}`],
        [400, 414, 431],
      ),
  },
  {
    name: "half a handshake",
    by: 16,
    async commit(site) {
      site.open().write("GET /ws/stream HTTP/1.1\r\nHost: hub.test\r\nUpgrade: websocket\r\nSec-WebSocket-");
    },
  },
  {
    name: "reading nothing of what was asked for",
    by: 12,
    async commit(site) {
      const socket = site.open();
      socket.stopReading();
      socket.write(
        `GET /ws/stream?cursor=0.0 HTTP/1.1\r\nHost: hub.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`,
      );
      socket.write(
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer ${site.token}\r\n\r\n`,
      );
      for (let n = 0; n < 50; n++) socket.say("\u0001".repeat(60_000)); // six bytes each, as JSON has it
    },
  },
  {
    name: "acknowledging what was never sent",
    by: 10,
    async commit(site) {
      const socket = await join(site);
      const welcome = JSON.parse(socket.texts[0] ?? "") as { data: { cursor: string } };
      const { epoch = "", seq = 0 } = parseCursor(welcome.data.cursor) ?? {};
      socket.say(JSON.stringify({ type: "ack", data: { cursor: `${epoch}.${seq + 1_000_000}` } }));
      await socket.sentAway(4500);
    },
  },
  said(
    8,
    "names that every object has, where a message has its own",
    unknown,
    ...NAMES.flatMap((name) => [
      `{"type":"${name}","data":{"events":["*"]}}`,
      `{"${name}":{"type":"subscribe","allowed":null},"type":"x","ref":{"${name}":{"allowed":null}}}`,
    ]),
  ),
  said(6, "such names as types", "forbidden", ...NAMES.map((type) => JSON.stringify({ type: "emit", data: { type } }))),
  {
    name: "such names in what they may emit",
    by: 6,
    async commit(site) {
      const socket = await join(site);
      for (const name of NAMES) {
        socket.say(`{"type":"emit","ref":"${name}","data":{"type":"noise_made","data":{"${name}":{"allowed":null}}}}`);
        await socket.hears(`"ref":"${name}"`);
      }
    },
  },
  said(5, "JSON 30,000 deep", unknown, deep(30_000), `{"type":"x","ref":${deep(30_000)}}`, '{"a":'.repeat(13_000)),
  said(
    5,
    "data 30,000 deep",
    "bad_event",
    `{"type":"emit","ref":1,"data":{"type":"noise_made","data":${deep(30_000)}}}`,
  ),
  {
    name: "what is not UTF-8",
    by: 6,
    async commit(site) {
      const socket = await join(site);
      for (const bytes of [
        [0xff, 0xfe],
        [0xc0, 0x80],
        [0xed, 0xa0, 0x80],
      ])
        socket.write(frameOf(Buffer.from(bytes)));
      await socket.hears(unknown, 3);
      await isAnswered(socket);
    },
  },
  sent(3, "a bit that is reserved", () => frameOf(Buffer.from("x"), 0x1, 0xa), 1002),
  sent(3, "an opcode that is none", () => frameOf(Buffer.from("x"), 0x3), 1002),
  sent(3, "half a ping", () => frameOf(Buffer.from("x"), 0x9, 0), 1002),
  sent(3, "a frame that continues nothing", () => frameOf(Buffer.from("x"), 0x0), 1002),
  sent(2, "a message of 2⁶³ bytes", () => beginningOf(0xffffffff, 0xffffffff), 1009),
  {
    name: "rights of their own making, instead of a token",
    by: 4,
    async commit(site) {
      const socket = site.open();
      await socket.knock("/ws/stream", [V1, FORGED]);
      await socket.sentAway(4401);
      await isRefused(site, "/ws/stream", [FORGED], [401]);
    },
  },
  {
    name: "rights of their own making, beside a token",
    by: 4,
    async commit(site) {
      const socket = await join(site, [FORGED, FORGED.replace("reactor-attach", "Reactor-Attach")], "?cursor=0.0");
      const answer = socket.hears('"code":"forbidden"');
      socket.say(JSON.stringify({ type: "emit", data: { type: GOOD_TYPE } }));
      await answer;
      if (socket.texts.some((text) => text.includes(`"type":"${GOOD_TYPE}"`))) throw new Error("heard what it may not");
    },
  },
  said(
    4,
    "emitting what they may not",
    "forbidden",
    JSON.stringify({ type: "emit", data: { type: GOOD_TYPE, source: "system" } }),
  ),
  {
    name: "garbage for a token",
    by: 4,
    async commit(site) {
      const socket = await join(site);
      for (let n = 0; n < 40; n++)
        socket.say(JSON.stringify({ type: "auth", data: { token: "é".repeat(n * 100 + 1) } }));
      await socket.sentAway(4401, 4429);
    },
  },
  {
    name: "a flood behind a token that is being checked",
    by: 4,
    async commit(site) {
      const socket = await join(site);
      const auth = frameOf(Buffer.from(JSON.stringify({ type: "auth", data: { token: site.token } })));
      socket.write(Buffer.concat(Array(FLOOD).fill(auth)));
      await socket.sentAway(4429);
    },
  },
  {
    name: "a token over 8 KiB",
    by: 4,
    async commit(site) {
      const socket = site.open();
      await socket.knock("/ws/stream", [`${V1}, reactor.token.${"a".repeat(9_000)}.a.a`]);
      await socket.sentAway(4401);
      await isRefused(site, `/api/events?token=${"a".repeat(9_000)}.a.a`, [], [401]);
      await isRefused(site, `/api/events?token=${"a".repeat(90_000)}.a.a`, [], [414]);
    },
  },
  {
    name: "a body without an end",
    by: 6,
    async commit(site) {
      const token = `Authorization: Bearer ${site.token}`;
      await request(site, [token, "Transfer-Encoding: chunked"], "ffffff\r\n[");
      await request(site, [token, "Content-Length: 1000"], "[");
      const stranger = await request(site, ["Transfer-Encoding: chunked"], "ffffff\r\n[");
      await stranger.until("401", () => stranger.status === 401); // and nothing of it is waited for
    },
  },
];
