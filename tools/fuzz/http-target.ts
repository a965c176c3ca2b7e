// Requests of any form, through the whole front door: no 5xx, no exception, and nothing of a stranger's reaches a hub.
import fc from "fast-check";
import { PROBLEMS } from "../../src/wire/problem.ts";
import { CLOUD_EVENTS, EVENTS, LINES, ORIGINS } from "./corpus.ts";
import { bent, bentText } from "./mutations.ts";
import { must, type Target } from "./target.ts";
import { GOOD_CLAIMS, KEY, SECRET, signed } from "./token-target.ts";
import { ask } from "./worker-in-node.ts";

const goodToken = await signed(new TextEncoder().encode(GOOD_CLAIMS));
const badToken = await signed(new TextEncoder().encode(GOOD_CLAIMS), "another secret, of thirty-two and more");

/** Mostly the doors behind which there is most to break. */
const door = fc.oneof(
  { weight: 9, arbitrary: fc.constant({ method: "POST", path: "/api/events", upgrade: "" }) },
  { weight: 3, arbitrary: fc.constant({ method: "GET", path: "/api/events", upgrade: "" }) },
  { weight: 5, arbitrary: fc.constant({ method: "GET", path: "/ws/stream", upgrade: "websocket" }) },
  {
    weight: 3,
    arbitrary: fc.record({
      method: fc.constantFrom("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PROPFIND"),
      path: fc.oneof(
        fc.constantFrom("/ws/status", "/ws/stats", "/ws/health", "/live", "/", "/health", "//", "/api/events/"),
        bentText(["/api/events", "/ws/stream"]),
      ),
      upgrade: fc.constantFrom("", "WebSocket", "h2c"),
    }),
  },
);

/** One time in `times`. */
function seldom<T>(times: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: times - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

const query = fc.record({
  channel: seldom(4, bentText(["main", "room-1"])),
  events: seldom(4, bentText(["news_*,digest_created", "*"])),
  cursor: seldom(4, bentText(["k3x9.44", "0.0"])),
  after: seldom(4, bentText(["k3x9.44"])),
  limit: seldom(4, bentText(["100", "1e3"])),
  token: seldom(8, bentText([goodToken, "a.b.c", KEY])),
});

/** As it is, three times in four. */
function mostly(text: string): fc.Arbitrary<string> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(text) }, { weight: 1, arbitrary: bentText([text]) });
}

/** A body, and what it says that it is. */
const content = fc.oneof(
  ...(
    [
      ["application/json", EVENTS],
      ["application/x-ndjson", LINES],
      ["application/cloudevents+json", CLOUD_EVENTS],
      ["application/cloudevents-batch+json", CLOUD_EVENTS],
      ["application/octet-stream", EVENTS],
      ['text/plain; charset="utf-8"', LINES],
    ] as const
  ).map(([type, corpus]) => fc.record({ type: mostly(type), body: bent(corpus) })),
);

/** A CloudEvent's attributes in binary mode. */
const attributes = fc.record({
  "ce-specversion": bentText(["1.0", '"1.0"']),
  "ce-id": bentText(["1", "%C3%A9", '"a\\"b"']),
  "ce-type": bentText(["com.example.a", "chat_said"]),
  "ce-source": bentText(["/x", "urn:x"]),
  "ce-time": bentText(["2026-11-21T12:00:00Z"]),
});

const headers = fc.record({
  "Content-Encoding": seldom(20, bentText(["identity", "gzip"])),
  Origin: seldom(5, fc.oneof(fc.constant("http://hub.test"), bentText(ORIGINS))),
  "Sec-WebSocket-Protocol": seldom(3, bentText(["reactor.v1", `reactor.v1, reactor.token.${goodToken}`])),
  "Access-Control-Request-Method": seldom(20, bentText(["POST"])),
  "Access-Control-Request-Headers": seldom(20, bentText(["authorization, ce-id"])),
  "reactor-attach": seldom(5, fc.constantFrom('{"channel":"x","allowed":null}', "", "{")),
});

