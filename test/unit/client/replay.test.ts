import { expect, expectTypeOf, it, vi } from "vitest";
import type { ConnectOptions } from "../../../src/client/connect-options.ts";
import { type ReplayOptions, replay } from "../../../src/client/replay.ts";
import type { ReactorEvent } from "../../../src/wire/event.ts";
import { connectToDouble, stampedEvent } from "../../support/client-setup.ts";
import { at } from "../../support/connections.ts";
import { promisesSettle } from "../../support/manual-ports.ts";
import { reportedErrors } from "../../support/reported-errors.ts";

const reported = reportedErrors();

/** A log that answers as a hub does, in pages of `limit`, once the test lets it. */
function setup(options: ConnectOptions = {}, limit = 100) {
  const double = connectToDouble(options);
  const log: ReactorEvent[] = [];
  const asked: { url: string; token: string | undefined; aborted: () => boolean }[] = [];
  /** What the next answers are instead: a status, or no answer. */
  const failures: (number | "offline")[] = [];
  const release: (() => void)[] = [];
  let isHeld = false;
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    const token = (init.headers as Record<string, string>).authorization;
    asked.push({ url, token, aborted: () => init.signal?.aborted === true });
    const { searchParams } = new URL(url);
    if (isHeld) await new Promise<void>((resolve) => release.push(resolve));
    init.signal?.throwIfAborted();
    const failure = failures.shift();
    if (failure === "offline") throw new TypeError("fetch failed");
    if (failure) return Response.json({ code: "forbidden", detail: "This token reads nothing." }, { status: failure });
    const last = searchParams.get("last");
    const after = Number(searchParams.get("after")?.split(".")[1] ?? 0);
    const matching = log.filter(
      ({ type }) => !searchParams.has("events") || searchParams.get("events")?.split(",").includes(type),
    );
    const behind = matching.filter(({ seq = 0 }) => seq > after);
    const page = last ? matching.slice(-Number(last)) : behind.slice(0, limit);
    const more = last ? page.length < matching.length : page.length < behind.length;
    const cursor = more && !last ? page.at(-1)?.seq : log.at(-1)?.seq;
    return Response.json({ after: `k3x9.${after}`, cursor: `k3x9.${cursor ?? 0}`, more, events: page });
  });
  const heard: unknown[] = [];
  const listen = (given: ReplayOptions, pattern = "a") =>
    replay(double.reactor, pattern, (event) => heard.push(event.seq ?? event.type), given);
  const append = (...events: ReactorEvent[]) => log.push(...events);
  const hold = () => {
    isHeld = true;
  };
  const letGo = async () => {
    isHeld = false;
    for (const run of release.splice(0)) run();
    await promisesSettle();
  };
  /** The hub confirms the newest subscription. */
  const confirm = (seq: number) => {
    double.hub.latest.subscribed(double.reactor.patterns, at(seq));
    double.clock.pass(0);
  };
  return { ...double, log, asked, failures, heard, listen, append, hold, letGo, confirm };
}

it("[K30] brings the newest events of the log, and then those that come", async () => {
  const { heard, listen, append, live, emit, asked } = setup({ events: ["a"] });
  append(...[1, 2, 3].map((seq) => stampedEvent("a", seq)), stampedEvent("b", 4));
  live(4);
  listen({ last: 2 });
  await promisesSettle();
  emit(stampedEvent("a", 5));
  expect(heard).toEqual([2, 3, 5]);
  expect(asked.map(({ url, token }) => [url, token])).toEqual([
    ["https://hub.test/api/events?last=2&events=a", undefined],
  ]);
});

it("[K30] reads page after page behind a cursor, below the path and in the channel of the connection", async () => {
  const { heard, listen, append, live, asked } = setup({ url: "http://h.test/x/", channel: "eu", events: ["a"] }, 2);
  append(...[1, 2, 3, 4, 5].map((seq) => stampedEvent("a", seq)));
  live(5);
  listen({ since: "k3x9.1" });
  for (let page = 0; page < 2; page++) await promisesSettle();
  expect(heard).toEqual([2, 3, 4, 5]);
  const base = "http://h.test/x/api/events?channel=eu&after=k3x9";
  expect(asked.map(({ url }) => url)).toEqual([`${base}.1&events=a`, `${base}.3&events=a`]);
});

