import { exportJWK, generateKeyPair } from "jose";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { type AuthSettings, readAuthSettings } from "../../../src/auth/auth-settings.ts";
import { authenticate } from "../../../src/auth/authenticate.ts";
import { KeySet } from "../../../src/auth/key-set.ts";
import { assemble, corrupt, GOOD, NOW, NOW_MS, SECRET, sign, signAnyway } from "../../support/minting.ts";

const open = readAuthSettings({ REACTOR_API_KEY: "dev-key", REACTOR_API_KEY_PREVIOUS: "key-before" });
const shared = readAuthSettings({ REACTOR_API_KEY: "dev-key", REACTOR_JWT_SECRET: SECRET });
const strict = readAuthSettings({
  REACTOR_JWT_SECRET: SECRET,
  REACTOR_JWT_AUDIENCE: "reactor",
  REACTOR_JWT_ISSUER: "https://id.test",
  CHANNELS: "main,room-*",
});

const ask = (credential: string | null, settings: AuthSettings, channel = "main") =>
  authenticate(credential, settings, channel, NOW_MS);

/** What is refused, and why. */
async function refusal(credential: string | null, settings: AuthSettings, channel?: string): Promise<string> {
  const rights = await ask(credential, settings, channel);
  return rights.ok ? "let in" : `${rights.problem.code}: ${rights.problem.detail}`;
}

it("[T1] opens reading to every client if no tokens are configured, and emitting to none", async () => {
  expect(await ask(null, open)).toEqual({ ok: true, value: { sub: null, hear: null, emit: [], expiresMs: null } });
  expect(await refusal("dev-kex", open)).toBe(
    "unauthorized: The credential is not a key of this hub, and no tokens are configured.",
  );
  expect(await refusal(await sign(GOOD), open)).toMatch(/^unauthorized: .*no tokens are configured/);
});

it("[T1] requires a token or a key if tokens are configured", async () => {
  expect(await refusal(null, shared)).toMatch(/^unauthorized: /);
  expect((await ask(await sign(GOOD), shared)).ok).toBe(true);
});

it.each([
  ["dev-key", open],
  ["key-before", open],
  ["dev-key", shared],
])("[T2] lets %j do everything", async (key, settings) => {
  for (const channel of ["main", "vault"]) {
    expect(await ask(key, settings, channel)).toEqual({
      ok: true,
      value: { sub: null, hear: null, emit: null, expiresMs: null },
    });
  }
});

it("[T4] grants what the claims say, and 5 s for clocks that differ", async () => {
  const token = await sign({ ...GOOD, channels: ["main"], events: ["news_*", "a"], emit: ["chat_*"] });
  expect(await ask(token, shared)).toEqual({
    ok: true,
    value: { sub: "ada", hear: ["a", "news_*"], emit: ["chat_*"], expiresMs: (NOW + 65) * 1000 },
  });
});

it("[T4] lets a token without claims receive everything, and emit nothing", async () => {
  expect(await ask(await sign({ exp: NOW + 1 }), shared)).toEqual({
    ok: true,
    value: { sub: null, hear: null, emit: [], expiresMs: (NOW + 6) * 1000 },
  });
});

it("[T4] reads an empty claim as nothing, and * as everything", async () => {
  expect(await ask(await sign({ ...GOOD, events: [], emit: [] }), shared)).toMatchObject({
    value: { hear: [], emit: [] },
  });
  expect(await ask(await sign({ ...GOOD, events: ["a", "*"], emit: ["**"] }), shared)).toMatchObject({
    value: { hear: null, emit: null },
  });
  expect(await refusal(await sign({ ...GOOD, channels: [] }), shared)).toMatch(/^forbidden: /);
});

