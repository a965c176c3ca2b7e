import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { parseDrafts } from "../../../src/worker/body/parse-drafts.ts";
import { callHub, emitTo } from "../../../src/worker/call-hub.ts";
import { refusal } from "../../../src/worker/http/responses.ts";
import worker from "../../../src/worker/index.ts";

const RESET = { durableObjectReset: true, retryable: true };

let warned: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  warned = vi.spyOn(console, "warn").mockImplementation(() => {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

let channels = 0;

/** A channel whose hub fails as `failures` say, one call after the other, and then answers. */
function channelOf(...failures: (object | null)[]) {
  const name = `interrupted-${channels++}`;
  const calls = { count: 0 };
  const answer = async (value: unknown) => {
    const failure = failures[calls.count++];
    if (failure)
      throw Object.assign(new Error("Durable Object reset because its code was updated.\n[forged]"), failure);
    return value;
  };
  const hub = {
    emit: () => answer({ ok: true, value: `{"cursor":"k.1","events":[]}` }),
    status: () => answer("status"),
    fetch: () => answer(new Response("socket")),
  };
  const HUB = { getByName: () => hub } as unknown as typeof env.HUB;
  const variables = { HUB, ASSETS: env.ASSETS, REACTOR_API_KEY: "dev-key" };
  return { channel: { name, hub: hub as never }, variables, calls };
}

function draftsOf(...events: object[]) {
  const drafts = parseDrafts(events);
  return drafts.ok ? drafts.value : expect.fail(drafts.problem.detail);
}

const read = (hub: { status(): Promise<unknown> }) => hub.status();
const WITH_ID = draftsOf({ type: "a", id: "1" }, { type: "b", id: "2" });
const WITHOUT_ID = draftsOf({ type: "a", id: "1" }, { type: "b" });

it("[H23] asks a hub that was interrupted once more, and says that it was in one line without a stack", async () => {
  const { channel, variables, calls } = channelOf(RESET);
  expect(await callHub(channel, variables, read as never)).toEqual({ ok: true, value: "status" });
  expect(calls.count).toBe(2);
  const message = '"Durable Object reset because its code was updated.\\n[forged]"';
  expect(warned.mock.calls).toEqual([
    [`The hub of channel ${channel.name} was interrupted (durableObjectReset, retryable): ${message}`],
  ]);
});

it.each([
  ["twice", [RESET, RESET], 2],
  ["by its load, which another call would add to", [{ overloaded: true, retryable: true }], 1],
])("[H23] answers 503 log_unavailable if it is interrupted %s", async (_, failures, count) => {
  const { channel, variables, calls } = channelOf(...failures);
  expect(await callHub(channel, variables, read as never)).toMatchObject({ problem: { code: "log_unavailable" } });
  expect(calls.count).toBe(count);
});

it.each(["internal error", "internal error; reference = dplhidh0l0mk52pikq6qaas8"])(
  "[H23] takes %j, which the platform says of a damaged database, for an interruption",
  async (message) => {
    const { channel, variables, calls } = channelOf({ message }, { message }, { message: "internal error in a hub" });
    expect(await callHub(channel, variables, read as never)).toMatchObject({ problem: { code: "log_unavailable" } });
    expect(calls.count).toBe(2);
    await expect(callHub(channel, variables, read as never)).rejects.toThrow("internal error in a hub");
  },
);

it("[H23] [H5] throws what the platform does not mark", async () => {
  const { channel, variables, calls } = channelOf({ remote: true });
  await expect(callHub(channel, variables, read as never)).rejects.toThrow("reset");
  expect([calls.count, warned.mock.calls]).toEqual([1, []]);
});

it("[H23] emits once more only what cannot be stored twice", async () => {
  const safe = channelOf(RESET);
  expect((await emitTo(safe.channel, safe.variables, WITH_ID)).ok).toBe(true);
  expect(safe.calls.count).toBe(2);
  const unsafe = channelOf(RESET);
  const detail = expect.stringContaining("may be stored or not");
  expect(await emitTo(unsafe.channel, unsafe.variables, WITHOUT_ID)).toMatchObject({
    problem: { code: "log_unavailable", detail },
  });
  expect(unsafe.calls.count).toBe(1);
});

it("[H23] counts failures on after the clock was set back", async () => {
  const { channel, variables, calls } = channelOf(...Array(20).fill(RESET));
  for (let n = 0; n < 3; n++) {
    await emitTo(channel, variables, WITHOUT_ID);
    vi.setSystemTime(Date.now() - 3_600_000);
  }
  expect(calls.count).toBe(3);
  await emitTo(channel, variables, WITHOUT_ID);
  vi.advanceTimersByTime(1);
  expect(await emitTo(channel, variables, WITHOUT_ID)).toMatchObject({ problem: { retry_after: 4 } });
});

it("[H23] holds emits back from a hub that emits interrupt, longer each time, so that its sockets stay", async () => {
  const { channel, variables, calls } = channelOf(...Array(20).fill(RESET));
  const emit = async () => {
    const before = calls.count;
    const result = await emitTo(channel, variables, WITHOUT_ID);
    const reply = result.ok ? undefined : refusal(result.problem);
    return [calls.count - before, result.ok ? "" : result.problem.detail, reply?.headers.get("Retry-After")];
  };
  expect((await emit())[0]).toBe(1);
  for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
    vi.advanceTimersByTime(1);
    expect((await emit())[0]).toBe(1);
    const sentence = expect.stringContaining(`Nothing was stored: try again in ${seconds} s.`);
    expect(await emit()).toEqual([0, sentence, String(seconds)]);
    vi.advanceTimersByTime(seconds * 1_000 - 1);
    expect((await emit())[0]).toBe(0);
  }
});

it("[H23] takes what a deploy interrupts for one interruption, and forgets it with the next success", async () => {
  const { channel, variables, calls } = channelOf(RESET, RESET, RESET, null, RESET);
  const together = await Promise.all([1, 2, 3].map(() => emitTo(channel, variables, WITHOUT_ID)));
  expect(together.map(({ ok }) => ok)).toEqual([false, false, false]);
  vi.advanceTimersByTime(10);
  expect((await emitTo(channel, variables, WITHOUT_ID)).ok).toBe(true);
  expect((await emitTo(channel, variables, WITHOUT_ID)).ok).toBe(false);
  vi.advanceTimersByTime(10);
  expect((await emitTo(channel, variables, WITHOUT_ID)).ok).toBe(true);
  expect(calls.count).toBe(6);
});

it.each([
  ["GET", "/ws/stats"],
  ["GET", "/ws/status"],
  ["GET", "/api/events"],
  ["DELETE", "/api/events/k.1"],
  ["DELETE", "/api/events?before=k.1"],
  ["POST", "/api/revocations", { jti: "t-1" }],
])("[H23] answers 503 with Retry-After to %s %s", async (method, path, value?: object) => {
  const { variables } = channelOf(RESET, RESET);
  const interrupted = () => Promise.reject(Object.assign(new Error("x"), RESET));
  const hub = {
    statusFor: interrupted,
    history: interrupted,
    remove: interrupted,
    removeBefore: interrupted,
    revoke: interrupted,
  };
  const HUB = { getByName: () => hub } as unknown as typeof env.HUB;
  const request = new Request(`http://hub.test${path}`, {
    method,
    headers: { Authorization: "Bearer dev-key", "Content-Type": "application/json" },
    ...(value && { body: JSON.stringify(value) }),
  }) as Request<unknown, IncomingRequestCfProperties>;
  const context = { waitUntil() {} } as unknown as ExecutionContext;
  const reply = await worker.fetch(request, { ...variables, HUB }, context);
  expect([reply.status, reply.headers.get("Retry-After")]).toEqual([503, "5"]);
  expect(await reply.json()).toMatchObject({ code: "log_unavailable" });
});

it("[H23] opens a socket with a second try", async () => {
  const { variables, calls } = channelOf(RESET);
  const headers = { Upgrade: "websocket" };
  const request = new Request("http://hub.test/ws/stream", { headers }) as Request<
    unknown,
    IncomingRequestCfProperties
  >;
  const reply = await worker.fetch(request, variables, { waitUntil() {} } as unknown as ExecutionContext);
  expect([await reply.text(), calls.count]).toEqual(["socket", 2]);
});

it("[H23] a real hub that ends itself in the middle of an emit takes it at the second try", async () => {
  vi.useRealTimers();
  const channel = { name: "aborted", hub: env.HUB.getByName("aborted") };
  const broken = {
    emit: async (...args: Parameters<typeof channel.hub.emit>) => {
      const { runInDurableObject } = await import("cloudflare:test");
      await runInDurableObject(channel.hub, (_, state) => state.abort("Reset for a test.")).catch(() => {});
      return channel.hub.emit(...args);
    },
  };
  const receipt = await emitTo({ name: channel.name, hub: broken as never }, env, WITH_ID);
  expect(receipt.ok && JSON.parse(receipt.value).events.map(({ seq }: { seq: number }) => seq)).toEqual([1, 2]);
});
