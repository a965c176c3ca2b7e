import { expect, it } from "vitest";
import { ORIGIN } from "../../../src/wire/cursor.ts";
import { encodeEvents } from "../../../src/wire/server-frame.ts";
import { at, connected, connecting, event, query } from "../../support/connections.ts";

it("[R1] drops a frame that begins after its position, keeps the position, and reconnects", () => {
  const { hub, clock, connection, received } = connected();
  const first = hub.latest;
  first.events(42, at(43), [event(43)]);
  first.events(41, at(42), [event(42)]);
  clock.pass(0);
  expect([received, connection.cursor]).toEqual([[], at(41)]);
  expect([first.isClosedByClient, connection.state]).toEqual([true, "reconnecting"]);
  clock.pass(250);
  expect(hub.connections).toHaveLength(2);
});

it("[R1] drops a frame of another epoch", () => {
  const { hub, clock, connection, received } = connected();
  hub.latest.events(41, at(42, "zzzz"), [event(42)]);
  clock.pass(0);
  expect([received, connection.cursor, connection.state]).toEqual([[], at(41), "reconnecting"]);
});

it("[R1] adopts the epoch of a channel's first event", () => {
  const { hub, clock, connection, received } = connecting();
  hub.latest.welcome(ORIGIN);
  hub.latest.events(0, at(1), [event(1)]);
  clock.pass(0);
  expect([received, connection.cursor, connection.state]).toEqual([[1], at(1), "connected"]);
});

it("[R2] delivers each event once and in order, also if frames arrive twice or overlap", () => {
  const { hub, clock, received } = connected();
  hub.latest.events(41, at(43), [event(42), event(43)]);
  hub.latest.events(41, at(43), [event(42), event(43)]);
  hub.latest.events(40, at(44), [event(41), event(43), event(44)]);
  clock.pass(0);
  expect(received).toEqual([42, 43, 44]);
});

it("[R3] advances with a frame without events, and never goes back", () => {
  const { hub, clock, connection } = connected();
  hub.latest.events(41, at(60), []);
  clock.pass(0);
  expect(connection.cursor).toEqual(at(60));
  hub.latest.events(41, at(50), [event(50)]);
  clock.pass(0);
  expect([connection.cursor, connection.state]).toEqual([at(60), "connected"]);
});

it("[F11] ignores unknown frames", () => {
  const { hub, clock, connection, received, states } = connected();
  const unknown = ["", "pong", "{", "null", '{"type":"reactor_events"}'];
  for (const text of unknown) hub.latest.deliver(text);
  hub.latest.deliver('{"type":"reactor_error","data":{"code":"unknown_message","message":"","ref":null}}');
  hub.latest.deliver(new ArrayBuffer(8));
  hub.latest.events(41, at(42), [event(42)]);
  clock.pass(0);
  expect([received, connection.cursor, states]).toEqual([[42], at(42), ["connecting", "connected"]]);
});

it("delivers no event after a listener closed it", () => {
  const { hub, clock, connection, received } = connected({ onEvent: () => connection.close() });
  hub.latest.events(41, at(44), [event(42), event(43), event(44)]);
  clock.pass(0);
  expect(received).toEqual([42]);
});

it("has delivered everything up to its cursor, also during delivery", () => {
  const places: unknown[] = [];
  const { hub, clock, connection } = connected({ onEvent: () => places.push(connection.cursor?.seq) });
  hub.latest.events(41, at(60), [event(50), event(55)]);
  clock.pass(0);
  expect(places).toEqual([50, 55]);
  expect(connection.cursor).toEqual(at(60));
});

it("[K5] requests no cursor until it has one, then reconnects at the one that it reached", () => {
  const { hub, clock } = connecting();
  expect(query(hub.latest.url)).toEqual({});
  hub.latest.drop(1006);
  clock.pass(500);
  expect(query(hub.latest.url)).toEqual({});
  hub.latest.welcome(at(41));
  hub.latest.events(41, at(44), [event(43)]);
  clock.pass(0);
  hub.latest.drop(1006);
  clock.pass(1_000);
  expect(query(hub.latest.url)).toEqual({ cursor: "k3x9.44" });
});