describe("what is wrong with a token", () => {
  const cases: readonly [string, object | string, string][] = [
    ["no exp", { sub: "ada" }, 'no claim "exp"'],
    ["an exp that is text", { exp: `${NOW + 60}` }, '"exp"'],
    ["an exp that is null", { exp: null }, '"exp"'],
    ["an infinite exp", `{"exp":1e400}`, '"exp"'],
    ["an exp beyond valid dates", { exp: 1e17 }, '"exp"'],
    ["an exp that has passed", { exp: NOW - 5 }, "has expired"],
    ["an exp long ago", { exp: -1 }, "has expired"],
    ["an nbf in the future", { exp: NOW + 60, nbf: NOW + 6 }, "not valid yet"],
    [
      "an exp in milliseconds",
      { ...GOOD, exp: (NOW + 60) * 1000 },
      '"exp" must be seconds since 1970, not milliseconds',
    ],
    ["an nbf in milliseconds", { ...GOOD, nbf: NOW * 1000 }, '"nbf" must be seconds since 1970, not milliseconds'],
    ["an iat in milliseconds", { ...GOOD, iat: NOW * 1000 }, '"iat" must be seconds since 1970, not milliseconds'],
    ["an exp after 2200", { ...GOOD, exp: 7_258_118_401 }, '"exp"'],
    ["9,000 bytes", { ...GOOD, pad: "x".repeat(7_000) }, "at most 8192 bytes, and this one has 9"],
    ["an nbf that is text", { exp: NOW + 60, nbf: "now" }, '"nbf"'],
    ["an empty sub", { ...GOOD, sub: "" }, '"sub"'],
    ["a sub that is a number", { ...GOOD, sub: 7 }, '"sub"'],
    ["a long sub", { ...GOOD, sub: "é".repeat(126) }, '"sub"'],
    ["an emit without a sub", { exp: NOW + 60, emit: ["a"] }, '"sub"'],
    ["channels that are text", { ...GOOD, channels: "main" }, '"channels"'],
    ["events that are null", { ...GOOD, events: null }, '"events"'],
    ["events that are an object", { ...GOOD, events: { 0: "a" } }, '"events"'],
    ["an event with a comma", { ...GOOD, events: ["a,b"] }, '"events"'],
    ["a channel with a space", { ...GOOD, channels: ["a b"] }, '"channels"'],
    ["an event that is a number", { ...GOOD, events: [7] }, '"events"'],
    ["65 patterns", { ...GOOD, emit: Array.from({ length: 65 }, (_, n) => `t${n}`) }, '"emit"'],
    ["patterns over 4 KiB", { ...GOOD, events: Array.from({ length: 40 }, (_, n) => `${n}`.padEnd(110, "x")) }, "4096"],
    ["an array of claims", "[1]", "neither a key"],
    ["claims that are no JSON", "{exp:1}", "neither a key"],
    ["claims that are null", "null", "neither a key"],
  ];
  it.each(cases)("[T3] [T5] refuses %s, and says which claim it is", async (_, claims, says) => {
    const why = await refusal(await sign(claims), shared);
    expect(why).toMatch(/^unauthorized: /);
    expect(why).toContain(says);
  });

  it("[T3] tolerates clocks that differ by 5 s, and no more", async () => {
    expect((await ask(await sign({ exp: NOW - 4 }), shared)).ok).toBe(true);
    expect((await ask(await sign({ exp: NOW + 60, nbf: NOW + 5 }), shared)).ok).toBe(true);
  });

  it("[T3] requires the configured audience and issuer", async () => {
    expect((await ask(await sign(GOOD), strict)).ok).toBe(true);
    expect((await ask(await sign({ ...GOOD, aud: ["other", "reactor"] }), strict)).ok).toBe(true);
    for (const [claims, says] of [
      [{ ...GOOD, aud: "reactor2" }, '"aud"'],
      [{ ...GOOD, aud: [] }, '"aud"'],
      [{ ...GOOD, aud: { reactor: true } }, '"aud"'],
      [{ exp: GOOD.exp, iss: GOOD.iss }, '"aud"'],
      [{ ...GOOD, iss: "https://id.test/" }, '"iss"'],
      [{ ...GOOD, iss: ["https://id.test"] }, '"iss"'],
      [{ exp: GOOD.exp, aud: GOOD.aud }, '"iss"'],
    ] as const) {
      expect(await refusal(await sign(claims), strict)).toContain(says);
    }
  });

  it("[T3] accepts only signatures of its own secret", async () => {
    const token = await sign(GOOD);
    expect(await refusal(corrupt(token), shared)).toMatch(/^unauthorized: .*not signed with a key/);
    expect(await refusal(await sign(GOOD, `${SECRET}.`), shared)).toMatch(/not signed with a key/);
    const [header, , signature] = token.split(".");
    const [, claims] = (await sign({ ...GOOD, sub: "eve" })).split(".");
    expect(await refusal(`${header}.${claims}.${signature}`, shared)).toMatch(/not signed with a key/);
  });

  it.each(["none", "None", "NONE", "", "HS512", "hs256", "RS256", "__proto__", undefined, null, 0, ["HS256"]])(
    "[T3] does not let a token choose the algorithm %j",
    async (alg) => {
      const header = alg === undefined ? {} : { alg };
      for (const token of [assemble(header, GOOD), assemble(header, GOOD, "x"), await signAnyway(header, GOOD)]) {
        expect(await refusal(token, shared)).toMatch(/^unauthorized: /);
      }
    },
  );

  it.each(["", ".", "..", "a.b", "a.b.c", "a.b.c.d", "null", "e30.e30.e30", "a.b.c\u0000", "é.b.c", "a.b.c d"])(
    "[T3] takes %j for no token",
    async (text) => {
      expect(await refusal(text, shared)).toBe("unauthorized: The credential is neither a key of this hub nor a JWT.");
    },
  );

  it("[T3] accepts no key from a token, and no unknown critical header", async () => {
    const pair = await generateKeyPair("RS256", { extractable: true });
    const jwk = await exportJWK(pair.publicKey);
    expect(await refusal(await sign(GOOD, pair.privateKey, "RS256", { jwk }), shared)).toMatch(/signed with HS256\.$/);
    expect((await ask(await signAnyway({ alg: "HS256" }, GOOD), shared)).ok).toBe(true);
    expect(await refusal(await signAnyway({ alg: "HS256", crit: ["x"], x: 1 }, GOOD), shared)).toMatch(
      /^unauthorized: /,
    );
    expect(await refusal(await signAnyway({ alg: "HS256", crit: ["b64"], b64: false }, GOOD), shared)).toMatch(
      /^unauth/,
    );
  });
});

