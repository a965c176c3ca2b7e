import { expect, it } from "vitest";
import { readAuthSettings } from "../../../src/auth/auth-settings.ts";

it("accepts no keys and no tokens if nothing is set, and opens every channel", () => {
  expect(readAuthSettings({})).toEqual({ keys: [], tokens: null, channels: null });
});

it("reads two keys, a secret, audience and issuer, and patterns of channels", () => {
  expect(
    readAuthSettings({
      REACTOR_API_KEY: "new",
      REACTOR_API_KEY_PREVIOUS: "old",
      REACTOR_JWT_SECRET: "é".repeat(16),
      REACTOR_JWT_AUDIENCE: "reactor",
      REACTOR_JWT_ISSUER: "https://id.test",
      CHANNELS: "room-*, main",
    }),
  ).toEqual({
    keys: ["new", "old"],
    tokens: {
      secret: new TextEncoder().encode("é".repeat(16)),
      keySet: null,
      audience: "reactor",
      issuer: "https://id.test",
    },
    channels: ["main", "room-*"],
  });
});

it("[T9] refuses to run with a secret under 32 bytes, and does not log it", () => {
  expect(() => readAuthSettings({ REACTOR_JWT_SECRET: "x".repeat(31) })).toThrow(
    "REACTOR_JWT_SECRET must have 32 bytes or more, and has 31: `openssl rand -base64 32` makes one.",
  );
});

it.each([
  "http://id.test/keys",
  "id.test/keys",
  "ftp://id.test/keys",
  "file:///keys",
  "http://localhost.evil.test/",
  " ",
])("[T9] refuses to fetch keys from %j", (REACTOR_JWKS_URL) => {
  expect(() => readAuthSettings({ REACTOR_JWKS_URL })).toThrow("REACTOR_JWKS_URL must be an https:// address");
});

it.each(["https://id.test/keys", "http://localhost:8080/keys", "http://127.0.0.1/keys", "http://[::1]:1/keys"])(
  "fetches keys from %j",
  (REACTOR_JWKS_URL) => {
    expect(readAuthSettings({ REACTOR_JWKS_URL }).tokens).toMatchObject({ secret: null, audience: null, issuer: null });
  },
);

it.each(["a b", "main;room", "é", ",", " , ", Array(65).fill("a").join(",")])(
  "[T9] refuses to run with CHANNELS %j",
  (CHANNELS) => {
    expect(() => readAuthSettings({ CHANNELS })).toThrow("CHANNELS must be patterns of channels such as main,room-*");
  },
);

it.each([
  ["REACTOR_JWT_AUDIENCE", "REACTOR_JWT_SECRET or REACTOR_JWKS_URL"],
  ["REACTOR_JWT_ISSUER", "REACTOR_JWT_SECRET or REACTOR_JWKS_URL"],
  ["REACTOR_API_KEY_PREVIOUS", "REACTOR_API_KEY"],
])("[T9] refuses to run with %s alone, and names what is missing", (name, needed) => {
  expect(() => readAuthSettings({ [name]: "x".repeat(40) })).toThrow(`${name} must be set together with ${needed}: `);
});

it.each(["two words", "né", "tab\tkey", "line\nkey"])("[T9] refuses a key that no header can hold, %j", (key) => {
  for (const vars of [{ REACTOR_API_KEY: key }, { REACTOR_API_KEY: "k", REACTOR_API_KEY_PREVIOUS: key }]) {
    const name = Object.keys(vars).at(-1);
    expect(() => readAuthSettings(vars)).toThrow(`${name} must be letters, digits and punctuation of ASCII`);
  }
});
