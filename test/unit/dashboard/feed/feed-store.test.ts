import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FeedStore } from "../../../../src/dashboard/feed/feed-store.ts";
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
const event = (seq: number) => ({ type: "t", data: {}, source: "s", timestamp: "", id: `${seq}`, seq });
const events = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => event(from + n));

/** @param pages what the hub answers to the pages that are asked for, in turn */
async function connected(kept: readonly [from: number, to: number], pages: readonly unknown[] = []) {
  const clock = new ManualClock();
  const hub = new HubDouble(clock);
  const visit = new Visit(null, { open: hub.open, after: clock.after, soon: clock.soon, random: scripted(0.5) });
  const store = new FeedStore(visit);
  const answers = [...pages];
  const fetched = vi.fn(async (_url: string) => {
    const answer = answers.shift();
    return answer === undefined ? new Response("{}", { status: 503 }) : Response.json(answer);
  });
  vi.stubGlobal("fetch", fetched);
  visit.begin();
  const arrive = async () => {
    clock.pass(0);
    await promisesSettle();
  };
  const [from, to] = kept;
  hub.latest.welcome(at(from - 1));
  await arrive();
  hub.latest.events(from - 1, at(to), events(from, to));
  await arrive();
  const asked = () => fetched.mock.calls.map(([url]) => url);
  const seqs = () =>
    Array.from({ length: store.window.length }, (_, index) => {
      const row = store.window.at(index);
      return row?.kind === "event" ? row.envelope.seq : row?.kind;
    });
  return { hub, visit, store, arrive, asked, seqs };
}

it("[D6] marks where live events begin, once what was kept is there", async () => {
  const { hub, store, arrive, seqs } = await connected([4, 5]);
  expect(seqs()).toEqual(["live", 5, 4]);
  expect(store.state.read()).toMatchObject({ isOpened: true, received: 2, loaded: 2, older: "more" });
  hub.latest.events(5, at(6), [event(6)]);
  await arrive();
  expect(seqs()).toEqual([6, "live", 5, 4]);
});

it("[D7] reads the log back page by page, over a stretch of which it may see nothing, to the first event", async () => {
  const { store, arrive, asked, seqs } = await connected(
    [900, 900],
    [
      { after: "k3x9.400", cursor: "k3x9.899", more: true, events: [] },
      { after: "k3x9.200", cursor: "k3x9.400", more: true, events: events(300, 301) },
      { after: "k3x9.0", cursor: "k3x9.299", more: false, events: events(7, 7) },
    ],
  );
  await store.loadOlder();
  await store.loadOlder();
  await arrive();
  expect(asked()).toEqual([899, 400, 299].map((seq) => `/api/events?before=k3x9.${seq}&limit=200`));
  expect(seqs()).toEqual(["live", 900, 301, 300, 7]);
  expect(store.state.read()).toMatchObject({ older: "first", received: 1 });
  await store.loadOlder();
  expect(asked()).toHaveLength(3);
});

it.each([
  ["what is before it was deleted", { after: "k3x9.3", cursor: "k3x9.8", more: false, events: events(4, 8) }],
  ["the hub has another history", { after: "a.0", cursor: "a.0", more: false, events: [], reset: { reason: "epoch" } }],
])("[D7] says that older events were deleted if %s", async (_why, page) => {
  const { store, arrive } = await connected([9, 9], [page]);
  await store.loadOlder();
  await arrive();
  expect(store.state.read().older).toBe("deleted");
});

it("[D7] says why a page could not be read, and tries again when it is asked to", async () => {
  const { store, arrive } = await connected([9, 9]);
  await store.loadOlder();
  await arrive();
  expect(store.state.read()).toMatchObject({ older: "more", olderFault: "The server answered 503." });
});

it("[D8] counts what waits while it is paused, and what is new while the visitor reads", async () => {
  const { hub, store, arrive, seqs } = await connected([1, 1]);
  store.scrolled(false);
  hub.latest.events(1, at(2), [event(2)]);
  await arrive();
  expect(store.state.read()).toMatchObject({ isFollowing: false, isPaused: false, fresh: 1 });
  store.pause();
  store.scrolled(true);
  hub.latest.events(2, at(3), [event(3)]);
  await arrive();
  expect(store.state.read()).toMatchObject({ isPaused: true, waiting: 2, received: 3 });
  expect(seqs()).toEqual(["live", 1]);
  store.scrolled(false);
  store.resume();
  await arrive();
  expect(store.state.read()).toMatchObject({ isPaused: false, isFollowing: true, jumps: 1, waiting: 0, fresh: 0 });
  expect(seqs()).toEqual([3, 2, "live", 1]);
});

it("[D10] keeps nothing of an event that was taken out, also while it is open", async () => {
  const { hub, store, arrive, seqs } = await connected([1, 2]);
  await store.selection.openAt("k3x9.2");
  await arrive();
  expect(store.selection.selected.read().opened).toMatchObject({ status: "open", row: { cursor: "k3x9.2" } });
  hub.latest.deliver('{"type":"reactor_removed","data":{"cursor":"k3x9.2"}}');
  await arrive();
  expect(seqs()).toEqual(["live", "removed", 1]);
  expect(store.selection.selected.read().opened).toEqual({ status: "removed", cursor: "k3x9.2", detail: "" });
});
