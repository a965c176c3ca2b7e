import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ConnectionsStore } from "../../../../src/dashboard/connections/connections-store.ts";
import { Visit } from "../../../../src/dashboard/visit/visit.ts";
import { HubDouble } from "../../../support/hub-double.ts";
import { ManualClock, promisesSettle, scripted } from "../../../support/manual-ports.ts";
import { stubFetch } from "../../../support/stub-fetch.ts";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("location", { href: "http://hub.test/live" });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const at = (seq: number) => ({ epoch: "k3x9", seq });

/** A page that is connected, whose hub answers each request. */
async function connected(answer = () => Response.json({ objects: [{ replays_total: 1 }] })) {
  const fetched = stubFetch(answer);
  const clock = new ManualClock();
  const hub = new HubDouble(clock);
  const visit = new Visit("eu", { open: hub.open, after: clock.after, soon: clock.soon, random: scripted(0.5) });
  const store = new ConnectionsStore(visit);
  visit.begin();
  hub.latest.welcome(at(0));
  clock.pass(0);
  await vi.advanceTimersByTimeAsync(5_000); // what comes now is no more what was kept
  let head = 0;
  return {
    store,
    asked: () => fetched.mock.calls.length,
    async emit() {
      head += 1;
      const event = { type: "a", data: {}, source: "s", timestamp: "", id: `${head}`, seq: head };
      hub.latest.events(head - 1, at(head), [event]);
      clock.pass(0);
      await promisesSettle();
    },
  };
}

it("[D23] asks nothing without a key, and on a quiet channel once", async () => {
  const { store, asked } = await connected();
  store.open();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked()).toBe(0);
  await store.refresh("key");
  await vi.advanceTimersByTimeAsync(600_000);
  expect(asked()).toBe(1);
  expect(store.state.read()).toMatchObject({ report: [{ replays: 1 }], failure: null });
});

it("[D23] asks at most once in 2 s, and once more after the last event", async () => {
  const { store, asked, emit } = await connected();
  store.open();
  await store.refresh("key");
  for (let ms = 0; ms < 9_900; ms += 100) {
    await emit();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(asked()).toBe(5);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked()).toBe(6);
});

it("[D23] asks nothing while the panel is folded", async () => {
  const { store, asked, emit } = await connected();
  store.open();
  await store.refresh("key");
  await emit();
  store.close();
  await emit();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked()).toBe(1);
});

it("[D23] asks no more by itself with a key that the hub refuses", async () => {
  const { store, asked, emit } = await connected(() => Response.json({ detail: "No." }, { status: 401 }));
  store.open();
  await store.refresh("key");
  await emit();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked()).toBe(1);
  expect(store.state.read()).toMatchObject({ report: null, failure: { isKeyRefused: true, detail: "No." } });
});
