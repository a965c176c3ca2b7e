import { afterEach, expect, it, vi } from "vitest";
import { sendTestEvent } from "../../src/dashboard/send-event.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

function answering(answer: () => Response) {
  const fetched = vi.fn(async (_url: string, _init: RequestInit) => answer());
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

it("posts a test event with the operator's key, and says where it is", async () => {
  const fetched = answering(() => Response.json({ cursor: "k3x9.7", events: [] }));
  expect(await sendTestEvent("secret", "eu")).toEqual({ ok: true, cursor: "k3x9.7" });
  const [url, init] = fetched.mock.calls[0] ?? [];
  expect(url).toBe("/api/events?channel=eu");
  expect(init?.headers).toMatchObject({ Authorization: "Bearer secret" });
  expect(JSON.parse(String(init?.body))).toMatchObject({ type: "test_event" });
});

it.each([
  ["the problem's detail", () => Response.json({ detail: "Wrong key." }, { status: 401 }), true, "Wrong key."],
  ["the status", () => new Response("<html>", { status: 502 }), false, "The server answered 502."],
  ["that nobody answered", () => expect.unreachable() as never, false, expect.stringContaining("not sent")],
])("says %s when it fails", async (_what, answer, isKeyRefused, detail) => {
  answering(answer);
  expect(await sendTestEvent("k", null)).toEqual({ ok: false, isKeyRefused, detail });
});
