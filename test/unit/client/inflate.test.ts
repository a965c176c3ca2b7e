import { deflateRawSync } from "node:zlib";
import { expect, it, vi } from "vitest";
import { connect } from "../../../src/client/connect.ts";
import { inflater } from "../../../src/client/connection/inflate.ts";
import { browserPorts } from "../../../src/client/connection/ports.ts";
import { encodeEvents } from "../../../src/wire/server-frame.ts";
import { at, connected, connecting, event, query } from "../../support/connections.ts";

const frameOf = (after: number, ...seqs: number[]) =>
  encodeEvents(
    after,
    at(seqs.at(-1) ?? after),
    seqs.map((seq) => JSON.stringify(event(seq))),
  );
const deflated = (text: string) => new Uint8Array(deflateRawSync(text, { level: 1 })).buffer;

/** Until the client has inflated what has come. */
const until = (isTrue: () => boolean) => vi.waitFor(() => expect(isTrue()).toBe(true));

it("[K35] offers reactor.v1.deflate first where the runtime can inflate, and reactor.v1 alone elsewhere", () => {
  expect(connecting({ inflater }).hub.latest.protocols).toEqual(["reactor.v1.deflate", "reactor.v1"]);
  expect(connecting().hub.latest.protocols).toEqual(["reactor.v1"]);
  expect(browserPorts).not.toHaveProperty("inflater"); // those of the legacy script
});

it("[K35] cannot inflate where there are no raw streams", async () => {
  vi.stubGlobal("DecompressionStream", undefined);
  vi.resetModules();
  const fresh = await import("../../../src/client/connection/inflate.ts");
  vi.unstubAllGlobals();
  expect(fresh.inflater).toBeUndefined();
});

it.each([
  ["an ArrayBuffer", (buffer: ArrayBuffer) => buffer],
  ["a Blob", (buffer: ArrayBuffer) => new Blob([buffer])],
  ["the Buffer of `ws`", (buffer: ArrayBuffer) => Buffer.from(buffer)],
])("[K35] [F14] reads a frame in its compressed form from %s", async (_, as) => {
  const { hub, clock, connection, received } = connected({ inflater });
  hub.latest.deliver(as(deflated(frameOf(41, 42, 43))));
  clock.pass(0);
  await until(() => received.length === 2);
  expect([received, connection.cursor]).toEqual([[42, 43], at(43)]);
});

it("[K35] [R1] reads frames of both forms, and what the hub says beside them, in the order in which they came", async () => {
  const { hub, clock, connection, received, frames } = connected({ inflater });
  hub.latest.deliver(frameOf(41, 42));
  hub.latest.deliver(deflated(frameOf(42, ...Array.from({ length: 500 }, (_, n) => 43 + n))));
  hub.latest.deliver(frameOf(542, 543));
  hub.latest.subscribed(["a"], at(543));
  hub.latest.deliver(deflated(frameOf(543, 544)));
  hub.latest.deliver(frameOf(544, 545));
  clock.pass(0);
  expect(received).toEqual([42]);
  await until(() => received.length === 504);
  expect(received).toEqual(Array.from({ length: 504 }, (_, n) => 42 + n));
  expect([connection.cursor, frames.map(({ type }) => type)]).toEqual([
    at(545),
    ["reactor_connected", "reactor_subscribed"],
  ]);
  hub.latest.deliver(frameOf(545, 546));
  clock.pass(0);
  expect(received.at(-1)).toBe(546); // at once again: nothing is being inflated
});

const WHOLE = deflated(frameOf(41, 42));

it.each([
  ["no deflate stream", new Uint8Array([255, 255, 255]).buffer],
  ["a stream that is cut", WHOLE.slice(0, -8)],
  ["a stream with bytes behind its end", new Uint8Array([...new Uint8Array(WHOLE), 1, 2, 3]).buffer],
  ["nothing", new ArrayBuffer(0)],
  ["no JSON", deflated('{"type":"reactor_ev')],
  ["another frame", deflated('{"type":"reactor_error","data":{"code":"a","message":"b","ref":null}}')],
  ["more than a frame may have", deflated(frameOf(41, 42).padEnd(262_145))],
])("[K35] takes %s for a gap: reconnects from its cursor, and asks for text from then on", async (_, data) => {
  const { hub, clock, connection, received } = connected({ inflater });
  const first = hub.latest;
  first.deliver(data);
  first.deliver(frameOf(42, 43));
  clock.pass(0);
  await until(() => connection.state === "reconnecting");
  clock.pass(1_000);
  expect([hub.connections.length, query(hub.latest.url), hub.latest.protocols]).toEqual([
    2,
    { cursor: "k3x9.41" },
    ["reactor.v1"],
  ]);
  hub.latest.welcome(at(41), { recovered: true });
  hub.latest.deliver(frameOf(41, 42));
  clock.pass(0);
  expect(received).toEqual([42]);
});