it("[K5] reconnects at 0.0 to a channel without events", () => {
  const { hub, clock } = connecting();
  hub.latest.welcome(ORIGIN);
  hub.latest.drop(1006);
  clock.pass(250);
  expect(query(hub.latest.url)).toEqual({ cursor: "0.0" });
});

it("[K5] starts with the given cursor and patterns", () => {
  const { hub } = connecting({ cursor: at(7), patterns: ["news_*", "user_action"] });
  expect(query(hub.latest.url)).toEqual({ cursor: "k3x9.7", events: "news_*,user_action" });
});

it("[K5] [R2] keeps its cursor when it is recovered, whatever the welcome says, and receives each event once", () => {
  const { hub, clock, connection, received } = connected();
  hub.latest.events(41, at(42), [event(42)]);
  clock.pass(0);
  hub.latest.drop(1006);
  clock.pass(250);
  hub.latest.welcome(at(50), { recovered: true });
  hub.latest.events(42, at(50), [event(43), event(50)]);
  clock.pass(0);
  expect([received, connection.cursor]).toEqual([[42, 43, 50], at(50)]);
});

it("[R4] adopts the cursor of a reset, ahead of its own or behind it, and reports the reset", () => {
  const { hub, clock, connection, frames } = connected();
  hub.latest.drop(1006);
  clock.pass(250);
  hub.latest.welcome(at(3, "zzzz"), { recovered: false });
  hub.latest.reset(at(3, "zzzz"), "epoch");
  hub.latest.events(3, at(4, "zzzz"), [event(4)]);
  clock.pass(0);
  expect(connection.cursor).toEqual(at(4, "zzzz"));
  hub.latest.reset(at(9, "zzzz"), "trimmed");
  clock.pass(0);
  expect([connection.cursor, connection.state]).toEqual([at(9, "zzzz"), "connected"]);
  const resets = frames.filter(({ type }) => type === "reactor_reset");
  expect(resets).toMatchObject([{ data: { reason: "epoch" } }, { data: { reason: "trimmed" } }]);
});

it("[K6] acknowledges a frame that asks for it, after it delivered its events, and no other", () => {
  const sentBy: number[] = [];
  const client: ReturnType<typeof connected> = connected({ onEvent: () => sentBy.push(client.hub.latest.sent.length) });
  const { hub, clock } = client;
  hub.latest.events(41, at(43), [event(42), event(43)], true);
  hub.latest.events(43, at(10_043), [], true);
  hub.latest.events(10_043, at(10_044), [event(10_044)]);
  clock.pass(0);
  const acks = ["k3x9.43", "k3x9.10043"].map((cursor) => JSON.stringify({ type: "ack", data: { cursor } }));
  expect([hub.latest.sent, sentBy]).toEqual([acks, [0, 0, 2]]);
});

it("[K6] does not acknowledge a page during which it was closed", () => {
  const client: ReturnType<typeof connected> = connected({ onEvent: () => client.connection.close() });
  client.hub.latest.events(41, at(43), [event(42), event(43)], true);
  client.clock.pass(0);
  expect(client.hub.latest.sent).toEqual([]);
});

/** The cursors that were acknowledged. */
const acked = (texts: readonly string[]) => texts.map((text) => JSON.parse(text).data.cursor);

/** The length of the text of a frame with the event `seq`. */
const sizeOf = (after: number, seq: number, more = false) =>
  encodeEvents(after, at(seq), [JSON.stringify(event(seq))], more).length;

it("[K8] acknowledges whenever it has received as many bytes since the last acknowledgement as the hub requests", () => {
  const { hub, clock } = connecting();
  hub.latest.welcome(at(41), { ack: { bytes: sizeOf(41, 42) + sizeOf(42, 43) } });
  for (let seq = 42; seq < 47; seq++) hub.latest.events(seq - 1, at(seq), [event(seq)]);
  clock.pass(0);
  expect(acked(hub.latest.sent)).toEqual(["k3x9.43", "k3x9.45"]);
});

