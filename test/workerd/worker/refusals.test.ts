import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { err } from "../../../src/wire/problem.ts";
import { parseDrafts } from "../../../src/worker/body/parse-drafts.ts";
import { callHub, emitTo } from "../../../src/worker/call-hub.ts";
import { countedByHub, countRefusal, reworded, takeRefusals } from "../../../src/worker/refusals.ts";

const { problem } = err("unauthorized", "no");

afterEach(() => {
  vi.restoreAllMocks();
});

it("[H26] keeps refusals by channel until they are taken, once", () => {
  countRefusal("a", problem);
  countRefusal("a", problem);
  countRefusal("a", err("bad_json", "no").problem);
  countRefusal("b", problem);
  expect(takeRefusals("a")).toEqual({ unauthorized: 2, bad_json: 1 });
  expect([takeRefusals("a"), takeRefusals("b")]).toEqual([undefined, { unauthorized: 1 }]);
});

it("[H26] keeps none of what is no channel, nor of what a hub has refused, also in other words", () => {
  for (const name of ["", "a b", "ü", null, "x".repeat(129)]) {
    countRefusal(name, problem);
    expect(takeRefusals(String(name))).toBeUndefined();
  }
  const ofHub = countedByHub(err("forbidden", "no").problem);
  countRefusal("c", ofHub);
  countRefusal("c", reworded(ofHub, "Channel c: no"));
  expect(takeRefusals("c")).toBeUndefined();
  countRefusal("c", reworded(problem, "Channel c: no"));
  expect(takeRefusals("c")).toEqual({ unauthorized: 1 });
});

it("[H26] keeps refusals of 256 channels, those of the last ones", () => {
  for (let n = 0; n < 256; n++) countRefusal(`many-${n}`, problem);
  countRefusal("many-0", problem); // it is the newest again
  countRefusal("one-more", problem);
  expect([takeRefusals("many-1"), takeRefusals("many-0"), takeRefusals("many-2")]).toEqual([
    undefined,
    { unauthorized: 2 },
    { unauthorized: 1 },
  ]);
});

/** A hub that is interrupted so many times, and records what it is handed. */
function interrupted(name: string, times: number) {
  const handed: unknown[] = [];
  const take = (refusals: unknown) => {
    handed.push(refusals);
    if (handed.length <= times) throw Object.assign(new Error("reset"), { durableObjectReset: true });
  };
  const hub = {
    status: async (refusals: unknown) => take(refusals),
    emit: async (_: unknown, __: unknown, refusals: unknown) => {
      take(refusals);
      return { ok: true, value: "{}" };
    },
  };
  const HUB = { getByName: () => hub } as unknown as typeof env.HUB;
  return { channel: { name, hub: hub as never }, variables: { HUB, ASSETS: env.ASSETS }, handed };
}

it("[H26] [H23] hands refusals on again where the call was interrupted, and no more once it was answered", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const { channel, variables, handed } = interrupted("interrupted", 3);
  const ask = () => callHub(channel, variables, async (hub, refusals) => (hub as never as typeof hub).status(refusals));
  const drafts = parseDrafts({ type: "a" });
  if (!drafts.ok) throw new Error(drafts.problem.detail);
  countRefusal(channel.name, problem);
  expect(await ask()).toMatchObject({ ok: false }); // interrupted twice
  countRefusal(channel.name, problem);
  expect(await emitTo(channel, variables, drafts.value)).toMatchObject({ ok: false }); // once
  expect(await ask()).toMatchObject({ ok: true });
  expect(await ask()).toMatchObject({ ok: true });
  const [one, two] = [{ unauthorized: 1 }, { unauthorized: 2 }];
  expect(handed).toEqual([one, one, two, two, undefined]);
});
