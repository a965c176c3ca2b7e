import { expect, it } from "vitest";
import { actionOf, FEED_KEY_WORDS, FEED_KEYS } from "../../../../src/dashboard/feed/feed-keys.ts";
import { FEED_KEY_WORDS_RU } from "../../../../src/dashboard/feed/feed-keys-ru.ts";

it("[D12] has one action for each key, with words for the sheet of keys", () => {
  const keys = FEED_KEYS.flatMap((each) => each.keys);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.map(actionOf)).not.toContain(undefined);
  expect(actionOf("x")).toBeUndefined();
  for (const words of [FEED_KEY_WORDS.en, FEED_KEY_WORDS_RU])
    expect(Object.keys(words)).toEqual(FEED_KEYS.map(({ action }) => action));
});
