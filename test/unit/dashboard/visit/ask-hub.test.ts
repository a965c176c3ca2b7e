import { afterEach, expect, it, vi } from "vitest";
import { askHub } from "../../../../src/dashboard/visit/ask-hub.ts";
import { stubFetch } from "../../../support/stub-fetch.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

it("[T10] sends a credential only in the header", async () => {
  const fetched = stubFetch(() => Response.json({ n: 1 }));
  expect(await askHub("/ws/stats", "k/e+y=", "eu")).toEqual({ ok: true, body: { n: 1 } });
  const [url, init] = fetched.mock.calls[0] ?? [];
  expect([url, init?.headers]).toEqual(["/ws/stats?channel=eu", { Authorization: "Bearer k/e+y=" }]);
});

it("sends no credential if there is none", async () => {
  const fetched = stubFetch(() => Response.json({}));
  await askHub("/ws/stats", null, null);
  expect(fetched.mock.calls[0]).toEqual(["/ws/stats", { headers: {} }]);
});

it.each(["two words", "schlüssel", "☃", "a\nb"])(
  "says that %j cannot be sent, and sends nothing",
  async (credential) => {
    const fetched = stubFetch(() => Response.json({}));
    const detail = expect.stringContaining("non-ASCII");
    expect(await askHub("/ws/stats", credential, null)).toMatchObject({ ok: false, isKeyRefused: true, detail });
    expect(fetched).not.toHaveBeenCalled();
  },
);

it.each([
  ["the problem's detail", () => Response.json({ detail: "Wrong key." }, { status: 401 }), true, "Wrong key."],
  ["the problem's detail", () => Response.json({ detail: "May not." }, { status: 403 }), true, "May not."],
  ["the status", () => new Response("<html>", { status: 502 }), false, "The server answered 502."],
  ["that the hub is unreachable", () => expect.unreachable() as never, false, "Can't reach the hub."],
])("reports %s when it fails", async (_what, answer, isKeyRefused, detail) => {
  stubFetch(answer);
  expect(await askHub("/ws/stats", "k", null)).toMatchObject({ ok: false, isKeyRefused, detail });
});
