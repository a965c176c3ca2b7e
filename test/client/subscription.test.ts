import { expect, it } from "vitest";
import { Subscription } from "../../src/client/subscription.ts";

it("[F9] hears what it heard until the hub has answered", () => {
  const subscription = new Subscription(["a"]);
  subscription.want(["b"]);
  expect(JSON.parse(subscription.ask())).toEqual({ type: "subscribe", data: { events: ["b"] } });
  expect([subscription.asked, subscription.wanted]).toEqual([["a"], ["b"]]);
  subscription.granted(["b"]);
  expect([subscription.asked, subscription.wanted]).toEqual([["b"], ["b"]]);
});

it("[F9] wants nothing else once the last question is answered", () => {
  const subscription = new Subscription(["a"]);
  for (const patterns of [["b"], ["c c"]]) {
    subscription.want(patterns);
    subscription.ask();
  }
  subscription.granted(["b"]);
  expect(subscription.wanted).toEqual(["c c"]);
  subscription.refused();
  expect(subscription.wanted).toEqual(["b"]);
});

it("is not confused by answers to what it did not ask", () => {
  const subscription = new Subscription(["a"]);
  subscription.refused();
  subscription.refused();
  subscription.want(["b"]);
  subscription.ask();
  subscription.granted(["b"]);
  expect([subscription.asked, subscription.wanted]).toEqual([["b"], ["b"]]);
});

it("[K6] has something to ask on a new socket only where that differs", () => {
  const subscription = new Subscription();
  expect(subscription.begin()).toBe(false);
  subscription.want(["a"]);
  subscription.ask();
  expect(subscription.begin()).toBe(true);
  subscription.ask();
  subscription.granted(["a"]);
  expect(subscription.begin()).toBe(false);
});

it("is not changed by who changes the array that it was handed", () => {
  const patterns = ["a"];
  const subscription = new Subscription(patterns);
  patterns.push("b");
  expect(subscription.asked).toEqual(["a"]);
  subscription.want(patterns);
  expect(subscription.begin()).toBe(true);
  patterns.push("c");
  expect(subscription.wanted).toEqual(["a", "b"]);
});
