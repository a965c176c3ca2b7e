import { afterEach, expect, it, vi } from "vitest";
import type { ConnectOptions } from "../../../src/client/connect-options.ts";
import { events } from "../../../src/client/event-iterator.ts";
import { keepCursor } from "../../../src/client/keep-cursor.ts";
import type { Reactor } from "../../../src/client/reactor.ts";
import { replay } from "../../../src/client/replay.ts";
import { share } from "../../../src/client/share.ts";
import { withSchemas } from "../../../src/client/with-schemas.ts";
import { stampedEvent } from "../../support/client-setup.ts";
import { at } from "../../support/connections.ts";
import { HubDouble } from "../../support/hub-double.ts";
import { ManualClock, ManualPage, promisesSettle, scripted } from "../../support/manual-ports.ts";

const nothing = () => {};
afterEach(() => {
  vi.unstubAllGlobals();
});

function setup() {
  const clock = new ManualClock();
  const hub = new HubDouble(clock);
  const page = new ManualPage();
  const ports = { open: hub.open, after: clock.after, soon: clock.soon, random: scripted(0.5), page };
  const join = (options: ConnectOptions = {}) => share({ url: "https://hub.test", ...options }, ports);
  const live = () => {
    hub.latest.welcome(at(0));
    clock.pass(0);
  };
  return { clock, hub, page, join, live, ports };
}

it("[K34] opens one connection for parts that ask for the same, and another for what differs", () => {
  const { hub, join } = setup();
  const token = () => "t.1";
  const same: ConnectOptions[] = [{}, { channel: "main" }, { url: "https://hub.test/" }, { cursor: null }];
  for (const options of same) join(options);
  expect(hub.connections).toHaveLength(1);
  join({ events: ["a", "b"] });
  join({ events: ["b", "a"] });
  expect(hub.connections).toHaveLength(2);
  for (const options of [{ channel: "eu" }, { last: 5 }, { token }, { token: "t.1" }, { parse: JSON.parse }])
    join(options);
  join({ token });
  expect(hub.connections).toHaveLength(6); // the one with the function waits for its answer
});

it("[K34] gives each part its own listeners, and closes with the last", async () => {
  const { hub, join, live, clock } = setup();
  const one = join();
  const two = join();
  const heard: unknown[] = [];
  const states: unknown[] = [];
  one.on("a", ({ seq }) => heard.push(`one ${seq}`));
  two.on("b", ({ seq }) => heard.push(`two ${seq}`));
  two.once("a", ({ seq }) => heard.push(`two, once ${seq}`));
  one.onState((state) => states.push(`one ${state}`));
  two.onState((state) => states.push(`two ${state}`));
  live();
  hub.latest.events(0, at(2), [stampedEvent("a", 1), stampedEvent("b", 2)]);
  clock.pass(0);
  expect(heard).toEqual(["one 1", "two, once 1", "two 2"]);
  one.close();
  one.close();
  clock.pass(0);
  expect([one.state, two.state, two.patterns, hub.latest.isClosedByClient]).toEqual([
    "closed",
    "connected",
    ["b"],
    false,
  ]);
  const loop = events(two, "b").next();
  two.close();
  await promisesSettle();
  expect([await loop, hub.latest.isClosedByClient, two.state]).toEqual([
    { done: true, value: undefined },
    true,
    "closed",
  ]);
  expect(states).toEqual(["one connected", "two connected", "one closed", "two closed"]);
  expect(join().state).toBe("connecting");
  expect(hub.connections).toHaveLength(2);
});