/** How somebody shows who they are: most of them can, so that more than the lock is tried. */
const credential = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(`Bearer ${KEY}`, `Bearer ${goodToken}`) },
  { weight: 2, arbitrary: fc.constantFrom(null, "Bearer", `Basic ${KEY}`, `Bearer ${badToken}`, "Bearer null") },
  { weight: 1, arbitrary: bentText([`Bearer ${KEY}`, `Bearer ${goodToken}`]) },
);

const request = fc.record({
  door,
  query,
  headers,
  credential,
  content,
  attributes: seldom(6, attributes),
});
type Sent = typeof request extends fc.Arbitrary<infer T> ? T : never;

/** As HTTP carries it: what no client could send is not tried. */
function requestOf({ door, query, headers, credential, content, attributes }: Sent): Request {
  const carried = new Headers({ "Content-Type": latin1(content.type) });
  for (const [name, value] of Object.entries({ ...headers, ...attributes, Upgrade: door.upgrade || undefined })) {
    if (value !== undefined) carried.set(name, latin1(value));
  }
  if (credential !== null) carried.set("Authorization", latin1(credential));
  const url = new URL("http://hub.test");
  url.pathname = door.path;
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
  const hasBody = door.method !== "GET" && door.method !== "HEAD";
  return new Request(url, { method: door.method, headers: carried, ...(hasBody && { body: content.body.slice() }) });
}

function latin1(text: string): string {
  return text.replace(/[^\x20-\x7e\x80-\xff]/g, "").trim();
}

/** Read as the doors are meant to read it, by other means. */
function shownBy({ headers, url }: Request): string | null | undefined {
  const header = headers.get("Authorization");
  if (header !== null) return /^bearer +(\S+)$/i.exec(header)?.[1];
  const subprotocols = (headers.get("Sec-WebSocket-Protocol") ?? "").split(",").map((name) => name.trim());
  const offered = subprotocols.find((name) => name.startsWith("reactor.token."));
  return offered?.slice("reactor.token.".length) ?? new URL(url).searchParams.get("token");
}

async function enter(sent: Sent): Promise<void> {
  const made = requestOf(sent);
  const shown = shownBy(made);
  const isKnown = shown === KEY || shown === goodToken;
  const logged: unknown[] = [];
  const { error } = console;
  console.error = (...said) => logged.push(said);
  try {
    const { reply, came } = await ask(made);
    must(reply.status < 500, `no 5xx, and not ${reply.status} ${logged}`);
    must(logged.length === 0, `nothing unexpected is logged: ${logged}`);
    for (const { door, drafts = [] } of came) {
      must(isKnown || door === "status", `a stranger does not come through to ${door}`);
      const sources = new Set(drafts.map(({ source }) => source));
      if (shown === goodToken)
        must(
          [...sources].every((source) => source === "user:ada"),
          "a token emits as its bearer",
        );
      else must(![...sources].some((source) => source.startsWith("user:")), "a key emits as nobody's user");
      if (shown === goodToken)
        must(
          drafts.every(({ type }) => type.startsWith("chat_")),
          "a token emits what it may",
        );
    }
    await judge(reply);
  } finally {
    console.error = error;
  }
}

/** A refusal is a problem that programs know, and nothing tells a secret. */
async function judge(reply: Response): Promise<void> {
  const text = await reply.text();
  const seen = text + JSON.stringify([...reply.headers]);
  for (const secret of [KEY, SECRET, goodToken.slice(-20)]) must(!seen.includes(secret), "no secret is echoed");
  if (reply.status >= 400 && text !== "") {
    must(reply.headers.get("Content-Type") === "application/problem+json", "a refusal is a problem");
    must(Object.hasOwn(PROBLEMS, JSON.parse(text).code), "a problem has a code that is known");
  }
}

export const HTTP_TARGETS: readonly Target[] = [
  { name: "requests", share: 27, property: fc.asyncProperty(request, enter) },
];
