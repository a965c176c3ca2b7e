import { expect, it } from "vitest";
import { type Draft, parseDraft } from "../../../src/wire/draft.ts";
import type { ReactorEvent } from "../../../src/wire/event.ts";
import { encodeEvents } from "../../../src/wire/server-frame.ts";
import { NO_TYPES, TYPES_OF_THE_FIELD } from "../../support/names.ts";
import { stamped } from "../../support/stamped.ts";

const HUB_TIME = "2026-11-21T12:00:00.000Z";
const MAX_EVENT_BYTES = 261_632;

const CURSOR = { epoch: "0123456789abcdef", seq: Number.MAX_SAFE_INTEGER };

/** The event as subscribers receive it, with the longest seq that a log can have. */
function stored(draft: Draft, epoch = "0123456789abcdef", seq = Number.MAX_SAFE_INTEGER): string {
  return stamped(draft, epoch, seq, { ms: Date.parse(HUB_TIME), iso: HUB_TIME }).event;
}

function accepted(value: unknown): ReactorEvent {
  const draft = parseDraft(value);
  if (!draft.ok) throw new Error(`Refused: ${draft.problem.detail}`);
  return JSON.parse(stored(draft.value, "k3x9", 42));
}

function problemOf(value: unknown, pointer?: string) {
  const draft = parseDraft(value, pointer);
  if (draft.ok) throw new Error("Not refused.");
  return draft.problem;
}

it.each(["a", "news_processed", "AZaz09_.:/-", "com.example/news:processed-2", "-", ...TYPES_OF_THE_FIELD])(
  "[E1] accepts the type %j",
  (type) => {
    expect(accepted({ type }).type).toBe(type);
  },
);

it.each([...NO_TYPES, "news_*", "*"].map((value) => [value]))("[E1] refuses the type %j, with a pointer", (type) => {
  expect(problemOf({ type }, "/3")).toMatchObject({ code: "bad_event", pointer: "/3/type" });
});

it.each([
  ["a, b", "a_b"],
  [" Order Completed\n", "Order Completed_"],
  [" padded ", "padded"],
  ["user.*.created", "user._.created"],
])("[E1] shows for the type %j a spelling that would pass, %j", (type, spelling) => {
  expect(problemOf({ type }).detail).toContain(
    `; this is ${JSON.stringify(type)}. ${JSON.stringify(spelling)} would pass.`,
  );
  expect(accepted({ type: spelling }).type).toBe(spelling);
});

it.each(["*", ",", "", "a".repeat(257), 5])("[E1] shows none for %j", (type) => {
  expect(problemOf({ type }).detail).not.toContain("would pass");
});

it.each([undefined, null, "a", 1, true, [], [{ type: "a" }]].map((value) => [value]))(
  "[E1] refuses %j, which is no object",
  (value) => {
    expect(problemOf(value, "/0")).toMatchObject({ code: "bad_event", pointer: "/0" });
    expect(problemOf(value)).toMatchObject({ code: "bad_event", pointer: "" });
  },
);

it("[E1] does not read a type from a __proto__", () => {
  expect(problemOf(JSON.parse('{"__proto__":{"type":"a"}}'))).toMatchObject({ pointer: "/__proto__" });
  expect(problemOf(Object.create(null, {}))).toMatchObject({ code: "bad_event", pointer: "/type" });
});

it.each(["echo", "reactor_connected", "reactor_heartbeat", "reactor_", "websocket_connected"])(
  "[E2] refuses %j as the hub's own",
  (type) => {
    expect(problemOf({ type }, "/0")).toMatchObject({ code: "reserved_type", pointer: "/0/type" });
  },
);

