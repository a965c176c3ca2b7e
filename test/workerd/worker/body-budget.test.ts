import { expect, it } from "vitest";
import { holdBody, MAX_HELD_BYTES, releaseBody } from "../../../src/worker/body/body-budget.ts";
import { post } from "../../support/workerd-listener.ts";

const request = () => new Request("http://hub.test/");
const MIB = 1024 * 1024;

it("[E8] holds no more than 16 MiB of bodies, those that grow included, and gives room back", () => {
  const [first, second] = [request(), request()];
  expect(holdBody(first, MAX_HELD_BYTES - MIB, 0)).toBe(true);
  expect(holdBody(second, MIB / 2, 0)).toBe(true);
  expect(holdBody(second, MIB / 2, 0)).toBe(true);
  expect(holdBody(second, 1, 0)).toBe(false);
  releaseBody(second);
  releaseBody(second);
  expect(holdBody(request(), MIB + 1, 0)).toBe(false);
  releaseBody(first);
  const third = request();
  expect(holdBody(third, MAX_HELD_BYTES, 0)).toBe(true);
  releaseBody(third);
});

it("[E8] forgets the bodies of requests that were ended without a word, by a clock that may be set back", () => {
  for (const laterMs of [60_000, -60_000]) {
    const lost = request();
    expect(holdBody(lost, MAX_HELD_BYTES, 0)).toBe(true);
    expect(holdBody(request(), 1, laterMs - Math.sign(laterMs))).toBe(false);
    const next = request();
    expect(holdBody(next, MAX_HELD_BYTES, laterMs)).toBe(true);
    releaseBody(next);
  }
});

it("[E8] refuses an emit as overloaded while there is no room, stores nothing, and takes it later", async () => {
  const large = request();
  holdBody(large, MAX_HELD_BYTES, Date.now());
  const events = [{ type: "a", id: "1" }];
  const refused = await post("?channel=held", events);
  expect([refused.status, refused.headers.get("Retry-After")]).toEqual([503, "1"]);
  expect(await refused.json()).toMatchObject({ code: "overloaded" });
  releaseBody(large);
  expect(await (await post("?channel=held", events)).json()).toMatchObject({ events: [{ seq: 1, duplicate: false }] });
});

it("[E8] counts on if a Content-Length is no number", async () => {
  await post("?channel=no-number", { type: "a" }, { "Content-Length": "many" });
  const all = request();
  expect(holdBody(all, MAX_HELD_BYTES, Date.now())).toBe(true);
  expect(holdBody(request(), 1, Date.now())).toBe(false);
  releaseBody(all);
});

it("[E8] gives room back whatever comes of a request", async () => {
  for (let n = 0; n < 20; n++) {
    const bodies = [[], [{ type: "" }], [{ type: "a", data: "x".repeat(200_000) }]];
    for (const body of bodies) await (await post("?channel=given-back", body)).text();
    await (await post("?channel=given-back", "x".repeat(5 * MIB))).text();
  }
  const all = request();
  expect(holdBody(all, MAX_HELD_BYTES, Date.now())).toBe(true);
  releaseBody(all);
});