it("[K34] ends listeners by their undo and by a signal, and tells each part of errors and resets", () => {
  const { hub, join, live, clock } = setup();
  const [one, two] = [join(), join()];
  const heard: unknown[] = [];
  const left = new AbortController();
  one.on("a", () => heard.push("signal"), { signal: left.signal });
  const undo = one.on("a", () => heard.push("undo"));
  for (const part of [one, two]) part.onError(({ code }) => heard.push(code));
  for (const part of [one, two]) part.onReset(({ reason }) => heard.push(reason));
  live();
  left.abort();
  undo();
  one.close();
  hub.latest.refuse("unknown_message");
  hub.latest.reset(at(0));
  hub.latest.events(0, at(1), [stampedEvent("a", 1)]);
  clock.pass(0);
  expect(heard).toEqual(["unknown_message", "trimmed"]);
});

it("[K34] [K20] refuses at the call what is no option of a listener", () => {
  const { join } = setup();
  const part = join();
  const message = '`options` must be of signal; this is "sinal".';
  for (const add of [part.on, part.once]) expect(() => add("a", () => {}, { sinal: 1 } as never)).toThrow(message);
  expect(() => part.onState(() => {}, { sinal: 1 } as never)).toThrow(message);
  part.close();
});

it("[K34] connects again for a part that joins after the hub has closed the connection for good", () => {
  const { hub, join, live, clock } = setup();
  const one = join();
  live();
  hub.latest.drop(4503);
  clock.pass(0);
  expect(one.state).toBe("closed");
  const two = join();
  expect([two.state, hub.connections.length]).toEqual(["connecting", 2]);
});

it("[K34] asks a token function once for channels that ask at the same time, and again later", async () => {
  const { hub, join, clock } = setup();
  let asked = 0;
  const token = vi.fn(async () => `t.${++asked}`);
  join({ channel: "a", events: [], token });
  join({ channel: "b", events: [], token });
  await clock.live(0);
  await promisesSettle();
  expect(hub.connections.map(({ protocols }) => protocols[1])).toEqual(Array(2).fill("reactor.token.t.1"));
  join({ channel: "c", events: [], token });
  await clock.live(0);
  await promisesSettle();
  expect(hub.latest.protocols[1]).toBe("reactor.token.t.2");
});

it("[K34] listens to the page's signs once for all channels", () => {
  const { hub, join, page, clock } = setup();
  const parts = ["a", "b"].map((channel) => join({ channel }));
  clock.pass(0);
  expect(page.listeners.size).toBe(1);
  for (const connection of hub.connections) connection.drop(1006);
  clock.pass(0);
  page.sign();
  clock.pass(500);
  expect(hub.connections).toHaveLength(4);
  for (const part of parts) part.close();
  expect(page.listeners.size).toBe(0);
});

it("[K34] refuses to subscribe, what is no option, and what follows its close", () => {
  const { join } = setup();
  const part = join();
  expect(() => part.subscribe(["a"])).toThrow("`subscribe` would change what others hear");
  expect(() => join({ chanel: "eu" } as never)).toThrow("`options` must be of url channel");
  part.close();
  expect(() => part.on("a", nothing)).toThrow("This part has closed its connection: `open` joins again.");
});

it("[K34] joins again by `open`, also after the last has closed", async () => {
  const { hub, join, live, clock } = setup();
  const part = join();
  const checked = withSchemas(part, { a: { "~standard": { version: 1, validate: (value) => ({ value }) } } });
  const states: unknown[] = [];
  const heard: unknown[] = [];
  part.onState((state) => states.push(state));
  part.on("a", () => heard.push("before"));
  part.close(); // as StrictMode does between two mounts
  const other = join();
  part.onState((state) => states.push(`again ${state}`));
  part.open();
  expect([part.state, hub.connections.length]).toEqual(["connecting", 1]);
  vi.stubGlobal("fetch", async () => Response.json({ cursor: "k3x9.1", more: false, events: [stampedEvent("a", 1)] }));
  replay(checked, "a", ({ seq }) => heard.push(seq), { last: 1 });
  live();
  hub.latest.subscribed(["a"], at(0));
  clock.pass(0);
  await promisesSettle();
  hub.latest.events(0, at(2), [stampedEvent("a", 1), stampedEvent("a", 2)]);
  clock.pass(0);
  other.close();
  expect([heard, part.patterns, part.cursor, part.state]).toEqual([[1, 2], ["a"], "k3x9.2", "connected"]);
  part.close();
  clock.pass(0);
  expect([states, hub.latest.isClosedByClient]).toEqual([["closed", "again connected", "again closed"], true]);
});

