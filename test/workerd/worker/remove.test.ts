import { exports } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { evict, listen, post, twins } from "../../support/workerd-listener.ts";

const { ReactorApi } = exports;
const OPERATOR = { Authorization: "Bearer dev-key" };

const ask = (method: string, path: string, headers: Record<string, string> = OPERATOR) =>
  exports.default.fetch(`http://hub.test${path}`, { method, headers });
const remove = async (path: string) => await (await ask("DELETE", path)).json();
const page = async (query: string) => {
  const reply = await ask("GET", `/api/events${query}`);
  return await reply.json<{ events: { seq: number }[]; head?: string; reset?: unknown }>();
};
const seqs = async (query: string) => (await page(query)).events.map(({ seq }) => seq);
/** @returns the cursor of each event */
const emit = async (channel: string, events: readonly object[]) => {
  const reply = await post(`?channel=${channel}`, events);
  const { cursor, events: receipts } = await reply.json<{ cursor: string; events: { seq: number }[] }>();
  return receipts.map(({ seq }) => cursor.replace(/\d+$/, String(seq)));
};

it.each(twins)("[X1] [X2] [X3] [X5] takes an event out of the log, $how", async ({ how, pause }) => {
  const channel = `remove-${how.length}`;
  const { frame } = await listen(`?channel=${channel}`);
  await frame();
  const order = { type: "order", source: "shop", id: "1", data: { card: "4111 1111" } };
  const [, second = ""] = await emit(channel, [{ type: "a" }, order, { type: "b" }]);
  expect((await frame()).events).toHaveLength(3);
  await pause(channel);
  expect(await remove(`/api/events/${second}?channel=${channel}`)).toEqual({ cursor: second, removed: 1 });
  expect(await frame()).toEqual({ type: "reactor_removed", data: { cursor: second } });
  await pause(channel);
  expect(await remove(`/api/events/${second}?channel=${channel}`)).toEqual({ cursor: second, removed: 0 });
  expect(await seqs(`?channel=${channel}`)).toEqual([1, 3]);
  expect(await seqs(`?channel=${channel}&last=2`)).toEqual([1, 3]);
  const retry = await (await post(`?channel=${channel}`, order)).json();
  expect(retry).toEqual({ cursor: second, events: [{ id: "1", seq: 2, duplicate: true }] });
  expect((await post(`?channel=${channel}`, { ...order, data: 1 })).status).toBe(409);
  const again = await listen(`?channel=${channel}&cursor=${second.replace(/\d+$/, "0")}`);
  await again.frame();
  expect(await again.frame()).toMatchObject({ after: 0, events: [{ seq: 1 }, { seq: 3 }] });
  await emit(channel, [{ type: "c" }]);
  expect((await frame()).events).toMatchObject([{ seq: 4 }]);
});

it.each(twins)("[X4] takes out what is below a cursor, $how", async ({ how, pause }) => {
  const channel = `before-${how.length}`;
  const all = Array.from({ length: 1_000 }, (_, n) => ({ type: "a", data: "x".repeat(n % 7 === 0 ? 400 : 10) }));
  for (let n = 0; n < 5; n++) await emit(channel, all);
  const cursors = await emit(channel, [{ type: "b" }, { type: "c" }]);
  await pause(channel);
  const [first = "", second = ""] = cursors;
  expect(await remove(`/api/events?channel=${channel}&before=${second}`)).toEqual({ cursor: second, removed: 5_001 });
  await pause(channel);
  expect(await seqs(`?channel=${channel}`)).toEqual([5_002]);
  expect(await page(`?channel=${channel}&after=${first.replace(/\d+$/, "7")}`)).toMatchObject({
    reset: { reason: "trimmed", oldest: second, cursor: first },
  });
  expect(await remove(`/api/events?channel=${channel}&before=${first}`)).toEqual({ cursor: first, removed: 0 });
  const above = second.replace(/\d+$/, "5003");
  expect(await remove(`/api/events?channel=${channel}&before=${above}`)).toEqual({ cursor: above, removed: 1 });
  await pause(channel);
  expect(await page(`?channel=${channel}`)).toMatchObject({ events: [], head: second });
});

