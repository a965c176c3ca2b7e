import { expect, it } from "vitest";
import { actionOf, FEED_KEY_WORDS, FEED_KEYS } from "../../../../src/dashboard/feed/feed-keys.ts";

it("[D12] has one action for each key, with words for the sheet of keys", () => {
  const keys = FEED_KEYS.flatMap((each) => each.keys);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.map(actionOf)).not.toContain(undefined);
  expect(actionOf("x")).toBeUndefined();
  for (const words of Object.values(FEED_KEY_WORDS))
    expect(Object.keys(words)).toEqual(FEED_KEYS.map(({ action }) => action));
});
