import { expect, it } from "vitest";
import { connect } from "../../../src/client/connect.ts";
import { checkOptions, optionsOf } from "../../../src/client/connect-options.ts";

it.each<[unknown, string]>([
  [
    { channel: "No way" },
    '`channel` must be 1 to 128 of A-Z a-z 0-9 . _ : -, beginning with a letter or digit; this is "No way".',
  ],
  [{ channel: null }, "this is null."],
  [{ events: "news_*" }, '`events` must be a list of at most 64 patterns, such as ["news_*"]; this is "news_*".'],
  [
    { events: ["a,b"] },
    '`events` must be an event type of 1 to 256 bytes, with at most 4 * and without commas; this is "a,b".',
  ],
  [{ events: [7] }, "this is 7."],
  [{ events: Array<string>(65).fill("a") }, "at most 64 patterns"],
  [{ events: ["*a*b*c*d*"] }, "at most 4 *"],
  [{ cursor: "here" }, '`cursor` must be a value of `reactor.cursor`; this is "here".'],
  [{ cursor: "" }, '`cursor` must be a value of `reactor.cursor`; this is "".'],
  [{ last: 0 }, "`last` must be a whole number from 1 to 1000; this is 0."],
  [{ last: 1_001 }, "`last` must be"],
  [{ last: 1.5 }, "`last` must be"],
  [{ last: "5" }, "`last` must be"],
  [{ last: 5, cursor: "k3x9.41" }, "`last` must be without `cursor`"],
  [{ url: "/realtime" }, '`url` must be an address of http(s): or ws(s):, without a query; this is "/realtime".'],
  [{ url: new URL("https://hub.test") }, "`url` must be"],
  [
    { chanel: "eu" },
    '`options` must be of url channel events cursor last token parse WebSocket open; this is "chanel".',
  ],
  [{ parse: 5 }, "`parse` must be a function; this is 5."],
  [{ WebSocket: "ws" }, "`WebSocket` must be a function"],
  [{ open: {} }, "`open` must be a function"],
  [{ open() {}, WebSocket: class {} }, "`open` must be without `WebSocket`"],
])("[K20] refuses %j at once, since the hub would refuse it each time, or nothing would", (options, message) => {
  expect(() => checkOptions(options as object)).toThrow(message);
  expect(() => checkOptions(options as object)).toThrow(TypeError);
});

it.each([[null], [5], [["https://hub.test"]]])("[K20] takes %j for no options", (target) => {
  expect(() => optionsOf(target as never)).toThrow("`options` must be a url, or an object");
});

it("[K20] refuses options that come as a second argument", () => {
  const connectWith = (given: unknown) => () => connect("https://hub.test", given as never);
  const message = "`ports.soon` must be a function; this is undefined.";
  for (const given of [{ events: ["a"] }, null, "a"]) expect(connectWith(given)).toThrow(message);
});

it("takes a url for the options that have no other member", () => {
  expect(optionsOf("https://hub.test")).toEqual({ url: "https://hub.test" });
});

it("[K21] names the cursor to start from, of which none is the head", () => {
  expect(checkOptions({ cursor: "k3x9.41" })).toEqual({ epoch: "k3x9", seq: 41 });
  expect(checkOptions({ channel: "eu", events: ["a"], last: 1_000 })).toBeUndefined();
  for (const cursor of [null, undefined]) expect(checkOptions({ cursor, last: 5 })).toBeUndefined();
});
