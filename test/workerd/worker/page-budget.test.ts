import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { MIN_PAGE_BYTES } from "../../../src/core/log/history-budget.ts";
import { READ_LIMITS } from "../../../src/core/log/read-back.ts";
import { holdPage, MAX_HELD_BYTES, releasePage } from "../../../src/worker/http/page-budget.ts";
import worker from "../../../src/worker/index.ts";
import { post } from "../../support/workerd-listener.ts";

const request = () => new Request("http://hub.test/");
const WHOLE = MAX_HELD_BYTES / READ_LIMITS.bytes;

/** How many whole pages there is room for. */
function room(): number {
  const asked = Array.from({ length: WHOLE + 1 }, request);
  const whole = asked.filter((each) => holdPage(each, Date.now()) === READ_LIMITS.bytes).length;
  for (const each of asked) releasePage(each);
  return whole;
}

async function ask(channel: string, method = "GET") {
  const ctx = createExecutionContext();
  const url = `http://hub.test/api/events?limit=1000&channel=${channel}`;
  const reply = await worker.fetch(new Request(url, { method }) as Parameters<typeof worker.fetch>[0], env, ctx);
  return { ctx, reply };
}

async function fill(channel: string): Promise<void> {
  for (let n = 0; n < 20; n++) await post(`?channel=${channel}`, { type: "a", data: "日".repeat(80_000) });
}

it("[H24] gives pages 4 MiB each until 16 MiB are held, then 256 KiB, and room back", () => {
  expect(room()).toBe(WHOLE);
  const held = Array.from({ length: WHOLE }, request);
  for (const each of held) holdPage(each, Date.now());
  const more = request();
  expect(holdPage(more, Date.now())).toBe(MIN_PAGE_BYTES);
  for (const each of [...held, more]) releasePage(each);
  expect(room()).toBe(WHOLE);
});

it("[H24] holds a page until the client has taken it, whole", async () => {
  await fill("held-page");
  const { ctx, reply } = await ask("held-page");
  expect(room()).toBe(WHOLE - 1);
  const text = await reply.text();
  await waitOnExecutionContext(ctx);
  expect(room()).toBe(WHOLE);
  expect(JSON.parse(text).events.length).toBeGreaterThan(10);
});

it.each([
  ["a client that leaves", "GET"],
  ["HEAD", "HEAD"],
])("[H24] gives room back after %s", async (_, method) => {
  await fill(`left-page-${method.toLowerCase()}`);
  const { ctx, reply } = await ask(`left-page-${method.toLowerCase()}`, method);
  await reply.body?.cancel();
  await waitOnExecutionContext(ctx);
  expect(room()).toBe(WHOLE);
});

it("[H24] gives room back after a refusal, and after a small page", async () => {
  for (const query of ["A b", "small-page"]) {
    const { ctx, reply } = await ask(encodeURIComponent(query));
    await reply.text();
    await waitOnExecutionContext(ctx);
    expect(room()).toBe(WHOLE);
  }
});