it("[K30] has no gap and no double at the seam: it asks once the subscription is confirmed, and holds back what comes", async () => {
  const { heard, listen, append, live, emit, hold, letGo, confirm, asked, hub } = setup({ events: ["b"] });
  append(stampedEvent("a", 1));
  live(1);
  hold();
  listen({ since: "k3x9.0" });
  await promisesSettle();
  expect([asked.length, hub.latest.sent]).toEqual([0, ['{"type":"subscribe","data":{"events":["b","a"]}}']]);
  append(stampedEvent("a", 2)); // before the hub has changed the subscription: the socket never brings it
  confirm(2);
  await promisesSettle();
  expect(asked).toHaveLength(1);
  append(stampedEvent("a", 3)); // in the page, and on the socket
  emit(stampedEvent("a", 3));
  await letGo();
  emit(stampedEvent("a", 4));
  expect(heard).toEqual([1, 2, 3, 4]);
});

it("[K30] drops what the socket brings late, and brings what has no place in the log", async () => {
  const { heard, listen, append, hub, clock, emit } = setup({
    events: ["a", "reactor_heartbeat"],
    cursor: "k3x9.0",
  });
  append(stampedEvent("a", 1), stampedEvent("a", 2));
  hub.latest.welcome(at(0), { recovered: true });
  clock.pass(0);
  listen({ last: 5 });
  await promisesSettle();
  listen({ last: 5 }, "reactor_heartbeat");
  await promisesSettle();
  hub.latest.events(0, at(1), [stampedEvent("a", 1)], true);
  hub.latest.events(1, at(2), [stampedEvent("a", 2), stampedEvent("reactor_heartbeat", 0)]);
  clock.pass(0);
  emit(stampedEvent("a", 3));
  expect(heard).toEqual([1, 2, "reactor_heartbeat", 3]);
});

it("[K30] brings what follows a reset, whose log counts from 1 again", async () => {
  const { heard, listen, append, live, hub, clock } = setup({ events: ["a"] });
  append(...[1, 2, 3].map((seq) => stampedEvent("a", seq)));
  live(3);
  listen({ last: 1 });
  await promisesSettle();
  hub.latest.reset({ epoch: "new", seq: 0 }, "epoch");
  hub.latest.events(0, { epoch: "new", seq: 1 }, [stampedEvent("a", 1)]);
  clock.pass(0);
  expect(heard).toEqual([3, 1]);
});

it("[K30] loses no event after a reset to before what it has read", async () => {
  const { heard, listen, append, live, hub, clock, reactor } = setup({ events: ["a"] });
  append(stampedEvent("a", 3));
  live(3);
  const replaying = listen({ last: 1 });
  await promisesSettle();
  hub.latest.reset(at(1), "ahead");
  hub.latest.events(1, at(2), [stampedEvent("a", 2)]);
  clock.pass(0);
  expect([heard, replaying.cursor, reactor.cursor]).toEqual([[3, 2], "k3x9.2", "k3x9.2"]);
});

it("[K30] reads the log again when its history changes meanwhile, and brings what came of the old one first", async () => {
  const { listen, live, emit, hub, clock, heard } = setup({ events: ["a"] });
  const answers: ((page: object) => void)[] = [];
  vi.stubGlobal("fetch", async () => Response.json(await new Promise((resolve) => answers.push(resolve))));
  const page = (cursor: string, seq: number) => ({ cursor, more: false, events: [stampedEvent("a", seq)] });
  live(3);
  listen({ last: 5 });
  await promisesSettle();
  emit(stampedEvent("a", 4));
  hub.latest.reset({ epoch: "new", seq: 0 }, "epoch");
  hub.latest.events(0, { epoch: "new", seq: 2 }, [stampedEvent("a", 1), stampedEvent("a", 2)]);
  clock.pass(0);
  await promisesSettle();
  answers[0]?.(page("k3x9.3", 3)); // of the old history: it is dropped
  await promisesSettle();
  expect([heard, answers.length]).toEqual([[4], 2]);
  answers[1]?.(page("new.1", 1));
  await promisesSettle();
  expect(heard).toEqual([4, 1, 2]);
});

it("[K30] is not moved by the reset of another one's page", async () => {
  const { heard, listen, append, live, hub, clock } = setup({ events: ["a"] });
  append(stampedEvent("a", 1), stampedEvent("a", 2));
  live(0);
  listen({ last: 2 });
  await promisesSettle();
  const reset = { reason: "epoch", oldest: "k3x9.0", cursor: "k3x9.0" };
  vi.stubGlobal("fetch", async () => Response.json({ cursor: "k3x9.0", more: false, events: [], reset }));
  listen({ since: "old.1" }, "b");
  hub.latest.subscribed(["a", "b"], at(0));
  clock.pass(0);
  await promisesSettle();
  hub.latest.events(0, at(2), [stampedEvent("a", 1), stampedEvent("a", 2)]); // late
  clock.pass(0);
  expect(heard).toEqual([1, 2]);
});

