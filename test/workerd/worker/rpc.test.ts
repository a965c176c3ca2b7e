import { createExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { expect, it } from "vitest";
import { type EmitOptions, ReactorApi as Entrypoint, type EventInput } from "../../../src/worker/rpc.ts";
import { listen } from "../../support/workerd-listener.ts";

const { ReactorApi } = exports;
const MAX_REQUEST_BYTES = 4_194_304;

const emitted = async (channel: string) => (await env.HUB.getByName(channel).status()).emitted;

it("[H14] accepts events from another Worker, one or a batch, for any channel", async () => {
  const { frame } = await listen("?channel=rpc");
  await frame();
  expect(await ReactorApi.emit({ type: "a", data: { n: 1 }, id: "mine" }, { channel: "rpc" })).toEqual({
    ok: true,
    value: { cursor: expect.stringMatching(/\.1$/), events: [{ id: "mine", seq: 1, duplicate: false }] },
  });
  expect((await frame()).events).toMatchObject([{ type: "a", data: { n: 1 }, source: "system", seq: 1 }]);
  const two = await ReactorApi.emit([{ type: "b" }, { type: "c" }], { channel: "rpc" });
  expect(two).toMatchObject({ value: { events: [{ seq: 2 }, { seq: 3 }] } });
  for (const options of [undefined, {}, { channel: undefined }]) await ReactorApi.emit({ type: "a" }, options);
  expect(await emitted("main")).toBe(3);
});

it.each<[unknown, unknown, string]>([
  [{ type: "reactor_x" }, {}, "reserved_type"],
  [[{ type: "a" }, {}], {}, "bad_event"],
  [[{ type: "a" }, { type: "a", payload: 1 }], {}, "unknown_field"],
  [{ type: "a", timestamp: null }, {}, "bad_event"],
  [[], {}, "empty_batch"],
  ["a", {}, "bad_event"],
  [undefined, {}, "bad_event"],
  [new Map([["type", "a"]]), {}, "bad_event"],
  [new Set([{ type: "a" }]), {}, "bad_event"],
  [[{ type: "a" }, new Map([["type", "a"]])], {}, "bad_event"],
  [new Array(1), {}, "bad_event"],
  [{ type: "a" }, { channel: "No!" }, "bad_channel"],
])("[H14] refuses %j %j, and stores nothing", async (events, options, code) => {
  const before = await emitted("main");
  expect(await ReactorApi.emit(events as EventInput, options as EmitOptions)).toMatchObject({
    ok: false,
    problem: { code },
  });
  expect(await emitted("main")).toBe(before);
});

it.each([
  [null, "null"],
  [5, "5"],
  [true, "true"],
  [["main"], "an array"],
  [Object("main"), "an instance of String"],
  [() => "main", "a function"],
])("[H16] refuses the channel %j, and names it %s", async (channel, what) => {
  const before = await emitted("main");
  const refused = await ReactorApi.emit({ type: "a" }, { channel } as EmitOptions);
  expect(refused).toMatchObject({
    ok: false,
    problem: { code: "bad_channel", detail: expect.stringMatching(`; this is ${what}\\.$`) },
  });
  expect(await emitted("main")).toBe(before);
});

it.each<[unknown, string]>([
  ["news", 'this is "news"'],
  [null, "this is null"],
  [5, "this is 5"],
  [["news"], "this is an array"],
  [new Map([["channel", "news"]]), "this is an instance of Map"],
  [() => 1, "this is a function"],
  [{ chanel: "news" }, 'there is no option "chanel"'],
  [{ channel: "news", durable: true }, 'there is no option "durable"'],
])("[H14] refuses the options %j: %s", async (options, why) => {
  const before = await emitted("main");
  expect(await ReactorApi.emit({ type: "a" }, options as EmitOptions)).toEqual({
    ok: false,
    problem: { code: "bad_options", detail: `Options are {channel}; ${why}.` },
  });
  expect(await emitted("main")).toBe(before);
});

it("[H14] has types that report a missing type and a misspelt option", async () => {
  // @ts-expect-error: `type` is missing
  expect(await ReactorApi.emit({ data: 1 })).toMatchObject({ problem: { code: "bad_event", pointer: "/type" } });
  // @ts-expect-error: no such option
  expect(await ReactorApi.emit({ type: "a" }, { chanel: "news" })).toMatchObject({ problem: { code: "bad_options" } });
});

it("[H5] [H9] throws while ALLOWED_ORIGINS is invalid, and names the entry", async () => {
  const invalid = new Entrypoint(createExecutionContext(), { ...env, ALLOWED_ORIGINS: "https://a.example,*" });
  await expect(invalid.emit({ type: "a" }, { channel: "invalid" })).rejects.toThrow(/^ALLOWED_ORIGINS must be .*"\*"/);
  expect(await emitted("invalid")).toBe(0);
});

it("[H8] [H14] refuses events while the reactor is switched off", async () => {
  const off = new Entrypoint(createExecutionContext(), { ...env, REACTOR_ENABLED: "false" });
  expect(await off.emit({ type: "a" }, { channel: "off" })).toMatchObject({
    ok: false,
    problem: { code: "reactor_disabled" },
  });
  expect(await emitted("off")).toBe(0);
});

it("[E6] [H14] accepts 4 MiB per request, and refuses more", async () => {
  const data = "x".repeat(250_000 - 2); // and two quotes
  const event = { type: "a", source: "s", data };
  const rest = MAX_REQUEST_BYTES - 16 * (250_000 + 2) - 4;
  const fits = [...Array<EventInput>(16).fill(event), { type: "a", source: "s", data: "x".repeat(rest) }];
  expect(await ReactorApi.emit(fits, { channel: "large" })).toMatchObject({
    ok: true,
    value: { events: { length: 17 } },
  });
  const tooMuch = [...fits, { type: "a", source: "s", data: 1 }];
  expect(await ReactorApi.emit(tooMuch, { channel: "large" })).toEqual({
    ok: false,
    problem: {
      code: "body_too_large",
      detail: "A request may have 4194304 bytes; the first 18 of these 18 events have 4194307. Send them in parts.",
      pointer: "/17",
    },
  });
  expect(await emitted("large")).toBe(17);
});

it("[E6] [H14] measures each of a thousand events that share one data", async () => {
  const shared = { text: "x".repeat(200_000) };
  const events = Array.from({ length: 1_000 }, () => ({ type: "a", data: shared }));
  expect(await ReactorApi.emit(events, { channel: "shared" })).toMatchObject({
    ok: false,
    problem: { code: "body_too_large", pointer: "/20" },
  });
});
