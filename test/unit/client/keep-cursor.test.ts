import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ConnectOptions } from "../../../src/client/connect-options.ts";
import { type KeepOptions, keepCursor } from "../../../src/client/keep-cursor.ts";
import { connectToDouble, stampedEvent } from "../../support/client-setup.ts";
import { at } from "../../support/connections.ts";

const nothing = () => {};
let stored: Map<string, string>;
let window: EventTarget;
let page: { hidden: boolean };
beforeEach(() => {
  stored = new Map();
  window = new EventTarget();
  page = { hidden: false };
  vi.stubGlobal("document", page);
  vi.stubGlobal("addEventListener", window.addEventListener.bind(window));
  vi.stubGlobal("removeEventListener", window.removeEventListener.bind(window));
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A visit of a page that listens to `a` and `b`. */
function visit(options: ConnectOptions = {}, given: KeepOptions = {}) {
  const double = connectToDouble(options);
  const undo = keepCursor(double.reactor, given);
  double.reactor.on("b", nothing);
  double.reactor.on("a", nothing);
  const { searchParams } = new URL(double.hub.latest.url);
  return { ...double, undo, from: searchParams.get("cursor"), last: searchParams.get("last") };
}

it("[K32] resumes after a reload where the page was left, and not before it was connected once", () => {
  const first = visit();
  window.dispatchEvent(new Event("pagehide"));
  expect([first.from, stored.size]).toEqual([null, 0]);
  first.live(7);
  first.emit(stampedEvent("a", 8));
  window.dispatchEvent(new Event("pagehide"));
  expect([...stored]).toEqual([["reactor wss://hub.test/ws/stream a,b", "k3x9.8"]]);
  expect(visit().from).toBe("k3x9.8");
});

it("[K32] keeps it when the page is hidden, too: it may never come back", () => {
  const { live, emit } = visit();
  live(7);
  window.dispatchEvent(new Event("visibilitychange"));
  expect(stored.size).toBe(0);
  page.hidden = true;
  window.dispatchEvent(new Event("visibilitychange"));
  emit(stampedEvent("a", 8));
  expect([...stored.values()]).toEqual(["k3x9.7"]);
});

it("[K32] keeps it by url, channel and patterns, or by a key, in a storage of the page's choice", () => {
  visit({ channel: "eu" }).live(1);
  window.dispatchEvent(new Event("pagehide"));
  expect([visit().from, visit({ url: "https://other.test", channel: "eu" }).from]).toEqual([null, null]);
  expect(visit({ channel: "eu", events: ["c"] }).from).toBeNull();
  expect(visit({ channel: "eu" }).from).toBe("k3x9.1");
  const own = new Map([["mine", "k3x9.5"]]);
  const storage = {
    getItem: (key: string) => own.get(key) ?? null,
    setItem: (key: string, value: string) => void own.set(key, value),
  };
  const { from, live, undo } = visit({}, { key: "mine", storage });
  expect(from).toBe("k3x9.5");
  live(9);
  undo();
  expect([...own]).toEqual([["mine", "k3x9.9"]]);
});

it("[K32] begins where `connect` says, before which it holds no kept cursor; a kept one comes before `last`", () => {
  stored.set("reactor wss://hub.test/ws/stream a,b", "k3x9.5");
  expect(visit({ cursor: "k3x9.3" }).from).toBe("k3x9.3");
  const { from, last } = visit({ last: 50 });
  expect([from, last]).toEqual(["k3x9.5", null]);
  stored.set("reactor wss://hub.test/ws/stream a,b", "broken");
  expect(visit().from).toBeNull();
});

it("[K32] says so where storage fails, and connects all the same", () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(nothing);
  vi.stubGlobal("sessionStorage", undefined); // as in Node; reading it throws where a user blocks it
  const { from, live, reactor } = visit();
  live(3);
  window.dispatchEvent(new Event("pagehide"));
  expect([from, reactor.state]).toEqual([null, "connected"]);
  expect(warned.mock.calls.map(([text]) => text)).toEqual(
    Array(2).fill("wss://hub.test/ws/stream: the cursor cannot be kept."),
  );
});

it("[K32] ends by its undo and by a signal, keeps once more, and later changes nothing", () => {
  const left = new AbortController();
  const { live, emit } = visit({}, { signal: left.signal });
  live(1);
  left.abort();
  emit(stampedEvent("a", 2));
  window.dispatchEvent(new Event("pagehide"));
  expect([...stored.values()]).toEqual(["k3x9.1"]);
});

it("[K32] keeps the cursor of a connection that is open already, and moves it nowhere", () => {
  stored.set("mine", "k3x9.1");
  const { live, reactor, hub, clock } = connectToDouble({ events: [] });
  live(7);
  const undo = keepCursor(reactor, { key: "mine" });
  hub.latest.drop(1006);
  clock.pass(2_000);
  expect(new URL(hub.latest.url).searchParams.get("cursor")).toBe("k3x9.7");
  undo();
  expect(stored.get("mine")).toBe("k3x9.7");
});

it("[K32] keeps the newest cursor of tabs that share a storage, unless the log's history is another", () => {
  const [old, newer] = [visit({}, { key: "k" }), visit({}, { key: "k" })];
  old.live(1);
  newer.live(9);
  newer.undo();
  window.dispatchEvent(new Event("pagehide"));
  expect(stored.get("k")).toBe("k3x9.9");
  old.hub.latest.reset(at(4), "trimmed");
  old.clock.pass(0);
  window.dispatchEvent(new Event("pagehide"));
  expect(stored.get("k")).toBe("k3x9.9");
  old.hub.latest.reset(at(3), "ahead");
  old.clock.pass(0);
  expect(stored.get("k")).toBe("k3x9.3");
  old.hub.latest.reset({ epoch: "new", seq: 1 }, "epoch");
  old.clock.pass(0);
  old.undo();
  expect(stored.get("k")).toBe("new.1");
});

it("[K32] resumes nowhere where it was ended before the connection opens", () => {
  stored.set("k", "k3x9.5");
  const left = new AbortController();
  const double = connectToDouble({ events: ["a"] });
  keepCursor(double.reactor, { key: "k" })();
  keepCursor(double.reactor, { key: "k", signal: left.signal });
  left.abort();
  keepCursor(double.reactor, { key: "k", signal: left.signal });
  expect(new URL(double.hub.latest.url).searchParams.get("cursor")).toBeNull();
});

it("[K32] [K20] refuses at the call what is no option", () => {
  const { reactor } = connectToDouble();
  expect(() => keepCursor(reactor, { kye: "k" } as never)).toThrow(
    '`options` must be of key storage signal; this is "kye".',
  );
});
