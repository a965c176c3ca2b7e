import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ReadingsStore } from "../../../../src/dashboard/cards/readings-store.ts";
import { Visit } from "../../../../src/dashboard/visit/visit.ts";
import { HubDouble } from "../../../support/hub-double.ts";
import { ManualClock, promisesSettle, scripted } from "../../../support/manual-ports.ts";

beforeEach(() => {
  vi.stubGlobal("location", { href: "http://hub.test/live" });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const at = (seq: number) => ({ epoch: "k3x9", seq });
const news = (seq: number, data = {}) => ({
  type: "news_processed",
  data,
  source: "s",
  timestamp: "",
  id: `${seq}`,
  seq,
});

/** A page that has just connected, and whose request for the log waits for its answer. */
async function reading() {
  const { promise, resolve } = Promise.withResolvers<Response>();
  const fetched = vi.fn((_url: string) => promise);
  vi.stubGlobal("fetch", fetched);
  const clock = new ManualClock();
  const hub = new HubDouble(clock);
  const visit = new Visit("eu", { open: hub.open, after: clock.after, soon: clock.soon, random: scripted(0.5) });
  const { readings } = new ReadingsStore(visit);
  async function arrive() {
    clock.pass(0);
    await promisesSettle();
  }
  visit.begin();
  hub.latest.welcome(at(0));
  await arrive();
  return {
    ...{ hub, fetched, arrive },
    count: () => readings.read().news.count,
    async answer(body: unknown) {
      resolve(Response.json(body));
      await new Promise((done) => setImmediate(done));
      await arrive();
    },
  };
}

it("[D1] reads the last events of its types once", async () => {
  const { fetched, answer, count } = await reading();
  const events = "ai_metrics_updated,news_processed,digest_created,digest_published,system_health_check";
  expect(fetched.mock.calls.map(([url]) => decodeURIComponent(url))).toEqual([
    `/api/events?channel=eu&events=${events}&last=200`,
  ]);
  await answer({ cursor: "k3x9.7", events: [news(3, { count: 41 }), news(7), { type: 1 }, null] });
  expect(count()).toBe(42);
});

it("[D1] counts each event once, whether the log or the connection brings it first", async () => {
  const { hub, arrive, answer, count } = await reading();
  hub.latest.events(0, at(3), [news(2), news(3)]);
  await arrive();
  expect(count()).toBe(2);
  await answer({ cursor: "k3x9.2", events: [news(1, { count: 10 }), news(2)] });
  expect(count()).toBe(12);
  hub.latest.events(3, at(4), [news(4)]);
  await arrive();
  expect(count()).toBe(13);
});

it("[D1] shows what came live where the log cannot be read", async () => {
  const { hub, arrive, answer, count } = await reading();
  hub.latest.events(0, at(1), [news(1)]);
  await arrive();
  await answer({ cursor: 7, events: "none" });
  expect(count()).toBe(1);
});
