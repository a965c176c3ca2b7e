import { env, exports } from "cloudflare:workers";
import { expect, it } from "vitest";
import { listen } from "../../support/workerd-listener.ts";

const { ReactorApi } = exports;

it("[H13] takes events from another Worker, one or a batch, into any channel", async () => {
  const { frame } = await listen("?channel=rpc");
  await frame();
  expect(await ReactorApi.emit({ type: "a", data: { n: 1 }, id: "mine" }, { channel: "rpc" })).toEqual({
    ok: true,
    value: { cursor: expect.stringMatching(/\.1$/), events: [{ id: "mine", seq: 1, duplicate: false }] },
  });
  expect((await frame()).events).toMatchObject([{ type: "a", data: { n: 1 }, source: "system", seq: 1 }]);
  const two = await ReactorApi.emit([{ type: "b" }, { type: "c" }], { channel: "rpc" });
  expect(two).toMatchObject({ value: { events: [{ seq: 2 }, { seq: 3 }] } });
  await ReactorApi.emit({ type: "a" });
  expect(await env.HUB.getByName("main").status()).toMatchObject({ emitted: 1 });
});

it.each([
  [{ type: "reactor_x" }, {}, "reserved_type"],
  [[{ type: "a" }, {}], {}, "bad_event"],
  [[], {}, "empty_batch"],
  ["a", {}, "bad_event"],
  [{ type: "a" }, { channel: "No" }, "bad_channel"],
])("[H13] refuses %j %j, and stores nothing", async (events, options, code) => {
  const before = await env.HUB.getByName("main").status();
  expect(await ReactorApi.emit(events, options)).toMatchObject({ ok: false, problem: { code } });
  expect(await env.HUB.getByName("main").status()).toMatchObject({ emitted: before.emitted });
});
