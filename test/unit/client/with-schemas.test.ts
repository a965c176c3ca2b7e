import { expect, expectTypeOf, it, vi } from "vitest";
import type { Reactor } from "../../../src/client/reactor.ts";
import { replay } from "../../../src/client/replay.ts";
import { type Schema, withSchemas } from "../../../src/client/with-schemas.ts";
import { connectToDouble, stampedEvent } from "../../support/client-setup.ts";
import { promisesSettle } from "../../support/manual-ports.ts";
import { reportedErrors } from "../../support/reported-errors.ts";

type Result<T> = ReturnType<Schema<T>["~standard"]["validate"]>;

const schema = <T>(validate: (value: unknown) => Result<T>): Schema<T> => ({ "~standard": { version: 1, validate } });
/** Takes `{n: "5"}`, and makes it `{n: 5}`. */
const counted = schema<{ n: number }>((data) => {
  const n = Number((data as { n?: unknown } | null)?.n);
  if (Number.isInteger(n)) return { value: { n } };
  return { issues: [{ message: "Not a number", path: ["n", { key: 0 }] }, { message: "Nothing else" }] };
});

const failing = schema(() => {
  throw new Error("A schema's own");
});

const reported = reportedErrors();

function setup(schemas: Record<string, Schema> = { a: counted }) {
  const double = connectToDouble();
  const reactor = withSchemas(double.reactor, schemas) as Reactor;
  const heard: unknown[] = [];
  const errors: unknown[] = [];
  reactor.onError(({ code, message }) => errors.push([code, message]));
  return { ...double, reactor, heard, errors };
}

it("[K31] brings what the schema makes of an event's data, and other types as they are", () => {
  const { reactor, heard, errors, live, emit } = setup();
  reactor.on("*", ({ type, data, seq }) => heard.push([type, data, seq]));
  live();
  emit(stampedEvent("a", 1, { n: "5" }), stampedEvent("constructor", 2, "any"));
  expect(heard).toEqual([
    ["a", { n: 5 }, 1],
    ["constructor", "any", 2],
  ]);
  expect(errors).toEqual([]);
});

it("[K31] tells `onError` of data that the schema refuses, once, and no listener", () => {
  const { reactor, heard, errors, live, emit } = setup();
  reactor.on("a", ({ seq }) => heard.push(seq));
  reactor.on("*", ({ seq }) => heard.push(seq));
  reactor.once("a", ({ seq }) => heard.push(`once ${seq}`));
  live();
  emit(stampedEvent("a", 1, { n: "x" }));
  emit(stampedEvent("a", 2, { n: 1 }));
  emit(stampedEvent("a", 3, { n: 1 }));
  expect(heard).toEqual([2, "once 2", 2, 3, 3]);
  expect(errors).toEqual([["bad_data", "The schema of a refuses a1: n: 0: Not a number; Nothing else."]]);
});

it("[K31] [K30] checks what is replayed from the log, too", async () => {
  const { reactor, heard, errors, live, emit } = setup();
  const logged = [stampedEvent("a", 1, { n: "5" }), stampedEvent("a", 2, { n: "x" })];
  vi.stubGlobal("fetch", async () => Response.json({ cursor: "k3x9.2", more: false, events: logged }));
  reactor.on("a", () => {});
  live(2);
  replay(reactor, "a", ({ data }) => heard.push(data), { since: "0.0" });
  await promisesSettle();
  emit(stampedEvent("a", 3, { n: "6" }));
  expect(heard).toEqual([{ n: 5 }, { n: 6 }]);
  expect(errors).toHaveLength(1);
});

it("[K31] refuses the answer of a schema that is a promise", () => {
  const { reactor, heard, errors, live, emit } = setup({ a: schema(async () => ({ value: 1 })) });
  reactor.on("a", ({ seq }) => heard.push(seq));
  live();
  emit(stampedEvent("a", 1));
  expect(heard).toEqual([]);
  expect(errors).toEqual([["bad_data", expect.stringContaining("a promise, which would change")]]);
});

it("[K31] refuses data over which a schema throws, and reports that, once", () => {
  const { reactor, heard, errors, live, emit } = setup({ a: failing });
  reactor.on("a", ({ seq }) => heard.push(seq));
  reactor.on("*", ({ seq }) => heard.push(seq));
  live();
  emit(stampedEvent("a", 1), stampedEvent("b", 2));
  expect([heard, reported]).toEqual([[2], [new Error("A schema's own")]]);
  expect(errors).toEqual([["bad_data", "The schema of a refuses a1: Error: A schema's own."]]);
});

it("[K31] [K30] delivers each event of the log once, also where a schema throws", async () => {
  const { reactor, heard, live, clock } = setup({
    a: schema((data) => ((data as { n: number }).n === 2 ? failing["~standard"].validate(data) : { value: data })),
  });
  const logged = [1, 2, 3].map((n) => stampedEvent("a", n, { n }));
  vi.stubGlobal("fetch", async () => Response.json({ cursor: "k3x9.3", more: false, events: logged }));
  reactor.on("a", () => {});
  live(3);
  replay(reactor, "a", ({ seq }) => heard.push(seq), { since: "0.0" });
  await promisesSettle();
  await clock.live(60_000);
  expect([heard, reported.length]).toEqual([[1, 3], 1]);
});

