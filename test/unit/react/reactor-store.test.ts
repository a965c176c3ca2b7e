import { expect, it } from "vitest";
import { type ConnectOptions, createReactor } from "../../../src/client/index.ts";
import { ReactorStore } from "../../../src/react/reactor-store.ts";
import type { ReactorEvent } from "../../../src/wire/event.ts";
import { encodeError } from "../../../src/wire/server-frame.ts";
import { HubDouble } from "../../support/hub-double.ts";
import { ManualClock, scripted } from "../../support/manual-ports.ts";

const at = (seq: number) => ({ epoch: "k3x9", seq });

function event(seq: number): ReactorEvent {
  return { type: "a", data: { seq }, source: "system", timestamp: "2026-11-21T12:00:00.000Z", id: `k3x9.${seq}`, seq };
}

/** A store that follows a connection, as in a mounted provider. */
function setup(options: ConnectOptions = {}) {
  const clock = new ManualClock();
  const hub = new HubDouble(clock);
  const ports = { open: hub.open, after: clock.after, soon: clock.soon, random: scripted(0.5) };
  const reactor = createReactor({ url: "http://hub.test", ...options }, ports);
  const store = new ReactorStore(reactor, options.events);
  const detach = store.attach();
  const renders: number[] = [];
  store.view.subscribe(() => renders.push(store.view.read().events.length));
  /** Delivers everything in flight, and renders it. */
  const settle = async (ms = 0) => {
    clock.pass(ms);
    await Promise.resolve();
    return store.view.read();
  };
  const live = async () => {
    reactor.open();
    hub.latest.welcome(at(0));
    return settle();
  };
  return { hub, reactor, store, detach, renders, settle, live };
}

const asked = (texts: readonly string[]) => texts.map((text) => JSON.parse(text).data.events);

it("[U1] starts empty, and is connected once the hub has sent its welcome", async () => {
  const { store, live } = setup();
  expect(store.view.read()).toMatchObject({ connected: false, events: [], error: null });
  expect(await live()).toMatchObject({ connected: true, error: null });
});

it("[U1] is connected from the start if the connection already is", async () => {
  const { reactor, live, settle } = setup();
  await live();
  const other = new ReactorStore(reactor);
  other.attach();
  await settle();
  expect(other.view.read().connected).toBe(true);
});

it("[U1] keeps the last 50 events, the newest last", async () => {
  const { hub, live, settle } = setup();
  await live();
  for (let seq = 1; seq <= 120; seq++) {
    hub.latest.events(seq - 1, at(seq), [event(seq)]);
    await settle();
  }
  const { events } = await settle();
  expect(events.map(({ data }) => data)).toEqual(Array.from({ length: 50 }, (_, n) => ({ seq: 71 + n })));
  expect(events[0]).toMatchObject({ type: "a", data: { seq: 71 }, timestamp: "2026-11-21T12:00:00.000Z" });
});

it("[U4] renders once per frame, and skips no event", async () => {
  const { hub, live, settle, renders } = setup();
  await live();
  renders.length = 0;
  hub.latest.events(
    0,
    at(30),
    Array.from({ length: 30 }, (_, n) => event(n + 1)),
  );
  const before = await settle();
  hub.latest.events(
    30,
    at(40),
    Array.from({ length: 10 }, (_, n) => event(n + 31)),
  );
  const after = await settle();
  expect(renders).toEqual([30, 40]);
  expect([before.events.length, after.events.length]).toEqual([30, 40]); // earlier values do not change
  expect(after.send).toBe(before.send);
});

it("[U5] has the hub's refusal, until it reconnects", async () => {
  const { hub, live, settle } = setup();
  await live();
  hub.latest.deliver(encodeError({ code: "unknown_message", detail: "?" }));
  expect((await settle()).error).toMatchObject({ code: "unknown_message", message: "?" });
  hub.latest.drop(1006);
  await settle();
  expect(await settle(250)).toMatchObject({ connected: false, error: { code: "unknown_message" } });
  hub.latest.welcome(at(0), { recovered: true });
  expect(await settle()).toMatchObject({ connected: true, error: null });
});

it("[U5] reports an unreachable hub after a failed attempt, and that it is closed for good", async () => {
  const { hub, live, settle } = setup();
  await live();
  hub.latest.drop(1006);
  expect(await settle(250)).toMatchObject({ connected: false, error: null });
  hub.latest.drop(1006);
  expect((await settle()).error).toMatchObject({ code: "connection_failed" });
  await settle(1_000);
  hub.latest.drop(4500, "Not so.");
  const { connected, error } = await settle();
  expect([connected, error?.code, error?.message]).toEqual([
    false,
    "closed",
    expect.stringContaining("(4500 Not so.)"),
  ]);
});

it("[U5] reports that it was closed, without a reason if the page closed it", async () => {
  const { reactor, live, settle } = setup();
  await live();
  reactor.close();
  const message = "The connection is closed and does not reconnect.";
  expect((await settle()).error).toEqual({ code: "closed", message });
});

it("[U1] emits for a component, also before it is connected", async () => {
  const { hub, store, live, settle } = setup();
  const emitted = store.view.read().emit("chat", 1, { id: "mine" });
  const { emit } = await live();
  const refused = emit("news");
  hub.latest.emitted(1, at(1), "mine");
  hub.latest.refuse("forbidden", 2);
  expect((await settle()).error).toBeNull();
  expect(await emitted).toEqual({ cursor: "k3x9.1", id: "mine", duplicate: false });
  await expect(refused).rejects.toMatchObject({ code: "forbidden" });
  expect(JSON.parse(String(hub.latest.sent[0])).data).toEqual({ type: "chat", data: 1, id: "mine" });
});

