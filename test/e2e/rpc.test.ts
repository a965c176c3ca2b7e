import { afterAll, beforeAll, expect, it } from "vitest";
import { startCallingWorker } from "./calling-worker.ts";

/** Another Worker, which has only a binding to the hub. It emits its body, or one of its values. */
const NEWSROOM = `import { RpcTarget } from "cloudflare:workers";
const CYCLE = { list: [] };
CYCLE.list.push(CYCLE);
let wide = [];
for (let n = 0; n < 60; n++) wide = [wide, wide];
let deep = [];
for (let n = 0; n < 600; n++) deep = [deep];
const VALUES = {
  map: () => new Map([["k", 1]]),
  set: () => new Set([1]),
  bytes: () => new ArrayBuffer(3),
  array: () => new Uint8Array(3),
  error: () => new TypeError("boom"),
  pattern: () => /a/,
  headers: () => new Headers({ a: "b" }),
  request: () => new Request("https://example.org"),
  response: () => new Response("text"),
  stream: () => new Response("text").body,
  blob: () => new Blob(["text"]),
  method: () => () => 1,
  toJSON: () => ({ toJSON: () => 1 }),
  target: () => new (class extends RpcTarget { toJSON() { return 1; } })(),
  proxy: () => new Proxy({ a: 1 }, {}),
  service: (env) => env.REACTOR,
  boxed: () => Object("text"),
  whole: () => 1n,
  nan: () => NaN,
  never: () => new Date(NaN),
  hole: () => [, 1],
  match: () => "abc".match(/b/),
  cycle: () => CYCLE,
  wide: () => wide,
  deep: () => deep,
  sayable: () => ({ at: new Date(0), gone: undefined, zero: -0, get size() { return 3; }, twice: Array(2).fill({ a: 1 }) }),
};
export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/log") return env.HTTP.fetch("https://hub.test/api/events?channel=newsroom");
    const name = searchParams.get("value");
    const events = name === null ? await request.json() : [{ type: "a" }, { type: "a", data: { in: VALUES[name](env) } }];
    return Response.json(await env.REACTOR.emit(events, { channel: "newsroom" }));
  },
};`;

let newsroom: Awaited<ReturnType<typeof startCallingWorker>>;

beforeAll(async () => {
  newsroom = await startCallingWorker(NEWSROOM, (name) => ({
    REACTOR: { name, entrypoint: "ReactorApi" },
    HTTP: name,
  }));
});

afterAll(() => newsroom.stop());

const emit = async (events: unknown) =>
  (await fetch(newsroom.url, { method: "POST", body: JSON.stringify(events) })).json() as Promise<unknown>;

/** Emits an event, and a second one whose data has the value of that name at `/in`. */
const emitValue = async (name: string) =>
  (await fetch(new URL(`?value=${name}`, newsroom.url))).json() as Promise<unknown>;

it("[H14] lets another Worker emit through a binding, without a key and without HTTP between", async () => {
  expect(await emit({ type: "news_processed", data: { title: "Hello" } })).toMatchObject({
    ok: true,
    value: { events: [{ seq: 1 }] },
  });
  expect(await emit([{ type: "news_processed" }, { type: "" }])).toMatchObject({
    ok: false,
    problem: { code: "bad_event", pointer: "/1/type" },
  });
});

it.each([
  ["map", "an instance of Map"],
  ["set", "an instance of Set"],
  ["bytes", "an instance of ArrayBuffer"],
  ["array", "an instance of Uint8Array"],
  ["error", "an instance of TypeError"],
  ["pattern", "an instance of RegExp"],
  ["headers", "an instance of Headers"],
  ["request", "an instance of Request"],
  ["response", "an instance of Response"],
  ["stream", "an instance of ReadableStream"],
  ["blob", "an instance of Blob"],
  ["method", "a function"],
  ["toJSON", "a function", "/toJSON"],
  ["target", "a function"],
  ["proxy", "a function"],
  ["service", "an instance of (Fetcher|ServiceStub)"],
  ["boxed", "an instance of String"],
  ["whole", "a BigInt"],
  ["nan", "NaN"],
  ["never", "an invalid Date"],
  ["hole", "undefined", "/0"],
  ["match", "an array with members beside its items"],
])(
  "[E3] refuses values without JSON form, as another Worker's runtime passes them: %s",
  async (name, what, place = "") => {
    expect(await emitValue(name)).toEqual({
      ok: false,
      problem: {
        code: "bad_event",
        detail: expect.stringMatching(`; this is ${what}\\.$`),
        pointer: `/1/data/in${place}`,
      },
    });
  },
);

it.each([
  ["cycle", "bad_event", "/1/data/in/list/0"],
  ["deep", "bad_event", "/1/data"],
  ["wide", "event_too_large", "/1"],
])("[E3] [E6] refuses cyclic or huge data, without a crash: %s", async (name, code, pointer) => {
  expect(await emitValue(name)).toMatchObject({ ok: false, problem: { code, pointer } });
});

it("[E3] accepts values with JSON form: a Date as its text, without members that are undefined", async () => {
  expect(await emitValue("sayable")).toMatchObject({ ok: true });
  const log = await (await fetch(new URL("/log", newsroom.url))).text();
  expect(log).toContain('"data":{"in":{"at":"1970-01-01T00:00:00.000Z","zero":-0,"size":3,"twice":[{"a":1},{"a":1}]}}');
});