it.each([
  "null",
  "true",
  "0",
  "-1.5e-7",
  '""',
  '"\\u2028 é 😀 \\" \\\\ </script>"',
  '"\\ud800"',
  "[]",
  "{}",
  "[1,[null,{}]]",
  '{"":{"a":[]},"b c":1}',
  '{"__proto__":{"isAdmin":true},"constructor":1,"toString":2,"hasOwnProperty":3}',
  '{"toJSON":"me"}',
  '{"type":"echo","seq":1,"cursor":"0.0"}',
  "9007199254740991",
])("[E3] keeps the data %s as it was sent", (json) => {
  const data = accepted({ type: "a", data: JSON.parse(json) }).data;
  expect(data).toStrictEqual(JSON.parse(json));
  expect(JSON.stringify(data)).toBe(JSON.stringify(JSON.parse(json)));
});

it("[E3] reads absent data as {}", () => {
  expect(accepted({ type: "a" }).data).toStrictEqual({});
  expect(accepted({ type: "a", data: undefined }).data).toStrictEqual({});
});

it.each([
  ["arrays", "[".repeat(100_000) + "]".repeat(100_000)],
  ["objects", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`],
])("[E3] refuses %s nested 100,000 deep, without a crash", (_what, json) => {
  const draft = parseDraft({ type: "a", data: JSON.parse(json) }, "/7");
  expect(draft).toMatchObject({ ok: false, problem: { code: "bad_event", pointer: "/7/data" } });
});

it.each([
  ["1e400", "1e400"],
  [" [ 1.0, 12345678901234567890 ] ", "[1.0,12345678901234567890]"],
  ['"\\u00e9"', '"é"'],
  ["null", "null"],
])("[E3] keeps the data %s as the publisher wrote it, if its text is known", (text, kept) => {
  const draft = parseDraft({ type: "a", data: JSON.parse(text) }, "", text);
  expect(draft).toMatchObject({ ok: true, value: { data: kept } });
});

it("[E3] refuses data nested more than 500 deep, as text and as value", () => {
  const deep = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  for (const text of [undefined, deep(500)]) {
    expect(parseDraft({ type: "a", data: JSON.parse(deep(500)) }, "", text).ok).toBe(true);
  }
  for (const text of [undefined, deep(501)]) {
    const draft = parseDraft({ type: "a", data: JSON.parse(deep(501)) }, "/2", text);
    expect(draft).toMatchObject({ ok: false, problem: { code: "bad_event", pointer: "/2/data" } });
  }
});

it.each([
  [1n, "a BigInt"],
  [Symbol("a"), "a symbol"],
  [() => {}, "a function"],
  [new Map(), "an instance of Map"],
  [Object("a"), "an instance of String"],
  [new Date(0), "an instance of Date"],
])("[E1] [E4] refuses %s, which has no JSON form, as a type, source and id, and names it %s", (value, what) => {
  for (const member of ["type", "source", "id"]) {
    const problem = problemOf({ type: "a", [member]: value }, "/0");
    expect(problem).toMatchObject({ code: "bad_event", pointer: `/0/${member}` });
    expect(problem.detail).toContain(`; this is ${what}.`);
  }
});

it.each([
  ["a Map", new Map([["type", "a"]]), "an instance of Map"],
  ["an Error", Object.assign(new TypeError("no"), { type: "a" }), "an instance of TypeError"],
  ["a function", Object.assign(() => {}, { type: "a" }), "a function"],
  ["an object that inherits its type", Object.create({ type: "a" }), "an instance of Object"],
])("[E1] refuses %s as an event", (_what, value, named) => {
  const problem = problemOf(value, "/0");
  expect(problem).toMatchObject({ code: "bad_event", pointer: "/0" });
  expect(problem.detail).toContain(`; this is ${named}.`);
});

it.each(["a", "user", "User:a", "a user:b", 'a "b"\n', "x".repeat(256), "é".repeat(128), "😀".repeat(64)])(
  "[E4] keeps the source %j",
  (source) => {
    expect(accepted({ type: "a", source }).source).toBe(source);
  },
);

it.each(["a", "user:a", 'a "b"\n', "x".repeat(256), `${"é".repeat(127)}xx`, "😀".repeat(64)])(
  "[E4] keeps the id %j",
  (id) => {
    expect(accepted({ type: "a", id }).id).toBe(id);
  },
);

it.each(
  [
    "",
    "x".repeat(257),
    `${"é".repeat(128)}x`,
    `${"😀".repeat(64)}x`,
    "\ud800".repeat(86),
    1,
    null,
    false,
    {},
    ["a"],
  ].map((value) => [value]),
)("[E4] refuses %j as a source and as an id, with a pointer", (name) => {
  expect(problemOf({ type: "a", source: name }, "/0")).toMatchObject({ code: "bad_event", pointer: "/0/source" });
  expect(problemOf({ type: "a", id: name }, "/0")).toMatchObject({ code: "bad_event", pointer: "/0/id" });
});

it.each(["user:", "user:alice"])("[E4] refuses the source %j, which only a token gives", (source) => {
  expect(problemOf({ type: "a", source })).toMatchObject({ code: "bad_event", pointer: "/source" });
});

it("[E4] fills in an absent source with system, and an absent id with the event's cursor", () => {
  expect(accepted({ type: "a" })).toMatchObject({ source: "system", id: "k3x9.42" });
  expect(accepted({ type: "a", source: undefined, id: undefined })).toMatchObject({ source: "system", id: "k3x9.42" });
});

it("[E5] keeps the publisher's timestamp, as RFC 3339", () => {
  expect(accepted({ type: "a", timestamp: "2026-11-21T12:00:00.5+01:00" }).timestamp).toBe(
    "2026-11-21T12:00:00.5+01:00",
  );
  expect(accepted({ type: "a", timestamp: "2026-11-21 12:00" }).timestamp).toBe("2026-11-21T12:00:00Z");
});

it("[E5] keeps a valid Date as its ISO text", () => {
  expect(accepted({ type: "a", timestamp: new Date(1) }).timestamp).toBe("1970-01-01T00:00:00.001Z");
});

it("[E5] fills in an absent timestamp with the hub's", () => {
  expect(accepted({ type: "a" }).timestamp).toBe(HUB_TIME);
  expect(accepted({ type: "a", timestamp: undefined }).timestamp).toBe(HUB_TIME);
});

it.each([null, new Date(Number.NaN), "", 0, "yesterday", '2026-11-21T12:00:00Z","seq":1,"x":"'])(
  "[E5] refuses the timestamp %j, with a pointer",
  (timestamp) => {
    expect(problemOf({ type: "a", timestamp }, "/2")).toMatchObject({ code: "bad_event", pointer: "/2/timestamp" });
  },
);

const longestTimestamp = `2026-11-21T12:00:00.${"1".repeat(1_000)}+00:00`;

it.each([
  ["only a type", { type: "a" }, "x"],
  ["the longest type", { type: "a".repeat(256) }, "x"],
  ["the longest type, every byte of it escaped", { type: '"'.repeat(256) }, "x"],
  ["the longest type of three bytes per letter", { type: "日".repeat(85) }, "x"],
  ["the longest source, every byte of it escaped", { type: "a", source: "\u0001".repeat(256) }, "x"],
  ["the longest id, every byte of it escaped", { type: "a", id: "\u0001".repeat(256) }, "x"],
  ["the longest timestamp", { type: "a", timestamp: longestTimestamp }, "x"],
  ["an id and the longest timestamp", { type: "a", id: "1", timestamp: longestTimestamp }, "x"],
  ["data of two bytes per letter", { type: "a" }, "é"],
  ["data of four bytes per letter", { type: "a", source: "é" }, "😀"],
  ["data of lone surrogates, six bytes each as written", { type: "a" }, "\ud800"],
  ["data of control characters, six bytes each as written", { type: "a" }, "\u0001"],
])(
  "[E6] accepts at most 261,632 bytes as stored, at any seq, so that its frame has at most 256 KiB: %s",
  (_what, event, letter) => {
    const withData = (letters: number) => parseDraft({ ...event, data: letter.repeat(letters) }, "/9");
    let fits = 0;
    let tooMany = MAX_EVENT_BYTES;
    while (tooMany - fits > 1) {
      const middle = (fits + tooMany) >> 1;
      if (withData(middle).ok) fits = middle;
      else tooMany = middle;
    }
    const largest = withData(fits);
    if (!largest.ok) throw new Error("Nothing fits.");
    const bytes = new TextEncoder().encode(stored(largest.value)).byteLength;
    expect(bytes).toBeLessThanOrEqual(MAX_EVENT_BYTES);
    const frame = encodeEvents(Number.MAX_SAFE_INTEGER, CURSOR, [stored(largest.value)], true);
    expect(new TextEncoder().encode(frame).byteLength).toBeLessThanOrEqual(256 * 1024);
    expect(bytes, "no more is reserved than a seq and a time may take").toBeGreaterThan(MAX_EVENT_BYTES - 256);
    expect(withData(tooMany)).toMatchObject({ ok: false, problem: { code: "event_too_large", pointer: "/9" } });
  },
);

it.each([
  ["payload", 'did you mean "data"?'],
  ["dta", 'did you mean "data"?'],
  ["Data", 'did you mean "data"?'],
  ["tpye", 'did you mean "type"?'],
  ["event", 'did you mean "type"?'],
  ["time", 'did you mean "timestamp"?'],
  ["time_stamp", 'did you mean "timestamp"?'],
  ["ID", 'did you mean "id"?'],
  ["channel", '"?channel=…"'],
  ["seq", "leave it out"],
  ["cursor", "leave it out"],
  ["specversion", "over HTTP only"],
  ["extra", "It may have type, data, source, timestamp, id."],
  ["", 'no member "".'],
])("[E7] refuses the member %j, and says: %s", (name, hint) => {
  for (const value of [1, null, {}]) {
    const problem = problemOf({ type: "a", [name]: value }, "/3");
    expect(problem).toMatchObject({ code: "unknown_field", pointer: `/3/${name}` });
    expect(problem.detail).toContain(hint);
  }
});

it("[E7] suggests nothing for a member that resembles none", () => {
  expect(problemOf({ type: "a", extra: 1 }).detail).not.toContain("did you mean");
});

it("[E7] points to a member whose name has characters of JSON Pointer", () => {
  expect(problemOf({ type: "a", "b/c~d": 1 })).toMatchObject({ code: "unknown_field", pointer: "/b~1c~0d" });
  expect(problemOf(JSON.parse('{"type":"a","__proto__":{}}'))).toMatchObject({ pointer: "/__proto__" });
});

it("[E7] reports an unknown member before a missing type, which may be the same mistake", () => {
  expect(problemOf({ tpye: "a" })).toMatchObject({ code: "unknown_field", pointer: "/tpye" });
});

it("[E7] takes a member that is undefined as absent", () => {
  expect(accepted({ type: "a", payload: undefined }).data).toStrictEqual({});
});

it("[E7] refuses null as a timestamp, an id and a source", () => {
  for (const name of ["timestamp", "id", "source"]) {
    expect(problemOf({ type: "a", [name]: null }, "/0")).toMatchObject({ code: "bad_event", pointer: `/0/${name}` });
  }
});

it("reports briefly what was wrong, however long it was", () => {
  expect(problemOf({ type: "a".repeat(100_000) }).detail.length).toBeLessThan(200);
  expect(problemOf({ type: "a", id: Array(100_000).fill(1) }).detail.length).toBeLessThan(200);
  const { detail, pointer } = problemOf({ type: "a", ["x".repeat(100_000)]: 1 }, "/1");
  expect([detail.length < 200, pointer]).toEqual([true, "/1"]);
});

it("[T12] uses the sender that an entry point knows, whatever the event contains", () => {
  const draft = parseDraft({ type: "a", source: "user:bob" }, "", undefined, "user:ada");
  expect(draft).toMatchObject({ ok: true, value: { source: "user:ada" } });
});
