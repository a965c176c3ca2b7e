// A hub in memory for tests of the package's users: it does what the real one does, in time that the test sets.
import { describe, expect, it, vi } from "vitest";
import type { ConnectOptions } from "../../../src/client/connect-options.ts";
import { connect, events, replay } from "../../../src/client/index.ts";
import { createTestHub, type TestHub } from "../../../src/testing/index.ts";

/** A connected client, what it has heard, and its states. */
async function clientOf(hub: TestHub, options: ConnectOptions = {}) {
  const reactor = connect({ url: hub.url, ...options }, hub.ports);
  const heard: unknown[] = [];
  const told: string[] = [];
  reactor.on("*", ({ type, seq }) => heard.push(`${seq} ${type}`));
  reactor.onState((state, close) => told.push(close ? `${state} ${close.code}` : state));
  reactor.onReset(({ reason }) => told.push(`reset ${reason}`));
  await hub.advance(0);
  return { reactor, heard, told };
}

it("delivers what is emitted to the clients that ask for it, in order", async () => {
  const hub = createTestHub();
  const all = await clientOf(hub);
  const some = await clientOf(hub, { events: ["b_*"] });
  expect(await hub.emit("a_1")).toEqual({ cursor: "test1.1", id: "test1.1", duplicate: false });
  await hub.emit("b_1", { n: 1 });
  expect([all.heard, some.heard]).toEqual([["1 a_1", "2 b_1"], ["2 b_1"]]);
  expect(hub.connections()).toBe(2);
  expect(hub.events().map(({ type, data, timestamp }) => [type, data, timestamp])).toEqual([
    ["a_1", {}, "2026-01-01T00:00:00.000Z"],
    ["b_1", { n: 1 }, "2026-01-01T00:00:00.000Z"],
  ]);
});

it("runs in Node 20, which has no Promise.withResolvers", async () => {
  const { withResolvers } = Promise;
  Reflect.deleteProperty(Promise, "withResolvers");
  try {
    const hub = createTestHub();
    const { heard } = await clientOf(hub);
    await hub.emit("a");
    expect(heard).toEqual(["1 a"]);
  } finally {
    Promise.withResolvers = withResolvers;
  }
});

it("keeps channels apart", async () => {
  const hub = createTestHub();
  const { heard } = await clientOf(hub, { channel: "eu" });
  await hub.emit("a");
  await hub.emit("b", {}, { channel: "eu" });
  expect(heard).toEqual(["1 b"]);
  expect([hub.events().length, hub.events("eu").length, hub.connections(), hub.connections("eu")]).toEqual([
    1, 1, 0, 1,
  ]);
});

it.each(["dropConnections", "restart"] as const)("a client resumes after %s, and misses nothing", async (act) => {
  const hub = createTestHub();
  const { heard, told } = await clientOf(hub);
  await hub.emit("a");
  hub[act]();
  await hub.emit("b");
  expect(heard).toEqual(["1 a"]);
  await hub.advance(1_000);
  await hub.emit("c");
  expect(heard).toEqual(["1 a", "2 b", "3 c"]);
  expect(told).toEqual(["connected", "reconnecting 1006", "connecting", "connected"]);
});

it("cannot be reached while it is stopped, and a client comes back after an outage of an hour", async () => {
  const hub = createTestHub();
  const { reactor, told } = await clientOf(hub);
  hub.stop();
  await expect(hub.emit("a")).rejects.toThrow("stopped");
  await expect(hub.fetch("/api/events")).rejects.toThrow("stopped");
  await hub.advance(3_600_000);
  expect([reactor.state, hub.connections()]).toEqual(["reconnecting", 0]);
  hub.start();
  await hub.advance(20_000);
  expect([reactor.state, hub.connections()]).toEqual(["connected", 1]);
  expect(told.at(-1)).toBe("connected");
});

it("keeps a quiet connection for a day: pings are answered", async () => {
  const hub = createTestHub();
  const { told } = await clientOf(hub);
  await hub.advance(86_400_000);
  expect(told).toEqual(["connected"]);
  expect(hub.nowMs).toBe(Date.UTC(2026, 0, 2));
});

