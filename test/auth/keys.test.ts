import { expect, it } from "vitest";
import { checkKey } from "../../src/auth/keys.ts";

it.each(["Bearer dev-key", "bearer dev-key", "Bearer   dev-key"])("[H2] lets %j in", async (authorization) => {
  expect(await checkKey(authorization, "dev-key")).toEqual({ ok: true, value: undefined });
});

it.each([
  null,
  "",
  "dev-key",
  "Basic dev-key",
  "Bearer",
  "Bearer ",
  "Bearer dev-key2",
  "Bearer dev-ke",
  "Bearer dev-key x",
])("[H2] refuses %j", async (authorization) => {
  expect(await checkKey(authorization, "dev-key")).toMatchObject({ ok: false, problem: { code: "unauthorized" } });
});

it.each([undefined, ""])("[H2] says how to set a key where it is %j", async (key) => {
  const refusal = await checkKey("Bearer anything", key);
  expect(refusal).toMatchObject({ ok: false, problem: { code: "emit_not_configured" } });
  expect(refusal.ok || refusal.problem.detail).toContain("wrangler secret put REACTOR_API_KEY");
});