describe("channels", () => {
  it.each([
    [["main"], "mains"],
    [["main"], "mai"],
    [["main-*"], "main"],
    [["*-main"], "main"],
    [["m*n-x", "MAIN"], "main"],
    [["room-*"], "room"],
    [["main"], "room-1"],
  ])("[T6] a token for %j is none for %s", async (channels, channel) => {
    expect(await refusal(await sign({ ...GOOD, channels }), shared, channel)).toBe(
      "forbidden: This token is not valid for this channel.",
    );
  });

  it("[T6] a token for patterns of channels is valid in each of them", async () => {
    const token = await sign({ ...GOOD, channels: ["main", "room-*"] });
    for (const channel of ["main", "room-", "room-7"]) expect((await ask(token, shared, channel)).ok).toBe(true);
  });

  it.each(["*", "**"])("[T6] a token for %s is good in every channel, also beyond CHANNELS", async (channels) => {
    const token = await sign({ ...GOOD, channels: [channels] });
    for (const channel of ["room-1", "vault"]) expect((await ask(token, strict, channel)).ok).toBe(true);
  });

  it("[T7] CHANNELS restricts tokens without channels, a token's own claim replaces it, and a key opens all", async () => {
    const listed = readAuthSettings({ REACTOR_API_KEY: "dev-key", CHANNELS: " main , room-* " });
    expect((await ask(null, listed, "room-1")).ok).toBe(true);
    expect(await refusal(null, listed, "vault")).toMatch(/^unauthorized: /);
    expect((await ask("dev-key", listed, "vault")).ok).toBe(true);
    const token = await sign(GOOD);
    expect((await ask(token, strict, "room-1")).ok).toBe(true);
    expect(await refusal(token, strict, "vault")).toMatch(/^forbidden: /);
    expect((await ask(await sign({ ...GOOD, channels: ["vault"] }), strict, "vault")).ok).toBe(true);
  });
});

