import { afterEach, expect, it, vi } from "vitest";
import { sendTestEvent } from "../../../../src/dashboard/emit/send-event.ts";
import { stubFetch } from "../../../support/stub-fetch.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

it("posts a test event with the operator's key, and returns its cursor", async () => {
  const fetched = stubFetch(() => Response.json({ cursor: "k3x9.7", events: [] }));
  expect(await sendTestEvent("secret", "eu")).toMatchObject({ ok: true, body: { cursor: "k3x9.7" } });
  const [url, init] = fetched.mock.calls[0] ?? [];
  expect([url, init?.method]).toEqual(["/api/events?channel=eu", "POST"]);
  expect(init?.headers).toEqual({ Authorization: "Bearer secret", "Content-Type": "application/json" });
  expect(JSON.parse(String(init?.body))).toMatchObject({ type: "test_event", id: expect.any(String) });
});
