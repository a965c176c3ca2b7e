import { expect, it } from "vitest";
import { ORIGIN } from "../../../src/wire/cursor.ts";
import { encodeEvents } from "../../../src/wire/server-frame.ts";
import { at, connected, connecting, event, query } from "../../support/connections.ts";

it("[R1] drops a frame that begins beyond its place, keeps the place, and comes back", () => {
  const { hub, clock, connection, heard } = connected();
  const first = hub.latest;
  first.events(42, at(43), [event(43)]);
  first.events(41, at(42), [event(42)]);
  clock.pass(0);
  expect([heard, connection.cursor]).toEqual([[], at(41)]);
  expect([first.left, connection.state]).toEqual([true, "reconnecting"]);
  clock.pass(250);
  expect(hub.connections).toHaveLength(2);
});

it("[R1] drops a frame of another epoch", () => {
  const { hub, clock, connection, heard } = connected();
  hub.latest.events(41, at(42, "zzzz"), [event(42)]);
  clock.pass(0);
  expect([heard, connection.cursor, connection.state]).toEqual([[], at(41), "reconnecting"]);
});

it("[R1] takes the epoch with which a channel is born", () => {
  const { hub, clock, connection, heard } = connecting();
  hub.latest.welcome(ORIGIN);
  hub.latest.events(0, at(1), [event(1)]);
  clock.pass(0);
  expect([heard, connection.cursor, connection.state]).toEqual([[1], at(1), "connected"]);
});

it("[R2] hands on each event once and in order, though frames come twice or reach back", () => {
  const { hub, clock, heard } = connected();
  hub.latest.events(41, at(43), [event(42), event(43)]);
  hub.latest.events(41, at(43), [event(42), event(43)]);
  hub.latest.events(40, at(44), [event(41), event(43), event(44)]);
  clock.pass(0);
  expect(heard).toEqual([42, 43, 44]);
});

it("[R3] moves on with a frame that brings no event, and never back", () => {
  const { hub, clock, connection } = connected();
  hub.latest.events(41, at(60), []);
  clock.pass(0);
  expect(connection.cursor).toEqual(at(60));
  hub.latest.events(41, at(50), [event(50)]);
  clock.pass(0);
  expect([connection.cursor, connection.state]).toEqual([at(60), "connected"]);
});

it("[F11] lets pass what it does not know", () => {
  const { hub, clock, connection, heard, states } = connected();
  const unknown = ["", "pong", "{", "null", '{"type":"reactor_events"}'];
  for (const text of unknown) hub.latest.say(text);
  hub.latest.say('{"type":"reactor_error","data":{"code":"unknown_message","message":"","ref":null}}');
  hub.latest.say(new ArrayBuffer(8));
  hub.latest.events(41, at(42), [event(42)]);
  clock.pass(0);
  expect([heard, connection.cursor, states]).toEqual([[42], at(42), ["connecting", "connected"]]);
});

it("hands on no event after a listener closed it", () => {
  const { hub, clock, connection, heard } = connected({ onEvent: () => connection.close() });
  hub.latest.events(41, at(44), [event(42), event(43), event(44)]);
  clock.pass(0);
  expect(heard).toEqual([42]);
});

it("has handed on everything up to its place, also while it hands on", () => {
  const places: number[] = [];
  const { hub, clock, connection } = connected({ onEvent: () => places.push(connection.cursor.seq) });
  hub.latest.events(41, at(60), [event(50), event(55)]);
  clock.pass(0);
  expect(places).toEqual([50, 55]);
  expect(connection.cursor).toEqual(at(60));
});

it("[K5] asks for no place until it has one, then comes back to the one that it reached", () => {
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

it("[K5] comes back to 0.0 from a channel that was not born", () => {
  const { hub, clock } = connecting();
  hub.latest.welcome(ORIGIN);
  hub.latest.drop(1006);
  clock.pass(250);
  expect(query(hub.latest.url)).toEqual({ cursor: "0.0" });
});

it("[K5] begins where it is told to, with what it is told to hear", () => {
  const { hub } = connecting({ cursor: at(7), patterns: ["news_*", "user_action"] });
  expect(query(hub.latest.url)).toEqual({ cursor: "k3x9.7", events: "news_*,user_action" });
});

it("[K5] [R2] stays where it was when it is recovered, whatever the welcome says, and hears each event once", () => {
  const { hub, clock, connection, heard } = connected();
  hub.latest.events(41, at(42), [event(42)]);
  clock.pass(0);
  hub.latest.drop(1006);
  clock.pass(250);
  hub.latest.welcome(at(50), { recovered: true });
  hub.latest.events(42, at(50), [event(43), event(50)]);
  clock.pass(0);
  expect([heard, connection.cursor]).toEqual([[42, 43, 50], at(50)]);
});

it("[R4] takes the place of a reset, ahead of its own or behind it, and tells of it", () => {
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

it("[K6] acknowledges a frame that asks for it, once it has handed on what it brought, and no other", () => {
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

/** How long the text of a frame is that brings the event `seq`. */
const sizeOf = (after: number, seq: number, more = false) =>
  encodeEvents(after, at(seq), [JSON.stringify(event(seq))], more).length;

it("[K8] acknowledges what it has taken in since its last acknowledgement, whenever that reaches what the hub asks for", () => {
  const { hub, clock } = connecting();
  hub.latest.welcome(at(41), { ack: { bytes: sizeOf(41, 42) + sizeOf(42, 43) } });
  for (let seq = 42; seq < 47; seq++) hub.latest.events(seq - 1, at(seq), [event(seq)]);
  clock.pass(0);
  expect(acked(hub.latest.sent)).toEqual(["k3x9.43", "k3x9.45"]);
});

it("[K8] waits for the whole of it: one unit less is not enough", () => {
  const { hub, clock } = connecting();
  hub.latest.welcome(at(41), { ack: { bytes: sizeOf(41, 42) + 1 } });
  hub.latest.events(41, at(42), [event(42)]);
  clock.pass(0);
  expect(hub.latest.sent).toEqual([]);
  hub.latest.events(42, at(43), []);
  clock.pass(0);
  expect(acked(hub.latest.sent)).toEqual(["k3x9.43"]);
});

it("[K6] [K8] acknowledges a marked frame at once, and counts anew from there", () => {
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

it("[K8] acknowledges nothing unasked where the hub asks for nothing, also when the one before did", () => {
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

it("[K8] counts anew on another socket", () => {
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

it("[K5] goes on at its place when it is opened again after a close, and hears nothing of the socket before", () => {
  const { hub, clock, connection, heard } = connected();
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
  expect([heard, connection.state]).toEqual([[42, 43], "connected"]);
});

it("[R4] keeps its place at a welcome that is not recovered, until the reset is here: it may be lost with the socket", () => {
  const { hub, clock, connection, frames } = connected();
  hub.latest.drop(1006);
  clock.pass(1_000);
  hub.latest.welcome(at(3, "zzzz"), { recovered: false });
  clock.pass(0);
  hub.latest.drop(1006); // and the reset with it
  clock.pass(1_000);
  expect(query(hub.latest.url).cursor).toBe("k3x9.41");
  hub.latest.welcome(at(3, "zzzz"), { recovered: false });
  hub.latest.reset(at(3, "zzzz"), "epoch");
  clock.pass(0);
  expect(connection.cursor).toEqual(at(3, "zzzz"));
  expect(frames.at(-1)?.type).toBe("reactor_reset");
});