it("[K34] [K30] ends what a part replays with its close", async () => {
  const { hub, join, live, clock } = setup();
  const [one, two] = [join(), join()];
  const release: (() => void)[] = [];
  vi.stubGlobal("fetch", async () => {
    await new Promise<void>((resolve) => release.push(resolve));
    return Response.json({ cursor: "k3x9.1", more: false, events: [stampedEvent("a", 1)] });
  });
  two.on("b", nothing);
  const heard: unknown[] = [];
  replay(one, "a", ({ seq }) => heard.push(seq), { since: "0.0" });
  live();
  await promisesSettle();
  one.close();
  release[0]?.();
  clock.pass(0);
  hub.latest.subscribed(["b"], at(1));
  clock.pass(0);
  await promisesSettle();
  expect([release.length, heard]).toEqual([1, []]);
});

it("[K34] [K32] keeps the cursor when the part that keeps it closes, and not later", () => {
  const { hub, join, live, clock } = setup();
  const [one, two] = [join(), join()];
  const own = new Map<string, string>();
  const storage = { getItem: () => null, setItem: (key: string, value: string) => void own.set(key, value) };
  const undo = keepCursor(one, { key: "mine", storage });
  two.on("a", nothing);
  live();
  one.close();
  hub.latest.events(0, at(1), [stampedEvent("a", 1)]);
  clock.pass(0);
  undo();
  expect([...own]).toEqual([["mine", "k3x9.0"]]);
});

it("[K34] emits and sends nothing for a part that is closed, and rejects what is not answered by then", async () => {
  const { hub, join, live, clock } = setup();
  const [one, two] = [join(), join()];
  live();
  const codes: unknown[] = [];
  const emit = (part: Reactor) =>
    part.emit("a").then(
      ({ id }) => codes.push(id),
      ({ code }) => codes.push(code),
    );
  void emit(one);
  one.close();
  void emit(one);
  await promisesSettle();
  const { length } = hub.latest.sent.filter((text) => text.includes('"emit"'));
  expect([codes, length, one.send("note", {}), await one.ping()]).toEqual([["closed", "closed"], 1, false, null]);
  void emit(two);
  hub.latest.emitted(1, at(1), "first");
  hub.latest.emitted(2, at(2), "second");
  clock.pass(0);
  await promisesSettle();
  expect(codes).toEqual(["closed", "closed", "second"]);
});

it("[K34] tells a part once that it is closed", () => {
  const { hub, join, live, clock } = setup();
  const part = join();
  const states: unknown[] = [];
  part.onState((state, close) => states.push([state, close?.code]));
  live();
  hub.latest.drop(4503);
  clock.pass(0);
  part.close();
  expect(states).toEqual([
    ["connected", undefined],
    ["closed", 4503],
  ]);
});

it("[K34] waits with the others where a part joins in an outage", () => {
  const { hub, join, live, clock } = setup();
  join();
  live();
  hub.latest.drop(1006);
  clock.pass(0);
  const { length } = hub.connections;
  const part = join();
  expect([hub.connections.length - length, part.state]).toEqual([0, "reconnecting"]);
  clock.pass(2_000);
  expect(hub.connections.length - length).toBe(1);
});

it("[K34] asks a token function again that has not answered in time", async () => {
  const { hub, join, clock } = setup();
  let asked = 0;
  join({ token: () => (++asked === 1 ? new Promise<string>(nothing) : "t.2") });
  for (let n = 0; n < 3; n++) await clock.live(10_000);
  expect(hub.latest.protocols[1]).toBe("reactor.token.t.2");
});
