import { expect, it } from "vitest";
import { Subscription } from "../../src/client/subscription.ts";

it("[F9] hears what it heard until the hub has answered", () => {
  const subscription = new Subscription(["a"]);
  subscription.wanted = ["b"];
  expect(JSON.parse(subscription.ask())).toEqual({ type: "subscribe", data: { events: ["b"] } });
  expect([subscription.asked, subscription.wanted]).toEqual([["a"], ["b"]]);
  subscription.granted(["b"]);
  expect([subscription.asked, subscription.wanted]).toEqual([["b"], ["b"]]);
});

it("[F9] wants nothing else once the last question is answered", () => {
  const subscription = new Subscription(["a"]);
  for (const patterns of [["b"], ["c c"]]) {
    subscription.wanted = patterns;
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
  subscription.wanted = ["b"];
  subscription.ask();
  subscription.granted(["b"]);
  expect([subscription.asked, subscription.wanted]).toEqual([["b"], ["b"]]);
});

it("[K6] has something to ask on a new socket only where that differs", () => {
  const subscription = new Subscription();
  expect(subscription.begin()).toBe(false);
  subscription.wanted = ["a"];
  subscription.ask();
  expect(subscription.begin()).toBe(true);
  subscription.ask();
  subscription.granted(["a"]);
  expect(subscription.begin()).toBe(false);
});