it("sends heartbeats at their times", async () => {
  const hub = createTestHub({ heartbeatSeconds: 30 });
  const { reactor } = await clientOf(hub);
  let beats = 0;
  reactor.on("reactor_heartbeat", () => beats++);
  await hub.advance(95_000);
  expect(beats).toBe(3);
});

it("tells of a loss: events that it no longer keeps, and logs that are gone", async () => {
  const hub = createTestHub({ keepEvents: 2 });
  const { heard, told } = await clientOf(hub);
  await hub.emit("a");
  hub.stop();
  hub.start();
  for (const type of ["b", "c", "d", "e"]) await hub.emit(type);
  await hub.advance(1_000);
  expect(heard).toEqual(["1 a", "4 d", "5 e"]);
  expect(told).toContain("reset trimmed");
  hub.loseLogs();
  await hub.advance(1_000);
  expect([told.at(-1), hub.events()]).toEqual(["reset epoch", []]);
  await hub.emit("f");
  expect(heard.at(-1)).toBe("1 f");
});

it("gives the functions beside `connect` what they need", async () => {
  const hub = createTestHub();
  for (const type of ["a", "b", "c"]) await hub.emit(type);
  const { reactor } = await clientOf(hub);
  vi.stubGlobal("fetch", hub.fetch); // which `replay` reads the log by
  const replayed: string[] = [];
  replay(reactor, "*", ({ type }) => replayed.push(type), { last: 2 });
  const looped = events(reactor, "*")[Symbol.asyncIterator]().next();
  await hub.advance(0);
  await hub.emit("d");
  expect(replayed).toEqual(["b", "c", "d"]);
  expect((await looped).value).toMatchObject({ type: "d" });
  vi.unstubAllGlobals();
});

describe("rights", () => {
  it("are those that `authenticate` gives", async () => {
    const hub = createTestHub({
      authenticate: async (token, channel) =>
        token === "ada.token" ? { sub: `ada-${channel}`, events: ["b"], emit: ["b"] } : null,
    });
    const { reactor, heard } = await clientOf(hub, { token: "ada.token" });
    await hub.emit("a");
    const emitted = reactor.emit("b");
    await hub.advance(0);
    expect([(await emitted).cursor, heard, hub.events()[1]?.source]).toEqual(["test1.2", ["2 b"], "user:ada-main"]);
    const refused = reactor.emit("a").catch(({ code }) => code);
    await hub.advance(300);
    expect(await refused).toBe("forbidden");
  });

  it("are refused by `null`, and without `authenticate` for every token", async () => {
    const closed = await clientOf(createTestHub({ authenticate: () => null }));
    const plain = await clientOf(createTestHub(), { token: "ada.token" });
    expect([closed.told, plain.told]).toEqual([["closed 4401"], ["closed 4401"]]);
  });

  it("end at their time, and are renewed", async () => {
    let hub = createTestHub();
    const asked: string[] = [];
    hub = createTestHub({ authenticate: () => ({ expiresMs: hub.nowMs + 3_600_000 }) });
    const token = async () => `token.${asked.push("token")}`;
    const { told } = await clientOf(hub, { token });
    await hub.advance(3 * 3_600_000);
    expect(told).toEqual(["connected"]);
    expect(asked.length).toBeGreaterThan(3);
    const fixed = await clientOf(hub, { token: "a.b.c" });
    await hub.advance(3_600_001);
    expect(fixed.told).toEqual(["connected", "closed 4401"]);
  });

  it("breaks the connection where `authenticate` throws, and says so", async () => {
    const error = vi.spyOn(console, "error").mockImplementation(() => {});
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const hub = createTestHub({
      authenticate: () => {
        throw new Error("oops");
      },
    });
    const { reactor } = await clientOf(hub);
    expect(reactor.state).not.toBe("connected");
    expect(String(error.mock.calls[0]?.[1])).toContain("oops");
    error.mockRestore();
    warn.mockRestore();
  });
});

