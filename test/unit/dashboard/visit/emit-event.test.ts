import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { emissionText } from "../../../../src/dashboard/visit/emit-event.ts";
import { Visit } from "../../../../src/dashboard/visit/visit.ts";
import { HubDouble } from "../../../support/hub-double.ts";
import { ManualClock, scripted } from "../../../support/manual-ports.ts";
import { stubFetch } from "../../../support/stub-fetch.ts";

beforeEach(() => {
  vi.stubGlobal("location", { href: "http://hub.test/live" });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function visiting(channel: string | null = "eu") {
  const clock = new ManualClock();
  return new Visit(channel, {
    open: new HubDouble(clock).open,
    after: clock.after,
    soon: clock.soon,
    random: scripted(0.5),
  });
}

it("[D19] emits with a fresh id each time, and with the id that an event has", async () => {
  const fetched = stubFetch(() => Response.json({ cursor: "k3x9.7", events: [] }));
  const visit = visiting();
  expect(await visit.emit({ type: "a" }, "secret")).toMatchObject({ ok: true, body: { cursor: "k3x9.7" } });
  await visit.emit({ type: "a", data: 1, source: "s", id: "own" });
  await visit.emit({ type: "a" });
  const bodies = fetched.mock.calls.map(([, init]) => JSON.parse(String(init.body)));
  expect(bodies).toEqual([
    { type: "a", data: {}, id: expect.any(String) },
    { type: "a", data: 1, source: "s", id: "own" },
    { type: "a", data: {}, id: expect.any(String) },
  ]);
  expect(bodies[0].id).not.toBe(bodies[2].id);
  const [url, init] = fetched.mock.calls[2] ?? [];
  expect([url, init?.method]).toEqual(["/api/events?channel=eu", "POST"]);
  expect(init?.headers).toEqual({ Authorization: "Bearer secret", "Content-Type": "application/json" });
});

it("[D19] sends data as it is written, so that its numbers keep their digits", () => {
  expect(emissionText({ type: 'a"b', dataText: "[12345678901234567890, 1.50]", source: "s" })).toBe(
    '{"type":"a\\"b","data":[12345678901234567890, 1.50],"source":"s"}',
  );
  expect(emissionText({ type: "a", data: null, source: undefined })).toBe('{"type":"a","data":{}}');
});

it("[D2] keeps a key unless the hub refuses it, beside the connection's, and hands both on", async () => {
  const visit = visiting();
  expect(visit.operatorKey).toBeNull();
  visit.show("token");
  expect(visit.operatorKey).toBe("token");
  stubFetch(() => Response.json({ detail: "May not." }, { status: 403 }));
  await visit.emit({ type: "a" });
  await visit.emit({ type: "a" }, "wrong");
  expect(visit.operatorKey).toBe("token");
  stubFetch(() => Response.json({ detail: "Not so." }, { status: 400 }));
  await visit.emit({ type: "a" }, "key");
  expect(visit.operatorKey).toBe("key");
  const next = visiting(null);
  next.begin(visit);
  expect(next.operatorKey).toBe("key");
  stubFetch(() => Response.json({ detail: "No more." }, { status: 401 }));
  await next.emit({ type: "a" });
  expect([next.operatorKey, visit.operatorKey]).toEqual(["token", "key"]);
});

it("[D19] says where in the event the hub found something wrong", async () => {
  stubFetch(() => Response.json({ detail: "No type.", pointer: "/type" }, { status: 400 }));
  expect(await visiting().emit({ type: "" }, "key")).toMatchObject({
    ok: false,
    isKeyRefused: false,
    detail: "No type.",
    body: { pointer: "/type" },
  });
});