it("[K8] does not acknowledge one unit earlier", () => {
  const { hub, clock } = connecting();
  hub.latest.welcome(at(41), { ack: { bytes: sizeOf(41, 42) + 1 } });
  hub.latest.events(41, at(42), [event(42)]);
  clock.pass(0);
  expect(hub.latest.sent).toEqual([]);
  hub.latest.events(42, at(43), []);
  clock.pass(0);
  expect(acked(hub.latest.sent)).toEqual(["k3x9.43"]);
});

it("[K6] [K8] acknowledges a marked frame at once, and counts from 0 after it", () => {
  const { hub, clock } = connecting();
  hub.latest.welcome(at(41), { ack: { bytes: sizeOf(41, 42) + sizeOf(42, 43) } });
  hub.latest.events(41, at(42), [event(42)], true);
  hub.latest.events(42, at(43), [event(43)]);
  clock.pass(0);
  expect(acked(hub.latest.sent)).toEqual(["k3x9.42"]);
  hub.latest.events(43, at(44), [event(44)]);
  clock.pass(0);
  expect(acked(hub.latest.sent)).toEqual(["k3x9.42", "k3x9.44"]);
});

it("[K8] sends no acknowledgement if the hub requests none, also if the previous hub did", () => {
  const { hub, clock } = connecting();
  hub.latest.welcome(at(41), { ack: { bytes: 1 } });
  clock.pass(0);
  hub.latest.drop(1006);
  clock.pass(250);
  hub.latest.welcome(at(41), { recovered: true });
  hub.latest.events(41, at(42), [event(42)]);
  clock.pass(0);
  expect(hub.latest.sent).toEqual([]);
});

it("[K8] counts from 0 on another socket", () => {
  const { hub, clock } = connecting();
  const ack = { bytes: sizeOf(41, 42) + sizeOf(42, 43) };
  hub.latest.welcome(at(41), { ack });
  hub.latest.events(41, at(42), [event(42)]);
  clock.pass(0);
  hub.latest.drop(1006);
  clock.pass(250);
  hub.latest.welcome(at(42), { recovered: true, ack });
  hub.latest.events(42, at(43), [event(43)]);
  clock.pass(0);
  expect(hub.latest.sent).toEqual([]);
});

it("[K5] continues at its cursor when it is opened after a close, and ignores the previous socket", () => {
  const { hub, clock, connection, received } = connected();
  hub.latest.events(41, at(42), [event(42)]);
  clock.pass(0);
  connection.close();
  const [before] = hub.connections;
  connection.open();
  before?.events(42, at(43), [event(43)]);
  hub.latest.welcome(at(42), { recovered: true });
  hub.latest.events(42, at(43), [event(43)]);
  clock.pass(0);
  expect(query(hub.latest.url)).toEqual({ cursor: "k3x9.42" });
  expect([received, connection.state]).toEqual([[42, 43], "connected"]);
});

it("[R4] keeps its cursor at a welcome that is not recovered, until the reset arrives: it may be lost with the socket", () => {
  const { hub, clock, connection, frames } = connected();
  hub.latest.drop(1006);
  clock.pass(1_000);
  hub.latest.welcome(at(3, "zzzz"), { recovered: false });
  clock.pass(0);
  hub.latest.drop(1006); // the reset is lost with it
  clock.pass(1_000);
  expect(query(hub.latest.url).cursor).toBe("k3x9.41");
  hub.latest.welcome(at(3, "zzzz"), { recovered: false });
  hub.latest.reset(at(3, "zzzz"), "epoch");
  clock.pass(0);
  expect(connection.cursor).toEqual(at(3, "zzzz"));
  expect(frames.at(-1)?.type).toBe("reactor_reset");
});