describe.each(["RS256", "ES256", "EdDSA", "Ed25519"])("keys of an address, with %s", (alg) => {
  let pair: { publicKey: CryptoKey; privateKey: CryptoKey };
  let jwk: Record<string, unknown>;
  let settings: AuthSettings;

  beforeAll(async () => {
    pair = await generateKeyPair(alg, { extractable: true });
    jwk = { ...(await exportJWK(pair.publicKey)), kid: "one" };
    settings = withKeys([jwk]);
  });

  function withKeys(keys: readonly object[], secret: string | null = null): AuthSettings {
    const keySet = new KeySet(async () => ({ keys }));
    const tokens = {
      secret: secret === null ? null : new TextEncoder().encode(secret),
      keySet,
      audience: null,
      issuer: null,
    };
    return { keys: [], tokens, channels: null };
  }

  it("[T3] accepts what they signed, with and without a kid, and nothing else", async () => {
    const token = await sign(GOOD, pair.privateKey, alg, { kid: "one" });
    expect(await ask(token, settings)).toMatchObject({ ok: true, value: { sub: "ada" } });
    expect((await ask(await sign(GOOD, pair.privateKey, alg), settings)).ok).toBe(true);
    expect(await refusal(corrupt(token), settings)).toMatch(/not signed with a key/);
    const other = await generateKeyPair(alg, { extractable: true });
    expect(await refusal(await sign(GOOD, other.privateKey, alg, { kid: "one" }), settings)).toMatch(/not signed with/);
    expect(await refusal(await sign(GOOD, pair.privateKey, alg, { kid: "two" }), settings)).toMatch(/not signed with/);
    expect(await refusal(assemble({ alg: "none", kid: "one" }, GOOD), settings)).toMatch(/^unauthorized: /);
  });

  it("[T3] never uses a public key as a secret", async () => {
    const spki = btoa(
      String.fromCharCode(...new Uint8Array((await crypto.subtle.exportKey("spki", pair.publicKey)) as ArrayBuffer)),
    );
    const pem = `-----BEGIN PUBLIC KEY-----\n${spki.replace(/.{64}/g, "$&\n")}\n-----END PUBLIC KEY-----\n`;
    for (const secret of [pem, pem.trim(), spki, JSON.stringify(jwk)]) {
      const forged = await sign(GOOD, secret, "HS256", { kid: "one" });
      expect(await refusal(forged, settings)).toMatch(/^unauthorized: Tokens for this hub are signed with RS256/);
      expect(await refusal(forged, withKeys([jwk], SECRET))).toMatch(/not signed with a key/);
    }
  });

  it("[T3] accepts both kinds if both are configured, each only by its own key", async () => {
    const both = withKeys([jwk], SECRET);
    expect((await ask(await sign(GOOD), both)).ok).toBe(true);
    expect((await ask(await sign(GOOD, pair.privateKey, alg), both)).ok).toBe(true);
    const secretInSet = withKeys([{ kty: "oct", k: btoa(SECRET), alg: "HS256", kid: "one" }]);
    expect(await refusal(await sign(GOOD, SECRET, "HS256", { kid: "one" }), secretInSet)).toMatch(/^unauthorized: /);
  });

  it("[T3] requires a kid if several keys may have signed", async () => {
    const second = { ...(await exportJWK((await generateKeyPair(alg, { extractable: true })).publicKey)), kid: "two" };
    const several = withKeys([jwk, second]);
    expect(await refusal(await sign(GOOD, pair.privateKey, alg), several)).toMatch(/"kid"/);
    expect((await ask(await sign(GOOD, pair.privateKey, alg, { kid: "one" }), several)).ok).toBe(true);
  });
});

it.each(["PS256", "RS384", "RS512", "ES384"])(
  "[T3] accepts nothing signed with %s, by a published key",
  async (alg) => {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const keySet = new KeySet(async () => ({ keys: [await exportJWK(publicKey)] })); // which does not say what it is for
    const tokens = { secret: null, keySet, audience: null, issuer: null };
    const token = await sign(GOOD, privateKey, alg);
    expect(await refusal(token, { keys: [], tokens, channels: null })).toMatch(
      /^unauthorized: Tokens for this hub are signed with RS256, ES256, /,
    );
  },
);

it("[T3] reports that a key which is too short for RS256 cannot be used, without an exception", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  const short = await crypto.subtle.generateKey(
    { name: "RSASSA-PKCS1-v1_5", modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" },
    true,
    ["sign", "verify"],
  );
  const jwk = await crypto.subtle.exportKey("jwk", (short as CryptoKeyPair).publicKey);
  const keySet = new KeySet(async () => ({ keys: [jwk] }));
  const tokens = { secret: null, keySet, audience: null, issuer: null };
  const token = assemble({ alg: "RS256" }, GOOD, "signature");
  expect(await refusal(token, { keys: [], tokens, channels: null })).toMatch(/^unauthorized: .*cannot use/);
  expect(log).toHaveBeenCalledOnce();
  log.mockRestore();
});

it("[T3] does not parse a token over 8 KiB, even a valid one", async () => {
  const padded = (bytes: number) => sign({ ...GOOD, padding: "x".repeat(bytes) });
  expect((await ask(await padded(5_900), shared)).ok).toBe(true);
  expect(await refusal(await padded(6_100), shared)).toMatch(
    /^unauthorized: A token has at most 8192 bytes, and this one has 8\d{3}\.$/,
  );
});

it("never repeats a credential, or the value of a claim", async () => {
  for (const claims of [{ sub: 7, exp: NOW + 60 }, { exp: NOW + 60, events: ["se cret"] }, { exp: NOW - 60 }]) {
    const token = await sign({ ...claims, iss: "secret-issuer" });
    const why = await refusal(token, strict);
    for (const part of [...token.split("."), "se cret", "secret-issuer", SECRET]) expect(why).not.toContain(part);
  }
});
