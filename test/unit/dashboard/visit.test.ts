import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Visit } from "../../../src/dashboard/visit.ts";
import { HubDouble } from "../../support/hub-double.ts";
import { ManualClock, promisesSettle, scripted } from "../../support/manual-ports.ts";

beforeEach(() => {
  vi.stubGlobal("location", { href: "http://hub.test/live" });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const at = (seq: number) => ({ epoch: "k3x9", seq });
const event = (seq: number) => ({
  type: "digest_created",
  data: { title: `t${seq}` },
  source: "s",
  timestamp: "",
  id: `${seq}`,
  seq,
});

/** A page that has just connected, to a hub that says nothing yet. */
function visiting() {
  const clock = new ManualClock();
  const hub = new HubDouble(clock.after);
  const visit = new Visit("eu", { open: hub.open, after: clock.after, random: scripted(0.5) });
  async function arrive() {
    clock.pass(0);
    await promisesSettle();
  }
  return {
    hub,
    visit,
    arrive,
    /** Ends the newest connection as a hub does that refuses. @returns what the page then asks */
    async err(code: number, reason: string) {
      hub.latest.drop(code, reason);
      await arrive();
      return visit.entry.read().ask;
    },
    async welcome(seq: number, recovered: true | null = null) {
      hub.latest.welcome(at(seq), { recovered });
      await arrive();
    },
  };
}

it("[H15] folds each event of the stream once and in order, and is told once a frame", async () => {
  const { hub, visit, arrive, welcome } = visiting();
  const told: unknown[] = [];
  visit.feed.subscribe(() => told.push(visit.feed.read().newest.map(({ event: { seq } }) => seq)));
  await welcome(0);
  hub.latest.events(0, at(2), [event(1), event(2)]);
  await arrive();
  hub.latest.events(2, at(3), [event(3)]);
  await arrive();
  expect(told).toEqual([
    [2, 1],
    [3, 2, 1],
  ]);
  expect(visit.readings.read().digest?.title).toBe("t3");
});

it("[D3] shows nothing and asks for nothing where the hub lets everybody in", async () => {
  const { hub, visit, welcome } = visiting();
  expect(hub.latest.protocols).toEqual(["reactor.v1"]);
  await welcome(0);
  expect(visit.entry.read()).toMatchObject({ credential: null, ask: null, wasIn: true });
});

it("[D3] says why it asks, in the hub's words, and asks again where what is shown is refused", async () => {
  const { hub, visit, err, welcome } = visiting();
  expect(await err(4401, "Send one.")).toEqual({ reason: "missing", detail: "Send one." });
  visit.show("wrong");
  await promisesSettle();
  expect(visit.entry.read().ask).toEqual({ reason: "checking", detail: "" });
  expect(await err(4401, "No key.")).toEqual({ reason: "refused", detail: "No key." });
  visit.show("limited");
  expect(await err(4503, "Not here.")).toEqual({ reason: "forbidden", detail: "Not here." });
  visit.show("good-1");
  expect(hub.latest.protocols).toEqual(["reactor.v1", "reactor.token.good-1"]);
  expect(hub.latest.url).toBe("ws://hub.test/ws/stream?channel=eu");
  await welcome(7);
  expect(visit.entry.read()).toMatchObject({ credential: "good-1", ask: null, wasIn: true });
});

it.each(["a/b=", "ünsafe", "two words", "a,b"])(
  "[D3] says that no page can show %j on a socket",
  async (credential) => {
    const { hub, visit, err } = visiting();
    await err(4401, "");
    visit.show(credential);
    await promisesSettle();
    expect(visit.entry.read()).toMatchObject({ credential: null, ask: { reason: "unsendable" } });
    expect(hub.connections).toHaveLength(1);
  },
);

it("[D3] asks for a fresh token before the one that it has ends, and goes on where it is", async () => {
  const { hub, visit, arrive, welcome } = visiting();
  visit.show("old");
  await welcome(5);
  hub.latest.refuse("token_expiring");
  await arrive();
  expect(visit.entry.read().ask).toEqual({ reason: "ending", detail: "" });
  hub.latest.events(5, at(6), [event(6)]);
  await arrive();
  visit.show("fresh");
  expect(hub.connections.map(({ left }) => left)).toEqual([true, true, false]);
  expect(hub.latest.url).toBe("ws://hub.test/ws/stream?channel=eu&cursor=k3x9.6");
  await welcome(6, true);
  hub.latest.events(6, at(7), [event(7)]);
  await arrive();
  expect(visit.entry.read()).toMatchObject({ credential: "fresh", ask: null });
  expect(visit.feed.read().newest.map(({ event: { seq } }) => seq)).toEqual([7, 6]);
});

it("[D3] keeps its place through a refusal", async () => {
  const { hub, visit, err, welcome } = visiting();
  await welcome(5);
  expect(await err(4401, "")).toMatchObject({ reason: "missing" });
  visit.show("wrong");
  await err(4401, "");
  visit.show("good");
  expect(hub.latest.url).toContain("cursor=k3x9.5");
});

it("asks for nothing where the hub is only out of reach, or stays away for something else", async () => {
  const { err, welcome } = visiting();
  expect(await err(1006, "")).toBeNull();
  await welcome(0);
  expect(await err(4500, "Binary.")).toBeNull();
});
