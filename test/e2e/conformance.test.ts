import { afterAll, beforeAll, expect, it } from "vitest";
import { CHECKS, type Outcome, runChecks } from "../../tools/conformance/run-checks.ts";
import { startFaultyHub } from "./faulty-hub.ts";
import { KEY, TOKENS } from "./seeded-faults/altered-credentials.ts";
import { SEEDED_IN_CLOSED_CHANNELS } from "./seeded-faults/faults-in-access.ts";
import type { SeededFault } from "./seeded-faults/seeded-fault.ts";
import { SEEDED_FAULTS } from "./seeded-faults/seeded-faults.ts";
import { type Server, startServer } from "./server.ts";

const TOKEN_VARS = {
  REACTOR_JWT_SECRET: TOKENS.secret,
  REACTOR_JWT_AUDIENCE: String(TOKENS.audience),
  REACTOR_JWT_ISSUER: String(TOKENS.issuer),
};

let server: Server;

beforeAll(async () => {
  server = await startServer({ vars: TOKEN_VARS });
});
afterAll(() => server.stop());

const brokenOf = (outcomes: Outcome[]) => outcomes.flatMap(({ ok, rule, why }) => (ok ? [] : `${rule}: ${why}`));

/** @returns why the check of its rule fails on a hub with a fault; `undefined`: it passes */
async function reasonOf(hubUrl: string, { rule, fault }: SeededFault): Promise<string | undefined> {
  const faulty = await startFaultyHub(hubUrl, fault);
  const checks = CHECKS.filter((check) => check.rule === rule);
  const target = { url: faulty.url, key: KEY, tokens: TOKENS };
  const [outcome] = await runChecks(target, checks, { timeoutMs: 10_000 });
  faulty.stop();
  return outcome?.why;
}

it("keeps every rule that is visible from outside", async () => {
  const outcomes = await runChecks({ url: server.url, key: KEY, tokens: TOKENS }, CHECKS, { timeoutMs: 30_000 });
  expect(brokenOf(outcomes)).toEqual([]);
  expect(outcomes.length).toBeGreaterThanOrEqual(80);
}, 240_000);

it("keeps every rule that is visible without a token, where none is required", async () => {
  const open = await startServer();
  const checks = CHECKS.filter(({ needsSecret }) => !needsSecret);
  expect(brokenOf(await runChecks({ url: open.url, key: KEY }, checks, { timeoutMs: 30_000 }))).toEqual([]);
  await open.stop();
}, 120_000);

// Those of T15 wait for a token to expire: all at once.
it.concurrent.for(SEEDED_FAULTS.filter(({ rule }) => rule === "T15"))(
  "fails $rule on a hub that $hub",
  { timeout: 120_000 },
  async (seeded, { expect }) => {
    expect(await reasonOf(server.url, seeded)).toMatch(seeded.reason);
  },
);

it.for(SEEDED_FAULTS.filter(({ rule }) => rule !== "T15"))("fails $rule on a hub that $hub", async (seeded) => {
  expect(await reasonOf(server.url, seeded)).toMatch(seeded.reason);
});

it("keeps T6, T7 and T11 where CHANNELS restricts tokens without channels, and finds hubs that do not", async () => {
  const closed = await startServer({ vars: { ...TOKEN_VARS, CHANNELS: "main" } });
  const checks = CHECKS.filter(({ rule }) => ["T6", "T7", "T11"].includes(rule));
  expect(brokenOf(await runChecks({ url: closed.url, key: KEY, tokens: TOKENS }, checks))).toEqual([]);
  for (const seeded of SEEDED_IN_CLOSED_CHANNELS) expect(await reasonOf(closed.url, seeded)).toMatch(seeded.reason);
  await closed.stop();
});
