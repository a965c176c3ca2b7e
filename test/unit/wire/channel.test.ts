import { expect, it } from "vitest";
import { channelFault, DEFAULT_CHANNEL, isChannel } from "../../../src/wire/channel.ts";

it.each([DEFAULT_CHANNEL, "a", "0", "a._-", "eu-west.prod_2", "A", "user_2aBc", "Tenant:42", "a".repeat(128)])(
  "[H16] accepts %j as a channel",
  (name) => {
    expect(isChannel(name)).toBe(true);
  },
);

it.each(["", "é", "-a", "_a", ".a", ":a", "a b", "a/b", "a,b", "a@b", "a\n", "a*", "a".repeat(129)])(
  "[H16] refuses %j",
  (name) => {
    expect(isChannel(name)).toBe(false);
  },
);

it.each([[null], [undefined], [5], [true], [["main"]], [Object("main")], [{ toString: () => "main" }]])(
  "[H16] refuses %j, which is no string, although its text is a channel",
  (value) => {
    expect(isChannel(value)).toBe(false);
  },
);

it.each([
  ["ACME Ltd.", "ACME-Ltd."],
  ["user@example.org", "user-example.org"],
  ["_Room 1", "Room-1"],
])("[H16] shows for %j a spelling that would pass, %j", (name, spelling) => {
  expect(channelFault(name)).toBe(
    `A channel is 1 to 128 of A-Z a-z 0-9 . _ : -, beginning with a letter or a digit; this is "${name}". "${spelling}" would pass.`,
  );
  expect(isChannel(spelling)).toBe(true);
});

it.each(["", "日本", "a".repeat(129), null])("[H16] shows none for %j", (name) => {
  expect(channelFault(name)).not.toContain("would pass");
});
