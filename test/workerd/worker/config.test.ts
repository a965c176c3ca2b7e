import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { configOf } from "../../../src/worker/config.ts";

const origins = { listed: new Set(), below: [], loopback: true };
const auth = { keys: [], tokens: null, channels: null };

it.each([
  [{}, { auth, enabled: true, origins }],
  [
    { REACTOR_API_KEY: "", REACTOR_ENABLED: "TRUE" },
    { auth, enabled: true, origins },
  ],
  [
    { REACTOR_API_KEY: "k", REACTOR_ENABLED: "false" },
    { auth: { ...auth, keys: ["k"] }, enabled: false, origins },
  ],
  [{ REACTOR_ENABLED: "0" }, { auth, enabled: false, origins }],
  [
    { ALLOWED_ORIGINS: "https://a.example, https://b.example" },
    {
      auth,
      enabled: true,
      origins: { listed: new Set(["https://a.example", "https://b.example"]), below: [], loopback: false },
    },
  ],
])("reads %j", (vars, config) => {
  const { HUB, ASSETS } = env;
  expect(configOf({ HUB, ASSETS, ...vars })).toEqual(config);
});

it("names the variable that is wrong, and what it may be", () => {
  const { HUB, ASSETS } = env;
  expect(() => configOf({ HUB, ASSETS, ALLOWED_ORIGINS: "*" })).toThrow("ALLOWED_ORIGINS must be origins such as");
  expect(() => configOf({ HUB, ASSETS, REACTOR_ENABLED: "off" })).toThrow(
    'REACTOR_ENABLED must be true or false, not "off".',
  );
  expect(() => configOf({ HUB, ASSETS, REACTOR_JWT_SECRET: "short" })).toThrow("REACTOR_JWT_SECRET must have 32 bytes");
});
