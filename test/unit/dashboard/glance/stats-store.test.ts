import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { StatsStore } from "../../../../src/dashboard/glance/stats-store.ts";
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
const event = (seq: number) => ({ type: "a", data: {}, source: "s", timestamp: "", id: `${seq}`, seq });

/** @param answer of the hub, by path */
function watching(answer: (path: string) => Response) {
  const clock = new ManualClock();
  const hub = new HubDouble(clock);
  let [isHidden, show] = [false, () => {}];
  const asked: [string, number][] = [];
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push([path, clock.nowMs]);
    return answer(path);
  });
  const visit = new Visit(null, { open: hub.open, after: clock.after, soon: clock.soon, random: scripted(0.5) });
  const store = new StatsStore(visit, {
    now: () => clock.nowMs,
    after: (ms, run) => void clock.after(ms, run),
    isHidden: () => isHidden,
    onShown(run) {
      show = run;
      return () => {
        show = () => {};
      };
    },
  });
  visit.begin();
  let seq = 0;
  return {
    clock,
    hub,
    store,
    /** When `/ws/stats` was asked for. */
    times: () => asked.filter(([path]) => path.startsWith("/ws/stats")).map(([, ms]) => ms),
    paths: () => asked.map(([path]) => path),
    async pass(ms: number) {
      await clock.live(ms);
      await promisesSettle();
    },
    async connect() {
      clock.pass(0);
      hub.latest.welcome(at(seq));
      await clock.live(0);
      hub.latest.events(0, at(0), []); // the page has what was there
      await clock.live(0);
    },
    async send() {
      hub.latest.events(seq, at(seq + 1), [event(seq + 1)]);
      seq += 1;
      await clock.live(0);
    },
    async hide(hidden: boolean) {
      isHidden = hidden;
      if (!hidden) show();
      await clock.live(0);
    },
  };
}

const healthy = () => Response.json({ connected_clients: 1, ws_events_emitted_total: 0, cursor: "0.0" });

it("[D4] asks once it is connected, and never on a quiet channel", async () => {
  const { connect, pass, paths } = watching(healthy);
  await connect();
  await pass(300_000);
  expect(paths()).toEqual(["/ws/stats", "/ws/health"]);
});

it("[D4] asks after events came, at most once a second, and once after the last", async () => {
  const { connect, pass, send, times } = watching(healthy);
  await connect();
  await pass(10_000);
  for (let n = 0; n < 50; n++) {
    await send();
    await pass(100);
  }
  await pass(60_000);
  expect(times()).toEqual([0, 10_000, 11_000, 12_000, 13_000, 14_000, 15_000]);
});

it("[D4] asks nothing while it is hidden, and once when it is shown again", async () => {
  const { connect, pass, send, hide, times } = watching(healthy);
  await connect();
  await pass(10_000);
  await hide(true);
  for (let n = 0; n < 20; n++) await send();
  await pass(60_000);
  expect(times()).toEqual([0]);
  await hide(false);
  await pass(60_000);
  expect(times()).toEqual([0, 70_000]);
  await hide(true);
  await hide(false);
  await pass(60_000);
  expect(times()).toHaveLength(2);
});

it("[D15] keeps what the hub said last, and why it says no more", async () => {
  let isUp = true;
  const body = { detail: "Interrupted.", code: "log_unavailable" };
  const { connect, pass, send, store } = watching(() => (isUp ? healthy() : Response.json(body, { status: 503 })));
  await connect();
  await pass(10_000);
  isUp = false;
  await send();
  await pass(0);
  expect(store.glance.read()).toMatchObject({
    stats: { clients: 1 },
    statsMs: 0,
    fault: "Interrupted.",
    health: "failing",
  });
  isUp = true;
  await send();
  await pass(1_000);
  expect(store.glance.read()).toMatchObject({ statsMs: 11_000, fault: null, health: "healthy" });
});

it("[D13] asks for the hub's health when the connection does not come back at once", async () => {
  const answers = { "/ws/stats": healthy(), "/ws/health": Response.json({}, { status: 503 }) };
  let isLost = false;
  const watched = watching((path) => (isLost && path === "/ws/health" ? answers[path] : healthy()));
  const { connect, pass, hub, store, paths } = watched;
  await connect();
  await pass(20_000);
  isLost = true;
  hub.latest.drop(1006, "");
  await pass(0);
  expect(store.glance.read().health).toBe("unknown");
  const before = paths().length;
  await pass(2_000);
  hub.latest.drop(1006, "");
  await pass(0);
  expect(paths().slice(before)).toEqual(["/ws/health"]);
  expect(store.glance.read().health).toBe("failing");
});
