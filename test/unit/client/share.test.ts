import { expect, it, vi } from "vitest";
import type { ConnectOptions } from "../../../src/client/connect-options.ts";
import { events } from "../../../src/client/event-iterator.ts";
import { share } from "../../../src/client/share.ts";
import { stampedEvent } from "../../support/client-setup.ts";
import { at } from "../../support/connections.ts";
import { HubDouble } from "../../support/hub-double.ts";
import { ManualClock, ManualPage, promisesSettle, scripted } from "../../support/manual-ports.ts";

const nothing = () => {};

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
  expect(() => part.on("a", nothing)).toThrow("call `share` again");
  expect(() => part.open()).toThrow("call `share` again");
});