it("[K35] takes a frame as large as they may be", async () => {
  const { hub, clock, received } = connected({ inflater });
  hub.latest.deliver(deflated(frameOf(41, 42).padEnd(262_144)));
  clock.pass(0);
  await until(() => received.length === 1);
});

it("[K35] delivers what came before a close, and nothing once it is closed", async () => {
  const { hub, clock, connection, received, losses } = connected({ inflater });
  const first = hub.latest;
  first.deliver(deflated(frameOf(41, 42)));
  first.drop(4500, "no");
  clock.pass(0);
  await until(() => connection.state === "closed");
  expect([received, losses.at(-1)?.code]).toEqual([[42], 4500]);

  const other = connected({ inflater });
  other.hub.latest.deliver(deflated(frameOf(41, 42)));
  other.clock.pass(0);
  other.connection.close();
  other.connection.open();
  other.hub.latest.welcome(at(50));
  other.clock.pass(0);
  other.hub.latest.deliver(deflated(frameOf(50, 51)));
  other.clock.pass(0);
  await until(() => other.received.length > 0);
  expect([other.received, other.connection.cursor]).toEqual([[51], at(51)]);
});

it("[K35] keeps the reason of a close that waits behind a frame, also where something is sent meanwhile", async () => {
  const { hub, clock, connection, received, losses } = connected({ inflater });
  hub.latest.deliver(deflated(frameOf(41, 42)));
  hub.latest.drop(4503, "Not allowed.");
  clock.pass(0);
  hub.latest.readyState = 3;
  expect([connection.sendText("any"), connection.state]).toEqual([false, "connected"]);
  await until(() => connection.state === "closed");
  expect([received, losses.at(-1)?.code]).toEqual([[42], 4503]);
});

it("[K35] stops in the middle of a frame when a listener closes the connection", async () => {
  const { hub, clock, connection, received } = connected({
    inflater,
    onEvent: ({ seq }) => seq === 42 && connection.close(),
  });
  hub.latest.deliver(deflated(frameOf(41, 42, 43)));
  hub.latest.deliver(deflated(frameOf(43, 44)));
  clock.pass(0);
  await until(() => connection.state === "closed");
  await new Promise(setImmediate);
  expect([received, connection.cursor]).toEqual([[42], at(42)]);
});

it("[K35] reads on behind a frame at which the application throws", async () => {
  const reported = vi.fn();
  vi.stubGlobal("reportError", reported);
  const throws = () => {
    throw new Error("of the page");
  };
  const { hub, clock, received } = connected({ inflater, onEvent: ({ seq }) => seq === 42 && throws() });
  hub.latest.deliver(deflated(frameOf(41, 42)));
  hub.latest.deliver(deflated(frameOf(42, 43)));
  clock.pass(0);
  await until(() => received.length === 2);
  vi.unstubAllGlobals();
  expect(reported).toHaveBeenCalledOnce();
});

it("[K8] counts what it has received as inflated", async () => {
  const { hub, clock } = connecting({ inflater });
  hub.latest.welcome(at(41), { ack: { bytes: 10_000 } });
  const text = frameOf(41, 42).padEnd(10_000);
  hub.latest.deliver(deflated(text));
  clock.pass(0);
  await until(() => hub.latest.sent.length > 0);
  expect(hub.latest.sent).toEqual(['{"type":"ack","data":{"cursor":"k3x9.42"}}']);
});

it("[K35] [K9] offers it before the token", () => {
  const { hub, clock } = connecting();
  const ports = { open: hub.open, after: clock.after, soon: clock.soon, random: () => 0.5, inflater };
  connect({ url: "https://hub.test", token: "t.1" }, ports);
  expect(hub.latest.protocols).toEqual(["reactor.v1.deflate", "reactor.v1", "reactor.token.t.1"]);
});