describe("over HTTP", () => {
  const post = (hub: TestHub, body: unknown, headers: Record<string, string> = {}) =>
    hub.fetch("/api/events", {
      method: "POST",
      headers: { Authorization: `Bearer ${hub.key}`, "Content-Type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });

  it("takes an event or an array, and answers a page of the log", async () => {
    const hub = createTestHub();
    const { heard } = await clientOf(hub);
    expect(await (await post(hub, { type: "a", data: { n: 1 } })).json()).toEqual({
      cursor: "test1.1",
      events: [{ id: "test1.1", seq: 1, duplicate: false }],
    });
    await post(hub, [{ type: "b" }, { type: "c" }]);
    expect(heard).toEqual(["1 a", "2 b", "3 c"]);
    const page = await (await hub.fetch(`${hub.url}/api/events?last=1`)).json();
    expect(page).toMatchObject({ cursor: "test1.3", events: [{ type: "c" }] });
    const rest = await (await hub.fetch(new URL("/api/events?after=test1.1&events=b&limit=5", hub.url))).json();
    expect(rest.events.map(({ seq }: { seq: number }) => seq)).toEqual([2]);
  });

  it.each([
    ["/api/event", {}, 404, "not_found"],
    ["/api/events", { method: "DELETE" }, 405, "method_not_allowed"],
    ["/api/events?limits=1", {}, 400, "unknown_parameter"],
    ["/api/events?channel=%20", {}, 400, "bad_channel"],
    ["/api/events?after=x", {}, 400, "bad_cursor"],
    ["/api/events?limit=0", {}, 400, "bad_limit"],
    ["/api/events?after=0.0&last=1", {}, 400, "conflicting_parameters"],
    ["/api/events?events=a%01", {}, 400, "bad_pattern"],
    ["/api/events", { method: "POST", body: "{}" }, 401, "unauthorized"],
    ["/api/events", { method: "POST", body: "{", headers: { Authorization: "Bearer dev-key" } }, 400, "bad_json"],
    ["/api/events", { method: "POST", body: "[]", headers: { Authorization: "Bearer dev-key" } }, 400, "empty_batch"],
    [
      "/api/events",
      { method: "POST", body: '[{"type":"a"},{}]', headers: { Authorization: "Bearer dev-key" } },
      400,
      "bad_event",
    ],
  ])("refuses %s %j with %i %s", async (path, init, status, code) => {
    const hub = createTestHub();
    const reply = await hub.fetch(path, {
      ...init,
      headers: { "Content-Type": "application/json", ...(init as RequestInit).headers },
    });
    expect([reply.status, (await reply.json()).code, hub.events()]).toEqual([status, code, []]);
  });
});

it("works with the timers of a test runner, through `WebSocket`", async () => {
  vi.useFakeTimers();
  try {
    const hub = createTestHub();
    const heard: string[] = [];
    const reactor = connect({ url: hub.url, WebSocket: hub.WebSocket });
    reactor.on("*", ({ type }) => heard.push(type));
    await hub.advance(0);
    await hub.emit("a");
    hub.dropConnections();
    await hub.emit("b");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(heard).toEqual(["a", "b"]);
    reactor.close();
  } finally {
    vi.useRealTimers();
  }
});

it("refuses what it does not know, by name", async () => {
  const hub = createTestHub();
  expect(() => createTestHub({ keepEvent: 1 } as never)).toThrow("keepEvent");
  expect(() => createTestHub({ keepEvents: 0 })).toThrow("keepEvents");
  expect(() => createTestHub(null as never)).toThrow("Options are startMs, authenticate");
  const { emit } = createTestHub();
  for (const wrong of [{ chanel: "eu" }, "eu"]) {
    await expect(emit("a", {}, wrong as never)).rejects.toThrow("Options are channel, source, id; ");
  }
  expect(() => createTestHub({ startMs: -1 })).toThrow("startMs");
  expect(() => createTestHub({ heartbeatSeconds: 0.5 })).toThrow("heartbeatSeconds");
  expect(() => createTestHub({ authenticate: "ada" as never })).toThrow("authenticate");
  expect(() => hub.events("EU west")).toThrow("channel");
  await expect(hub.advance(-1)).rejects.toThrow("ms");
  await expect(hub.emit("reactor_reset")).rejects.toMatchObject({ code: "reserved_type" });
  await expect(hub.emit("a", { when: new Map() })).rejects.toThrow("/data/when");
});
