import { exports } from "cloudflare:workers";
import { expect, it } from "vitest";
import { post } from "../../support/workerd-listener.ts";

const get = (query: string) => exports.default.fetch(`http://hub.test/api/events${query}`);

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
    const page = await reply.json<{ cursor: string; head: string; events: { id: string; seq: number }[] }>();
    ids.push(...page.events.map(({ id }) => id));
    after = `&after=${page.cursor}`;
    expect(page.head).toBe(receipts.at(-1)?.cursor);
  }
  expect(ids).toEqual(receipts.flatMap(({ events }) => events.map(({ id }) => id)));
  const odd = await (await get("?channel=h&events=o*")).json<{ events: { data: number }[] }>();
  expect(odd.events.map(({ data }) => data)).toEqual([0, 1, 2, 3, 4]);
});

it("[H2] [L5] reads an empty page from an unused channel", async () => {
  const page = { after: "0.0", cursor: "0.0", head: "0.0", events: [] };
  expect(await (await get("?channel=unused")).json()).toEqual(page);
});

it("[H2] [C4] answers a cursor of another epoch with a reset", async () => {
  await post("?channel=r", valid);
  const page = await (await get("?channel=r&after=zzzz.1")).json();
  expect(page).toMatchObject({ reset: { reason: "epoch" }, events: [] });
});
const valid = { type: "a" };

it.each([
  ["?after=1", "bad_cursor"],
  ["?limit=0", "bad_limit"],
  ["?limit=1001", "bad_limit"],
  ["?limit=1.5", "bad_limit"],
  ["?limit=x", "bad_limit"],
  ["?limit=", "bad_limit"],
  ["?limit=-1", "bad_limit"],
  ["?limit=%2010", "bad_limit"],
  ["?limit=0x10", "bad_limit"],
  ["?limit=1e2", "bad_limit"],
  ["?events=a%20b", "bad_pattern"],
  ["?channel=X", "bad_channel"],
])("[H4] refuses %s", async (query, code) => {
  const reply = await get(query);
  expect([reply.status, (await reply.json<{ code: string }>()).code]).toEqual([400, code]);
});
