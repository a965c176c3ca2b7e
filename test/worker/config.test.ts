import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { configOf } from "../../src/worker/config.ts";

it.each([
  [{}, { apiKey: undefined, enabled: true }],
  [
    { REACTOR_API_KEY: "", REACTOR_ENABLED: "TRUE" },
    { apiKey: undefined, enabled: true },
  ],
  [
    { REACTOR_API_KEY: "k", REACTOR_ENABLED: "false" },
    { apiKey: "k", enabled: false },
  ],
  [{ REACTOR_ENABLED: "0" }, { apiKey: undefined, enabled: false }],
])("reads %j", (vars, config) => {
  const { HUB, ASSETS } = env;
  expect(configOf({ HUB, ASSETS, ...vars })).toEqual(config);
});

it("names the variable that is wrong, and what it may be", () => {
  const { HUB, ASSETS } = env;
  expect(() => configOf({ HUB, ASSETS, REACTOR_ENABLED: "off" })).toThrow(
    'REACTOR_ENABLED must be true or false, not "off".',
  );
});
