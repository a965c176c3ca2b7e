import { expect, it } from "vitest";
import { isKey } from "../../../src/auth/keys.ts";

const KEYS = ["dev-key", "the-key-before"];

it.each(KEYS)("[H3] [T2] knows %j, as long as both keys are set", async (key) => {
  expect(await isKey(key, KEYS)).toBe(true);
});

it.each(["", "dev-key2", "dev-ke", "Dev-key", "dev-key ", "dev-key,the-key-before", "undefined", "null"])(
  "[H3] [T2] does not accept %j as a key",
  async (text) => {
    expect(await isKey(text, KEYS)).toBe(false);
  },
);

it("[H3] [T2] accepts no key if none is set, not even an empty one", async () => {
  expect(await isKey("", [])).toBe(false);
  expect(await isKey("dev-key", [])).toBe(false);
});
