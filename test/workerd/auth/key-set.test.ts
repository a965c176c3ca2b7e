import { exportJWK, generateKeyPair } from "jose";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { KeySet, KeysUnavailable, keySetAt } from "../../../src/auth/key-set.ts";

const MINUTE_MS = 60_000;
const T = 1_795_000_000_000;

let one: object;
let two: object;
/** What the address answers. */
let published: unknown;
let asked = 0;
let keySet: KeySet;

beforeAll(async () => {
  const publicJwk = async (kid: string) => ({ ...(await exportJWK((await generateKeyPair("ES256")).publicKey)), kid });
  [one, two] = [await publicJwk("one"), await publicJwk("two")];
});

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  published = { keys: [one] };
  asked = 0;
  keySet = new KeySet(async () => {
    asked++;
    if (published instanceof Error) throw published;
    return published;
  });
});
afterEach(() => vi.restoreAllMocks());

const find = (kid: string, nowMs: number) =>
  keySet.keyFor({ alg: "ES256", kid }, nowMs).then(
    () => "found",
    (error: Error) => error.name,
  );

it("[T8] fetches once per ten minutes, however many tokens arrive", async () => {
  expect(await Promise.all(Array.from({ length: 100 }, () => find("one", T)))).toEqual(Array(100).fill("found"));
  expect(await find("one", T + 10 * MINUTE_MS - 1)).toBe("found");
  expect(asked).toBe(1);
  expect(await find("one", T + 10 * MINUTE_MS)).toBe("found");
  expect(asked).toBe(2);
});

it("[T8] fetches again for an unknown key, at most every 30 s, however many keys tokens name", async () => {
  await find("one", T);
  for (let n = 0; n < 1_000; n++) expect(await find(`forged-${n}`, T + n)).toBe("JWKSNoMatchingKey");
  expect(asked).toBe(1);
  published = { keys: [one, two] };
  expect(await find("two", T + 29_999)).toBe("JWKSNoMatchingKey");
  expect(await find("two", T + 30_000)).toBe("found");
  expect(asked).toBe(2);
  expect(await find("forged", T + 30_001)).toBe("JWKSNoMatchingKey");
  expect(asked).toBe(2);
});

it("[T8] forgets a key that is no longer published, after ten minutes at most", async () => {
  expect(await find("one", T)).toBe("found");
  published = { keys: [two] };
  expect(await find("one", T + 10 * MINUTE_MS)).toBe("JWKSNoMatchingKey");
});

it("[T8] keeps its keys for an hour while the address fails, and retries every 30 s", async () => {
  await find("one", T);
  published = new Error("down");
  expect(await find("one", T + 10 * MINUTE_MS)).toBe("found");
  expect(await find("one", T + 10 * MINUTE_MS + 29_999)).toBe("found");
  expect(asked).toBe(2);
  expect(await find("one", T + 60 * MINUTE_MS - 1)).toBe("found");
  expect(await find("one", T + 60 * MINUTE_MS)).toBe("Error");
  await expect(keySet.keyFor({ alg: "ES256" }, T + 61 * MINUTE_MS)).rejects.toThrow(KeysUnavailable);
  published = { keys: [one] };
  expect(await find("one", T + 62 * MINUTE_MS)).toBe("found");
});

it.each([new Error("down"), null, {}, { keys: "none" }, { keys: [7] }, []])(
  "[T8] has no keys while the address answers %j, and retries every 2 s at most",
  async (answer) => {
    published = answer;
    for (let n = 0; n < 20; n++) {
      await expect(keySet.keyFor({ alg: "ES256" }, T + n * 100)).rejects.toThrow(KeysUnavailable);
    }
    expect(asked).toBe(1);
    published = { keys: [one] };
    expect(await find("one", T + 2_000)).toBe("found");
  },
);

it("[T8] does not wait for ever for an answer of a request that has ended", async () => {
  vi.useFakeTimers();
  try {
    keySet = new KeySet(() => (++asked === 1 ? new Promise(() => {}) : Promise.resolve(published)));
    const waiting = [find("one", T), find("one", T + 1)];
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await Promise.all(waiting)).toEqual(["Error", "Error"]);
    expect(await find("one", T + 5_000)).toBe("found");
  } finally {
    vi.useRealTimers();
  }
});

it("keeps one set of keys for an address, however often its settings are read", () => {
  expect(keySetAt("https://id.test/keys")).toBe(keySetAt("https://id.test/keys"));
  expect(keySetAt("https://id.test/keys")).not.toBe(keySetAt("https://id.test/others"));
});

it("[B9] logs why the keys could not be fetched, with no message at the start of a line", async () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => {});
  published = new Error("not JSON:\n[ERROR] forged\u001b[31m");
  await find("one", T);
  const [first, ...rest] = logged.mock.calls.flat().join(" ").split("\n");
  expect(first).toMatch(/Error: "not JSON:\\n\[ERROR\] forged\\u001b\[31m"$/);
  expect(rest.filter((line) => !/^ +at /.test(line))).toEqual([]);
});

it.each([-3_600_000, -365 * 24 * 3_600_000])(
  "[T8] keeps its ten minutes and its pauses when the clock is set back by %i ms",
  async (ms) => {
    expect(await find("one", T)).toBe("found");
    published = { keys: [two] };
    expect(await find("two", T + ms)).toBe("JWKSNoMatchingKey"); // within 30 s
    expect(await find("two", T + ms + 30_000)).toBe("found");
    expect(await find("two", T + ms + 10 * MINUTE_MS + 29_999)).toBe("found");
    expect(asked).toBe(2);
    expect(await find("two", T + ms + 10 * MINUTE_MS + 30_000)).toBe("found");
    expect(asked).toBe(3);
  },
);
