import { expect, it } from "vitest";
import { DEFAULT_CHANNEL, isChannel } from "../../../src/wire/channel.ts";

it.each([DEFAULT_CHANNEL, "a", "0", "a._-", "eu-west.prod_2", "a".repeat(64)])(
  "[H16] accepts %j as a channel",
  (name) => {
    expect(isChannel(name)).toBe(true);
  },
);

it.each(["", "A", "é", "-a", "_a", ".a", "a b", "a/b", "a\n", "a*", "a".repeat(65)])("[H16] refuses %j", (name) => {
  expect(isChannel(name)).toBe(false);
});

it.each([[null], [undefined], [5], [true], [["main"]], [Object("main")], [{ toString: () => "main" }]])(
  "[H16] refuses %j, which is no string, although its text is a channel",
  (value) => {
    expect(isChannel(value)).toBe(false);
  },
);
