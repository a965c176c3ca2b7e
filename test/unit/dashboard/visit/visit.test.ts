import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ChannelSession } from "../../../../src/dashboard/channel-session.ts";
import type { FeedStore } from "../../../../src/dashboard/feed/feed-store.ts";
import { OPENING_EVENTS } from "../../../../src/dashboard/visit/visit.ts";
import { HubDouble } from "../../../support/hub-double.ts";
import { ManualClock, promisesSettle, scripted } from "../../../support/manual-ports.ts";

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

function seqsOf({ window }: FeedStore): unknown[] {
  const rows = Array.from({ length: window.length }, (_, index) => window.at(index));
  return rows.flatMap((row) => (row?.kind === "event" ? [row.envelope.seq] : []));
}

/** A page that has just connected, to a hub that has sent nothing yet. */
function visiting() {
  const clock = new ManualClock();
  const hub = new HubDouble(clock);
  const session = new ChannelSession("eu", {
    open: hub.open,
    after: clock.after,
    soon: clock.soon,
    random: scripted(0.5),
  });
  const { visit } = session;
  async function arrive() {
    clock.pass(0);
    await promisesSettle();
  }
  return {
    hub,
    visit,
    feed: session.feed,
    /** The events of the list, the newest first. */
    seqs: () => seqsOf(session.feed),
    readings: session.readings.readings,
    arrive,
    /** Closes the newest connection as a hub that refuses. @returns what the page then asks for */
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

it("[H15] applies each event of the stream once and in order, and changes once per frame", async () => {
  const { hub, feed, seqs, readings, arrive, welcome } = visiting();
  const notified: unknown[] = [];
  await welcome(0);
  feed.state.subscribe(() => notified.push(seqs()));
  hub.latest.events(0, at(2), [event(1), event(2)]);
  await arrive();
  hub.latest.events(2, at(3), [event(3)]);
  await arrive();
  expect(notified).toEqual([
    [2, 1],
    [3, 2, 1],
  ]);
  expect(readings.read().digest?.title).toBe("t3");
});

it("[D6] begins with the newest events, until it is welcomed once, and takes each once", async () => {
  const { hub, visit, seqs, arrive, err, welcome } = visiting();
  const queryOf = () => Object.fromEntries(new URL(hub.latest.url).searchParams);
  expect(queryOf()).toEqual({ channel: "eu", last: String(OPENING_EVENTS) });
  await err(4401, "Send one.");
  visit.show("a-token");
  await promisesSettle();
  expect(queryOf()).toEqual({ channel: "eu", last: String(OPENING_EVENTS) });
  await welcome(3);
  hub.latest.events(3, at(5), [event(4), event(5)]);
  await arrive();
  visit.show("another-token");
  await promisesSettle();
  expect(queryOf()).toEqual({ channel: "eu", cursor: "k3x9.5" });
  await welcome(5, true);
  expect(seqs()).toEqual([5, 4]);
});

it("[D3] presents no credential and asks for none if the hub is open", async () => {
  const { hub, visit, welcome } = visiting();
  expect(hub.latest.protocols).toEqual(["reactor.v1"]);
  await welcome(0);
  expect(visit.entry.read()).toMatchObject({ credential: null, ask: null, wasIn: true });
});

it("[D3] shows the hub's reason when it asks for a credential, and asks again if that is refused", async () => {
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
  expect(hub.latest.url).toBe("ws://hub.test/ws/stream?channel=eu&last=50");
  await welcome(7);
  expect(visit.entry.read()).toMatchObject({ credential: "good-1", ask: null, wasIn: true });
});

it.each(["a/b=", "ünsafe", "two words", "a,b"])(
  "[D3] reports that no page can send %j on a socket",
  async (credential) => {
    const { hub, visit, err } = visiting();
    await err(4401, "");
    visit.show(credential);
    await promisesSettle();
    expect(visit.entry.read()).toMatchObject({ credential: null, ask: { reason: "unsendable" } });
    expect(hub.connections).toHaveLength(1);
  },
);

it("[D3] asks for a fresh token before its token expires, and continues at its cursor", async () => {
  const { hub, visit, seqs, arrive, welcome } = visiting();
  expect(hub.connections).toHaveLength(1);
  visit.show("old");
  await welcome(5);
  hub.latest.refuse("token_expiring");
  await arrive();
  expect(visit.entry.read().ask).toEqual({ reason: "ending", detail: "" });
  hub.latest.events(5, at(6), [event(6)]);
  await arrive();
  visit.show("fresh");
  expect(hub.connections.map(({ isClosedByClient }) => isClosedByClient)).toEqual([true, true, false]);
  expect(hub.latest.url).toBe("ws://hub.test/ws/stream?channel=eu&cursor=k3x9.6");
  await welcome(6, true);
  hub.latest.events(6, at(7), [event(7)]);
  await arrive();
  expect(visit.entry.read()).toMatchObject({ credential: "fresh", ask: null });
  expect(seqs()).toEqual([7, 6]);
});

it("[D3] keeps its cursor through a refusal", async () => {
  const { hub, visit, err, welcome } = visiting();
  await welcome(5);
  expect(await err(4401, "")).toMatchObject({ reason: "missing" });
  visit.show("wrong");
  await err(4401, "");
  visit.show("good");
  expect(hub.latest.url).toContain("cursor=k3x9.5");
});

it("asks for nothing if the hub is unreachable, or closes it for another reason", async () => {
  const { err, welcome } = visiting();
  expect(await err(1006, "")).toBeNull();
  await welcome(0);
  expect(await err(4500, "Binary.")).toBeNull();
});