it("[U3] asks for what components ask for, and for everything where none does", async () => {
  const { hub, live } = setup();
  const { subscribe, send, getStatus } = await live();
  expect(new URL(hub.latest.url).searchParams.get("events")).toBeNull();
  const undo = subscribe("a");
  expect(asked(hub.latest.sent)).toEqual([["a"]]);
  subscribe(["b", "a"]);
  subscribe([]);
  expect(asked(hub.latest.sent).slice(1)).toEqual([["a", "b"]]);
  undo();
  undo();
  expect(asked(hub.latest.sent)).toHaveLength(2); // the other call asks for it too
  expect(() => subscribe("*a*b*c*d*")).toThrow(TypeError);
  expect(send("hello", 1)).toBe(true);
  expect(JSON.parse(String(hub.latest.sent.at(-1)))).toMatchObject({ type: "hello", data: 1 });
  expect(getStatus()).toMatchObject({ connected: true, readyState: 1, reconnectAttempts: 0, url: "" });
});

it("[U3] keeps the patterns of components when the provider's events change, whichever asked for them too", async () => {
  const { hub, store, live } = setup({ events: ["news_*"] });
  const { subscribe } = await live();
  store.setBase(["news_*"]);
  subscribe(["news_*", "chat_*"]);
  expect(asked(hub.latest.sent)).toEqual([["news_*", "chat_*"]]);
  store.setBase(["digest_*"]);
  expect(asked(hub.latest.sent).slice(1)).toEqual([["digest_*", "news_*", "chat_*"]]);
  store.setBase(undefined);
  expect(asked(hub.latest.sent).slice(2)).toEqual([[]]);
});

it("[U3] asks for a component as long as it is mounted", async () => {
  const { hub, store, live } = setup({ events: ["a"] });
  await live();
  const [one, other] = [store.newClaim(), store.newClaim()];
  const unmount = [store.hold(one), store.hold(other)];
  one.subscribe("b");
  other.subscribe("b,c");
  expect(asked(hub.latest.sent)).toEqual([["a", "b", "c"]]);
  unmount[1]?.();
  expect(asked(hub.latest.sent).slice(1)).toEqual([["a", "b"]]);
  store.hold(other); // as `Activity` does
  expect(asked(hub.latest.sent).slice(2)).toEqual([["a", "b", "c"]]);
  for (const claim of [one, other]) store.hold(claim)();
  expect(asked(hub.latest.sent).slice(3)).toEqual([["a"]]);
});

it("[U3] asks for hundreds of rows that come and go", async () => {
  const { hub, store, live } = setup({ events: ["a"] });
  await live();
  for (let n = 0; n < 300; n++) {
    const claim = store.newClaim();
    const unmount = store.hold(claim);
    claim.subscribe(`order.${n}`);
    expect(asked(hub.latest.sent).at(-1)).toEqual(["a", `order.${n}`]);
    hub.latest.subscribed(["a", `order.${n}`], at(0));
    unmount();
  }
});

it("[U3] leaves what the owner of a connection asks for as it is, and adds to it", async () => {
  const { hub, reactor, live, settle, detach } = setup({ events: ["a"] });
  await live();
  detach();
  const store = new ReactorStore(reactor, null);
  const detachOther = store.attach();
  store.view.read().subscribe("b");
  expect(asked(hub.latest.sent)).toEqual([["a", "b"]]);
  hub.latest.events(0, at(2), [event(1), { ...event(2), type: "b" }]);
  expect((await settle()).events.length).toBe(0); // of the store that was detached
  expect(store.view.read().events.map(({ type }) => type)).toEqual(["a", "b"]);
  detachOther();
  expect(reactor.patterns).toEqual(["a"]);
});

it("[U1] lists an event once that several patterns match, and none that the hub says of itself", async () => {
  const { hub, store, live, settle } = setup();
  const { subscribe } = await live();
  const beat = { ...event(0), type: "reactor_heartbeat", id: "beat" };
  const { seq: _, ...ephemeral } = beat;
  hub.latest.events(0, at(0), [ephemeral]);
  expect((await settle()).events).toEqual([]);
  subscribe("a");
  subscribe("*a");
  subscribe("reactor_*");
  hub.latest.events(0, at(1), [event(1), ephemeral]);
  expect((await settle()).events.map(({ type }) => type)).toEqual(["a", "reactor_heartbeat"]);
  expect(store.reactor.patterns).toEqual(["a", "*a", "reactor_*"]);
});

it("[U6] says that the hub could not resume, each time", async () => {
  const { hub, live, settle } = setup();
  expect((await live()).reset).toBeNull();
  hub.latest.reset(at(9), "epoch");
  const first = (await settle()).reset;
  expect(first).toMatchObject({ reason: "epoch", cursor: "k3x9.9" });
  hub.latest.reset(at(12), "trimmed");
  const { reset } = await settle();
  expect(reset).toMatchObject({ reason: "trimmed" });
  expect(reset).not.toBe(first);
});

it("changes no more after it stops following", async () => {
  const { hub, live, settle, detach, renders } = setup();
  await live();
  detach();
  renders.length = 0;
  hub.latest.events(0, at(1), [event(1)]);
  hub.latest.drop(1006);
  expect(await settle()).toMatchObject({ connected: true, events: [] });
  expect(renders).toEqual([]);
});