it("[K30] says up to where it has delivered", async () => {
  const { listen, append, live, emit, hold, letGo } = setup({ events: ["a"] });
  append(stampedEvent("a", 1), stampedEvent("a", 2), stampedEvent("b", 3));
  live(3);
  hold();
  const newest = listen({ last: 1 });
  const since = listen({ since: "0.0" });
  await promisesSettle();
  emit(stampedEvent("a", 4));
  expect([newest.cursor, since.cursor]).toEqual([undefined, "0.0"]);
  await letGo();
  expect([newest.cursor, since.cursor]).toEqual(["k3x9.4", "k3x9.4"]);
  newest();
  emit(stampedEvent("a", 5));
  expect([newest.cursor, since.cursor]).toEqual(["k3x9.4", "k3x9.5"]);
});

it("[K30] stops in the middle of a page and of what was held when its listener closes, and goes on there", async () => {
  const { append, live, emit, hold, letGo, reactor, clock, asked } = setup({ events: ["a"] });
  append(...[1, 2, 3].map((seq) => stampedEvent("a", seq)));
  live(3);
  hold();
  const heard: unknown[] = [];
  const replaying = replay(
    reactor,
    "a",
    ({ seq = 0 }) => {
      heard.push(seq);
      if (seq === 1 || seq === 4) reactor.close();
    },
    { since: "0.0" },
  );
  await promisesSettle();
  emit(stampedEvent("a", 4), stampedEvent("a", 5));
  append(stampedEvent("a", 4), stampedEvent("a", 5));
  await letGo();
  expect([heard, replaying.cursor]).toEqual([[1], "k3x9.1"]);
  for (const expected of [
    [1, 2, 3, 4],
    [1, 2, 3, 4, 5],
  ]) {
    reactor.open();
    clock.pass(0);
    live(5);
    await promisesSettle();
    await promisesSettle();
    expect(heard).toEqual(expected);
  }
  expect(asked.map(({ url }) => new URL(url).searchParams.get("after"))).toEqual(["0.0", "k3x9.1", "k3x9.4"]);
});

it("[K30] asks again where the answer is no page", async () => {
  const { heard, listen, live, clock } = setup({ events: ["a"] });
  const answers: unknown[] = ["<html>", { events: [] }, { cursor: "k3x9.1" }];
  const page = { cursor: "k3x9.1", more: false, events: [stampedEvent("a", 1)] };
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify(answers.shift() ?? page)));
  live(1);
  listen({ last: 1 });
  await promisesSettle();
  await clock.live(60_000);
  expect([heard, reported]).toEqual([[1], []]);
});

it("[K30] waits for the connection, begins again after an outage, and asks for nothing while it is closed", async () => {
  const { heard, listen, append, live, hub, clock, hold, letGo, asked, reactor } = setup({ events: ["a"] });
  append(stampedEvent("a", 1));
  listen({ since: "0.0" });
  await promisesSettle();
  expect(asked).toEqual([]);
  hold();
  live(1);
  await promisesSettle();
  expect(asked).toHaveLength(1);
  hub.latest.drop(1006);
  clock.pass(0);
  expect(asked[0]?.aborted()).toBe(true);
  await letGo();
  expect(heard).toEqual([]);
  clock.pass(2_000);
  live(1);
  await promisesSettle();
  expect([heard, asked.length]).toEqual([[1], 2]);
  hold();
  listen({ last: 1 });
  reactor.close();
  await letGo();
  clock.pass(0);
  expect([heard, asked.length, clock.pending]).toEqual([[1], 3, 0]);
});

it("[K30] asks again where the log cannot be read for a while, and reports a failure that lasts", async () => {
  const { heard, listen, append, live, failures, asked, clock, emit } = setup({ events: ["a"] });
  append(stampedEvent("a", 1));
  live(1);
  failures.push("offline", 503, 429, "offline", "offline");
  listen({ last: 1 });
  await promisesSettle();
  emit(stampedEvent("a", 2));
  for (let n = 0; n < 5; n++) await clock.live(20_000);
  expect([heard, asked.length]).toEqual([[1, 2], 6]);
  expect(reported).toEqual([new TypeError("fetch failed")]);
});

