import { expect, it } from "vitest";
import { Subscription } from "../../../src/client/connection/subscription.ts";
import { encodeError } from "../../../src/wire/server-frame.ts";
import { at, connected, query } from "../../support/connections.ts";

it("[F6] keeps its patterns until the hub has answered", () => {
  const subscription = new Subscription(["a"]);
  subscription.desire(["b"]);
  expect(JSON.parse(subscription.request())).toEqual({ type: "subscribe", data: { events: ["b"] } });
  expect([subscription.active, subscription.desired]).toEqual([["a"], ["b"]]);
  subscription.granted(["b"]);
  expect([subscription.active, subscription.desired]).toEqual([["b"], ["b"]]);
});

it("[F6] has nothing pending once the last subscribe is answered", () => {
  const subscription = new Subscription(["a"]);
  for (const patterns of [["b"], ["c c"]]) {
    subscription.desire(patterns);
    subscription.request();
  }
  subscription.granted(["b"]);
  expect(subscription.desired).toEqual(["c c"]);
  subscription.refused();
  expect(subscription.desired).toEqual(["b"]);
});

it("ignores answers without a question", () => {
  const subscription = new Subscription(["a"]);
  subscription.refused();
  subscription.refused();
  subscription.desire(["b"]);
  subscription.request();
  subscription.granted(["b"]);
  expect([subscription.active, subscription.desired]).toEqual([["b"], ["b"]]);
});

it("[K5] has something to request on a new socket only if it differs", () => {
  const subscription = new Subscription();
  subscription.begin();
  expect(subscription.isDue).toBe(false);
  subscription.desire(["a"]);
  subscription.request();
  expect(subscription.isDue).toBe(false);
  subscription.begin();
  expect(subscription.isDue).toBe(true);
  subscription.request();
  subscription.granted(["a"]);
  subscription.begin();
  expect(subscription.isDue).toBe(false);
});

it("does not change with the array that it was given", () => {
  const patterns = ["a"];
  const subscription = new Subscription(patterns);
  patterns.push("b");
  expect(subscription.active).toEqual(["a"]);
  subscription.desire(patterns);
  expect(subscription.isDue).toBe(true);
  patterns.push("c");
  expect(subscription.desired).toEqual(["a", "b"]);
});

it("[F6] receives another subscription from the cursor of the answer on, and reconnects with it", () => {
  const { hub, clock, connection } = connected({ patterns: ["a"] });
  connection.subscribe(["b", "c"]);
  expect(hub.latest.sent).toEqual([JSON.stringify({ type: "subscribe", data: { events: ["b", "c"] } })]);
  hub.latest.subscribed(["b", "c"], at(50));
  clock.pass(0);
  expect(connection.cursor).toEqual(at(50));
  hub.latest.drop(1006);
  clock.pass(250);
  expect(query(hub.latest.url)).toEqual({ cursor: "k3x9.50", events: "b,c" });
  hub.latest.welcome(at(50), { recovered: true });
  clock.pass(0);
  expect(hub.latest.sent).toEqual([]);
});

it("[F6] [K5] reconnects with the patterns of its position, and requests again what the hub had not answered", () => {
  const { hub, clock, connection } = connected({ patterns: ["a"] });
  connection.subscribe(["b"]);
  connection.subscribe(["c"]);
  hub.latest.subscribed(["b"], at(45));
  clock.pass(0);
  hub.latest.drop(1006);
  clock.pass(250);
  connection.subscribe(["d"]);
  expect(query(hub.latest.url)).toEqual({ cursor: "k3x9.45", events: "b" });
  hub.latest.welcome(at(45), { recovered: true });
  clock.pass(0);
  expect(hub.latest.sent).toEqual([JSON.stringify({ type: "subscribe", data: { events: ["d"] } })]);
});

it("[F9] reports what the hub refused, and does not request a refused subscription again", () => {
  const { hub, clock, connection, frames } = connected({ patterns: ["a"] });
  connection.subscribe(["b b"]);
  hub.latest.deliver(encodeError({ code: "bad_pattern", detail: "no" }));
  clock.pass(0);
  expect(frames.at(-1)).toEqual({ type: "reactor_error", data: { code: "bad_pattern", message: "no", ref: null } });
  hub.latest.drop(1006);
  clock.pass(250);
  hub.latest.welcome(at(41), { recovered: true });
  clock.pass(0);
  expect([query(hub.latest.url).events, hub.latest.sent]).toEqual(["a", []]);
});