it.each([
  ["/api/events/x", 400, "bad_cursor"],
  ["/api/events/zzzz.1", 404, "event_not_found"],
  ["/api/events/0.0", 404, "event_not_found"],
  ["/api/events/zzzz.1?chanel=a", 400, "unknown_parameter"],
  ["/api/events/zzzz.1?channel=-a", 400, "bad_channel"],
  ["/api/events", 400, "bad_cursor"],
  ["/api/events?before=", 400, "bad_cursor"],
  ["/api/events?before=zzzz.9", 404, "event_not_found"],
  ["/api/events?before=zzzz.9&after=zzzz.1", 400, "unknown_parameter"],
])("[X5] refuses DELETE %s by %i %s", async (path, status, code) => {
  const reply = await ask("DELETE", path);
  expect([reply.status, (await reply.json<{ code: string }>()).code]).toEqual([status, code]);
});

it.each([
  ["no key", {}, 401],
  ["a wrong key", { Authorization: "Bearer wrong" }, 401],
  ["no bearer", { Authorization: "dev-key" }, 401],
])("[X5] [T11] needs a key: %s is %s %i", async (_, headers, status) => {
  for (const path of ["/api/events/zzzz.1", "/api/events?before=zzzz.1"]) {
    expect((await ask("DELETE", path, headers)).status).toBe(status);
  }
});

it("[X5] [H7] names the methods of a path that ends with a cursor", async () => {
  const reply = await ask("GET", "/api/events/zzzz.1");
  expect([reply.status, reply.headers.get("Allow")]).toEqual([405, "DELETE, OPTIONS"]);
  expect((await ask("OPTIONS", "/api/events")).headers.get("Allow")).toBe("GET, HEAD, POST, DELETE, OPTIONS");
});

it("[X1] [X4] says in the log what was removed, and where", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const [first = "", second = ""] = await emit("said", [{ type: "a" }, { type: "b" }]);
  await remove(`/api/events/${first}?channel=said`);
  await remove(`/api/events?before=${second}&channel=said`);
  expect(warn.mock.calls).toEqual([
    [`The operator of channel said removed event ${first}; events that were there: 1.`],
    [`The operator of channel said removed all events before ${second}; events that were there: 1.`],
  ]);
  warn.mockRestore();
});

it("[X8] takes events out for another Worker", async () => {
  const [first = "", second = "", third = ""] = await emit("rpc-remove", [{ type: "a" }, { type: "b" }, { type: "c" }]);
  const options = { channel: "rpc-remove" };
  expect(await ReactorApi.remove(second, options)).toEqual({ ok: true, value: { cursor: second, removed: 1 } });
  await evict("rpc-remove");
  expect(await ReactorApi.removeBefore(third, options)).toMatchObject({ value: { removed: 2 } });
  expect(await seqs("?channel=rpc-remove")).toEqual([3]);
  const calls = [
    (cursor: string, given: object) => ReactorApi.remove(cursor, given),
    (cursor: string, given: object) => ReactorApi.removeBefore(cursor, given),
  ];
  for (const call of calls) {
    expect(await call("x", options)).toMatchObject({ problem: { code: "bad_cursor" } });
    expect(await call(null as unknown as string, options)).toMatchObject({ problem: { code: "bad_cursor" } });
    expect(await call(first, { chanel: "a" })).toMatchObject({ problem: { code: "bad_options" } });
    expect(await call(first, { channel: "-a" })).toMatchObject({ problem: { code: "bad_channel" } });
    expect(await call("zzzz.1", options)).toMatchObject({ problem: { code: "event_not_found" } });
  }
});