it("[K31] refuses a result that has issues, though it has a value, too, as valibot's", () => {
  const { reactor, heard, errors, live, emit } = setup({
    a: schema((value) => ({ typed: false, value, issues: [{ message: "Invalid" }] })),
  });
  reactor.on("a", ({ seq }) => heard.push(seq));
  live();
  emit(stampedEvent("a", 1));
  expect([heard, errors]).toEqual([[], [["bad_data", "The schema of a refuses a1: Invalid."]]]);
});

it("[K31] [K30] checks by schemas of schemas, also what is replayed", async () => {
  const { reactor, live, emit, heard } = setup();
  const both = withSchemas(reactor, { b: schema<string>(() => ({ value: "b" })) }) as unknown as Reactor;
  const logged = [stampedEvent("a", 1, { n: "x" }), stampedEvent("b", 2), stampedEvent("a", 3, { n: "5" })];
  vi.stubGlobal("fetch", async () => Response.json({ cursor: "k3x9.3", more: false, events: logged }));
  both.on("*", () => {});
  live(3);
  replay(both, "*", ({ data }) => heard.push(data), { since: "0.0" });
  await promisesSettle();
  emit(stampedEvent("a", 4, { n: "x" }), stampedEvent("a", 5, { n: "6" }));
  expect(heard).toEqual(["b", { n: 5 }, { n: 6 }]);
});

it("[K31] leaves no rejection of a schema unhandled", async () => {
  const unhandled = vi.fn();
  process.on("unhandledRejection", unhandled);
  const { reactor, errors, live, emit } = setup({ a: schema(() => Promise.reject(new Error("Its own."))) });
  reactor.on("a", () => {});
  live();
  emit(stampedEvent("a", 1));
  await new Promise((resolve) => setImmediate(resolve)); // Node tells of it in the next turn
  process.off("unhandledRejection", unhandled);
  expect([errors.length, unhandled.mock.calls]).toEqual([1, []]);
});

it("[K31] is the same connection, and ends listeners by their undo and by a signal", () => {
  const { reactor, heard, live, emit, hub, clock } = setup();
  const left = new AbortController();
  reactor.on("a", ({ seq }) => heard.push(seq), { signal: left.signal });
  const undo = reactor.on("a", ({ seq }) => heard.push(seq));
  live();
  expect([reactor.state, reactor.url, reactor.patterns]).toEqual(["connected", "wss://hub.test/ws/stream", ["a"]]);
  emit(stampedEvent("a", 1, { n: 1 }));
  left.abort();
  undo();
  emit(stampedEvent("a", 2, { n: 1 }));
  expect(heard).toEqual([1, 1]);
  reactor.close();
  clock.pass(0);
  expect([reactor.state, hub.latest.isClosedByClient]).toEqual(["closed", true]);
});

it("[K31] [K20] refuses what is no schema, and listeners that are none", () => {
  const { reactor } = setup();
  expect(() => withSchemas(reactor, { a: {} as Schema })).toThrow(
    "`a` must be a Standard Schema; this is [object Object].",
  );
  expect(() => withSchemas(reactor, undefined as never)).toThrow("`schemas` must be an object of Standard Schemas");
  expect(() => withSchemas(reactor, { "news_*": counted })).toThrow(
    '`schemas` must be by event type, not by pattern; this is "news_*".',
  );
  expect(() => reactor.on("a", 5 as never)).toThrow("`listener` must be a function");
  expect(() => reactor.once("a", 5 as never)).toThrow("`listener` must be a function");
});

it("[K31] types data by what the schemas return", () => {
  const reactor = withSchemas(connectToDouble().reactor, { a: counted, b: schema<string>(() => ({ value: "" })) });
  reactor.on("a", ({ data }) => expectTypeOf(data).toEqualTypeOf<{ n: number }>());
  reactor.once("*", (event) => event.type === "b" && expectTypeOf(event.data).toEqualTypeOf<string>());
  // @ts-expect-error no type that has a schema, and no pattern
  expect(() => reactor.on("c,d", () => {})).toThrow();
});

it("[K31] keeps what the map of events says of types without a schema", () => {
  const { reactor } = connectToDouble<{ a: string; b: { m: string } }>();
  const both = withSchemas(reactor, { a: counted });
  both.on("a", ({ data }) => expectTypeOf(data).toEqualTypeOf<{ n: number }>());
  both.on("b", ({ data }) => expectTypeOf(data).toEqualTypeOf<{ m: string }>());
  // @ts-expect-error no type of the map, and no pattern
  expect(() => both.on("c,d", () => {})).toThrow();
});
