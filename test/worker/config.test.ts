import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { configOf } from "../../src/worker/config.ts";

const origins = { listed: new Set(), loopback: true };

it.each([
  [{}, { apiKey: undefined, enabled: true, origins }],
  [
    { REACTOR_API_KEY: "", REACTOR_ENABLED: "TRUE" },
    { apiKey: undefined, enabled: true, origins },
  ],
  [
    { REACTOR_API_KEY: "k", REACTOR_ENABLED: "false" },
    { apiKey: "k", enabled: false, origins },
  ],
  [{ REACTOR_ENABLED: "0" }, { apiKey: undefined, enabled: false, origins }],
  [
    { ALLOWED_ORIGINS: "https://a.example, https://b.example" },
    {
      apiKey: undefined,
      enabled: true,
      origins: { listed: new Set(["https://a.example", "https://b.example"]), loopback: false },
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
});
