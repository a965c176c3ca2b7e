// Requests of any form, through the whole Worker: no 5xx, no exception, and nothing of an anonymous client reaches a hub.
import fc from "fast-check";
import { PROBLEMS } from "../../src/wire/problem.ts";
import { CLOUD_EVENTS, EVENTS, LINES, ORIGINS } from "./corpus.ts";
import { mutated, mutatedText } from "./mutations.ts";
import { must, type Target } from "./target.ts";
import { GOOD_CLAIMS, KEY, SECRET, signed } from "./token-target.ts";
import { fetchWorker } from "./worker-in-node.ts";

const goodToken = await signed(new TextEncoder().encode(GOOD_CLAIMS));
const badToken = await signed(new TextEncoder().encode(GOOD_CLAIMS), "another secret, of thirty-two and more");

/** Mostly the routes with the most code behind them. */
const route = fc.oneof(
  { weight: 9, arbitrary: fc.constant({ method: "POST", path: "/api/events", upgrade: "" }) },
  { weight: 3, arbitrary: fc.constant({ method: "GET", path: "/api/events", upgrade: "" }) },
  { weight: 5, arbitrary: fc.constant({ method: "GET", path: "/ws/stream", upgrade: "websocket" }) },
  {
    weight: 3,
    arbitrary: fc.record({
      method: fc.constantFrom("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PROPFIND"),
      path: fc.oneof(
        fc.constantFrom("/ws/status", "/ws/stats", "/ws/health", "/live", "/", "/health", "//", "/api/events/"),
        mutatedText(["/api/events", "/ws/stream"]),
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
  channel: seldom(4, mutatedText(["main", "room-1"])),
  events: seldom(4, mutatedText(["news_*,digest_created", "*"])),
  cursor: seldom(4, mutatedText(["k3x9.44", "0.0"])),
  after: seldom(4, mutatedText(["k3x9.44"])),
  limit: seldom(4, mutatedText(["100", "1e3"])),
  token: seldom(8, mutatedText([goodToken, "a.b.c", KEY])),
});

/** Unchanged three times in four. */
function mostly(text: string): fc.Arbitrary<string> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(text) }, { weight: 1, arbitrary: mutatedText([text]) });
}

/** A body, and its Content-Type. */
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
  ).map(([type, corpus]) => fc.record({ type: mostly(type), body: mutated(corpus) })),
);

/** A CloudEvent's attributes in binary mode. */
const attributes = fc.record({
  "ce-specversion": mutatedText(["1.0", '"1.0"']),
  "ce-id": mutatedText(["1", "%C3%A9", '"a\\"b"']),
  "ce-type": mutatedText(["com.example.a", "chat_said"]),
  "ce-source": mutatedText(["/x", "urn:x"]),
  "ce-time": mutatedText(["2026-11-21T12:00:00Z"]),
});

const headers = fc.record({
  "Content-Encoding": seldom(20, mutatedText(["identity", "gzip"])),
  Origin: seldom(5, fc.oneof(fc.constant("http://hub.test"), mutatedText(ORIGINS))),
  "Sec-WebSocket-Protocol": seldom(3, mutatedText(["reactor.v1", `reactor.v1, reactor.token.${goodToken}`])),
  "Access-Control-Request-Method": seldom(20, mutatedText(["POST"])),
  "Access-Control-Request-Headers": seldom(20, mutatedText(["authorization, ce-id"])),
  "reactor-attach": seldom(5, fc.constantFrom('{"channel":"x","allowed":null}', "", "{")),
});

/** Mostly valid credentials, so that more than the authorization is tried. */
const credential = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(`Bearer ${KEY}`, `Bearer ${goodToken}`) },
  { weight: 2, arbitrary: fc.constantFrom(null, "Bearer", `Basic ${KEY}`, `Bearer ${badToken}`, "Bearer null") },
  { weight: 1, arbitrary: mutatedText([`Bearer ${KEY}`, `Bearer ${goodToken}`]) },
);

const request = fc.record({
  route,
  query,
  headers,
  credential,
  content,
  attributes: seldom(6, attributes),
});
type Sent = typeof request extends fc.Arbitrary<infer T> ? T : never;

/** Only requests that HTTP can carry. */
function requestOf({ route, query, headers, credential, content, attributes }: Sent): Request {
  const carried = new Headers({ "Content-Type": latin1(content.type) });
  for (const [name, value] of Object.entries({ ...headers, ...attributes, Upgrade: route.upgrade || undefined })) {
    if (value !== undefined) carried.set(name, latin1(value));
  }
  if (credential !== null) carried.set("Authorization", latin1(credential));
  const url = new URL("http://hub.test");
  url.pathname = route.path;
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
  const hasBody = route.method !== "GET" && route.method !== "HEAD";
  return new Request(url, { method: route.method, headers: carried, ...(hasBody && { body: content.body.slice() }) });
}

function latin1(text: string): string {
  return text.replace(/[^\x20-\x7e\x80-\xff]/g, "").trim();
}

/** The credential that the Worker should read, by other code. */
function credentialOf({ headers, url }: Request): string | null | undefined {
  const header = headers.get("Authorization");
  if (header !== null) return /^bearer +(\S+)$/i.exec(header)?.[1];
  const subprotocols = (headers.get("Sec-WebSocket-Protocol") ?? "").split(",").map((name) => name.trim());
  const offered = subprotocols.find((name) => name.startsWith("reactor.token."));
  return offered?.slice("reactor.token.".length) ?? new URL(url).searchParams.get("token");
}

async function tryRequest(sent: Sent): Promise<void> {
  const made = requestOf(sent);
  const presented = credentialOf(made);
  const isKnown = presented === KEY || presented === goodToken;
  const logged: unknown[] = [];
  const { error } = console;
  console.error = (...values) => logged.push(values);
  try {
    const { reply, calls } = await fetchWorker(made);
    must(reply.status < 500, `no 5xx, not ${reply.status} ${logged}`);
    must(logged.length === 0, `nothing unexpected is logged: ${logged}`);
    for (const { method, drafts = [] } of calls) {
      must(isKnown || method === "status", `an anonymous client does not reach ${method}`);
      const sources = new Set(drafts.map(({ source }) => source));
      if (presented === goodToken)
        must(
          [...sources].every((source) => source === "user:ada"),
          "a token emits as its `sub`",
        );
      else must(![...sources].some((source) => source.startsWith("user:")), "a key emits in the name of no user");
      if (presented === goodToken)
        must(
          drafts.every(({ type }) => type.startsWith("chat_")),
          "a token emits only types that it may",
        );
    }
    await checkReply(reply);
  } finally {
    console.error = error;
  }
}

/** A refusal is a problem with a known code, and no response contains a secret. */
async function checkReply(reply: Response): Promise<void> {
  const text = await reply.text();
  const seen = text + JSON.stringify([...reply.headers]);
  for (const secret of [KEY, SECRET, goodToken.slice(-20)]) must(!seen.includes(secret), "no secret is echoed");
  if (reply.status >= 400 && text !== "") {
    must(reply.headers.get("Content-Type") === "application/problem+json", "a refusal is a problem");
    must(Object.hasOwn(PROBLEMS, JSON.parse(text).code), "a problem has a known code");
  }
}

export const HTTP_TARGETS: readonly Target[] = [
  { name: "requests", share: 27, property: fc.asyncProperty(request, tryRequest) },
];