it("[K30] [S14] reads the log where the channel has no room for the listener's pattern", async () => {
  const { listen, append, live, hub, clock, heard, reactor } = setup({ events: ["b"] });
  append(stampedEvent("a", 1));
  live(1);
  listen({ since: "0.0" });
  clock.pass(0);
  hub.latest.refuse("rate_limited");
  clock.pass(0);
  await promisesSettle();
  expect([heard, reactor.patterns]).toEqual([[1], ["b"]]);
});

it("[K30] tells of a refusal, and brings what comes from then on", async () => {
  const { heard, listen, live, failures, emit, reactor, asked } = setup({ events: ["a"] });
  const errors: unknown[] = [];
  reactor.onError(({ code, message }) => errors.push([code, message]));
  live(0);
  failures.push(403);
  listen({ last: 1 });
  await promisesSettle();
  emit(stampedEvent("a", 1));
  expect([errors, heard, asked.length]).toEqual([[["forbidden", "The log: This token reads nothing."]], [1], 1]);
});

it("[K30] tells by a reset that events are missing", async () => {
  const { listen, live, reactor } = setup({ events: ["a"] });
  const reset = { reason: "trimmed", oldest: "k3x9.9", cursor: "k3x9.8" };
  vi.stubGlobal("fetch", async () =>
    Response.json({ after: "k3x9.8", cursor: "k3x9.8", more: false, events: [], reset }),
  );
  const resets: unknown[] = [];
  reactor.onReset((given) => resets.push(given));
  live(8);
  listen({ since: "k3x9.1" });
  await promisesSettle();
  expect([resets, reactor.cursor]).toEqual([[reset], "k3x9.8"]);
});

it("[K30] shows the connection's token", async () => {
  const { listen, live, asked } = setup({ events: ["a"], token: "t.1" });
  live(0);
  listen({ last: 1 });
  await promisesSettle();
  expect(asked.map(({ token }) => token)).toEqual(["Bearer t.1"]);
});

it("[K30] reads what `*` is within, and everything where that is not said", async () => {
  const narrow = setup({ events: ["a", "b"] });
  narrow.live(0);
  narrow.reactor.on("c", () => {});
  narrow.confirm(0);
  narrow.listen({ last: 1 }, "*");
  await promisesSettle();
  expect(narrow.asked.map(({ url }) => new URL(url).search)).toEqual(["?last=1&events=a%2Cb"]);
  const all = setup();
  all.listen({ last: 1 }, "*");
  all.live(0);
  await promisesSettle();
  expect(all.asked.map(({ url }) => new URL(url).search)).toEqual(["?last=1"]);
});

it("[K30] stops by its undo and by a signal, also while the log is read", async () => {
  const { heard, listen, append, live, emit, hold, letGo, asked, reactor, clock } = setup({ events: ["a"] });
  append(stampedEvent("a", 1));
  live(1);
  hold();
  const undo = listen({ last: 1 });
  const left = new AbortController();
  listen({ since: "0.0", signal: left.signal });
  await promisesSettle();
  undo();
  left.abort();
  await letGo();
  emit(stampedEvent("a", 2));
  expect([heard, asked.map(({ aborted }) => aborted()), reactor.patterns]).toEqual([[], [true, true], ["a"]]);
  expect(reported).toEqual([]);
  clock.pass(60_000);
  expect(asked).toHaveLength(2);
});

it.each<[unknown, string]>([
  [undefined, "`options` must be either `{ last }` or `{ since }`; this is undefined."],
  [{}, '`options` must be either `{ last }` or `{ since }`; this is "".'],
  [{ last: 1, since: "0.0" }, '`options` must be either `{ last }` or `{ since }`; this is "last,since".'],
  [{ lst: 1 }, '`options` must be of last since signal; this is "lst".'],
  [{ last: 0 }, "`last` must be a whole number from 1 to 1000; this is 0."],
  [{ since: "yesterday" }, '`since` must be a value of `reactor.cursor`; this is "yesterday".'],
])("[K30] [K20] refuses %j at the call", (options, message) => {
  const { listen, reactor } = setup();
  expect(() => listen(options as ReplayOptions)).toThrow(message);
  expect(() => replay({ ...reactor } as typeof reactor, "a", () => {}, { last: 1 })).toThrow(
    "`reactor` must be a connection that this",
  );
  expect(reactor.patterns).toEqual(["reactor_heartbeat"]);
});

it("[K30] is typed by the map of events", () => {
  const { reactor } = connectToDouble<{ a: { n: number } }>();
  replay(reactor, "a", (event) => expectTypeOf(event.data).toEqualTypeOf<{ n: number }>(), { last: 1 });
  // @ts-expect-error no type of the map, and no pattern
  replay(reactor, "b", () => {}, { last: 1 });
});
