import { exports } from "cloudflare:workers";
import { expect, it } from "vitest";
import { post, twins } from "../../support/workerd-listener.ts";

const get = (query: string, headers: Record<string, string> = {}, method = "GET") =>
  exports.default.fetch(`http://hub.test/api/events${query}`, { headers, method });

const count = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

interface Page {
  readonly after: string;
  readonly cursor: string;
  readonly more: boolean;
  readonly head?: string;
  readonly events: readonly { readonly id: string; readonly seq: number; readonly data: unknown }[];
}

it("[H2] reads the log page by page, as the emits were answered", async () => {
  const receipts = [];
  for (let n = 0; n < 5; n++) {
    const reply = await post("?channel=h", [
      { type: "even", data: n },
      { type: "odd", data: n },
    ]);
    receipts.push(await reply.json<{ cursor: string; events: { id: string }[] }>());
  }
  const ids: string[] = [];
  let after = "";
  for (let reads = 0; reads < 4; reads++) {
    const reply = await get(`?channel=h&limit=3${after}`);
    expect([reply.status, reply.headers.get("Content-Type")]).toEqual([200, "application/json"]);
    const page = await reply.json<Page>();
    ids.push(...page.events.map(({ id }) => id));
    after = `&after=${page.cursor}`;
    expect(page.head).toBe(page.more ? undefined : receipts.at(-1)?.cursor);
    expect(page.more).toBe(reads < 3);
  }
  expect(ids).toEqual(receipts.flatMap(({ events }) => events.map(({ id }) => id)));
  const odd = await (await get("?channel=h&events=o*")).json<{ events: { data: number }[] }>();
  expect(odd.events.map(({ data }) => data)).toEqual([0, 1, 2, 3, 4]);
});

it("[H2] [L5] reads an empty page from an unused channel", async () => {
  const page = { after: "0.0", cursor: "0.0", more: false, head: "0.0", events: [] };
  expect(await (await get("?channel=unused")).json()).toEqual(page);
});

it("[H2] [C4] answers a cursor of another epoch with a reset", async () => {
  await post("?channel=r", valid);
  const page = await (await get("?channel=r&after=zzzz.1")).json();
  expect(page).toMatchObject({ reset: { reason: "epoch" }, events: [] });
});
const valid = { type: "a" };

it.each(twins)("[H18] reads the newest events, and backwards from there, $how", async ({ how, pause }) => {
  const channel = how.replaceAll(" ", "-");
  await post(
    `?channel=${channel}`,
    count(1, 250).map((n) => ({ type: n % 2 ? "odd" : "even", data: n })),
  );
  const data: unknown[] = [];
  const cursors: string[] = [];
  for (let query = "last=100", pages = 0; pages < 10; pages++) {
    const page = await (await get(`?channel=${channel}&events=odd&${query}`)).json<Page>();
    data.unshift(...page.events.map((event) => event.data));
    cursors.unshift(page.after);
    expect(page.head).toBe(pages === 0 ? page.cursor : undefined);
    if (!page.more) break;
    query = `before=${page.after}&limit=20`;
    await pause(channel);
  }
  expect(data).toEqual(count(1, 125).map((n) => 2 * n - 1));
  expect(cursors[0]).toMatch(/\.0$/);
  const few = await (await get(`?channel=${channel}&last=20&limit=5`)).json<Page>();
  expect(few.events.map(({ seq }) => seq)).toEqual(count(246, 250));
});

it("[H19] answers 304 for a full page behind the head that the client has", async () => {
  await post(
    "?channel=tagged",
    count(1, 10).map((n) => ({ type: "a", data: n })),
  );
  const full = await get("?channel=tagged&limit=4");
  const etag = full.headers.get("ETag") ?? expect.fail("There is no ETag.");
  expect(full.headers.get("Cache-Control")).toBe("private, no-cache");
  const text = await full.text();
  await post("?channel=tagged", { type: "a" });
  for (const held of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
    const reply = await get("?channel=tagged&limit=4", { "If-None-Match": held });
    expect([reply.status, reply.headers.get("ETag"), await reply.text()]).toEqual([304, etag, ""]);
  }
  expect((await get("?channel=tagged&limit=4", { "If-None-Match": etag }, "HEAD")).status).toBe(304);
  const other = await get("?channel=tagged&limit=4", { "If-None-Match": '"x"' });
  expect([other.status, await other.text()]).toEqual([200, text]);
  const filtered = await get("?channel=tagged&limit=4&events=a", { "If-None-Match": etag });
  expect(filtered.status).toBe(200);
  const reaching = await get("?channel=tagged&last=4", { "If-None-Match": "*" });
  expect([reaching.status, reaching.headers.get("ETag"), reaching.headers.get("Cache-Control")]).toEqual([
    200,
    null,
    "no-store",
  ]);
});

it.each([
  ["?after=1", "bad_cursor"],
  ["?before=1", "bad_cursor"],
  ["?before=", "bad_cursor"],
  ["?last=0", "bad_limit"],
  ["?last=1001", "bad_limit"],
  ["?last=", "bad_limit"],
  ["?last=1.5", "bad_limit"],
  ["?last=5&after=k.1", "conflicting_parameters"],
  ["?last=5&before=k.1", "conflicting_parameters"],
  ["?before=k.1&after=k.1", "conflicting_parameters"],
  ["?limit=0", "bad_limit"],
  ["?limit=1001", "bad_limit"],
  ["?limit=1.5", "bad_limit"],
  ["?limit=x", "bad_limit"],
  ["?limit=", "bad_limit"],
  ["?limit=-1", "bad_limit"],
  ["?limit=%2010", "bad_limit"],
  ["?limit=0x10", "bad_limit"],
  ["?limit=1e2", "bad_limit"],
  ["?events=a%0Ab", "bad_pattern"],
  ["?channel=X!", "bad_channel"],
])("[H4] refuses %s", async (query, code) => {
  const reply = await get(query);
  expect([reply.status, (await reply.json<{ code: string }>()).code]).toEqual([400, code]);
});
