import { afterEach, expect, it, vi } from "vitest";
import { askCounts } from "../../../../src/dashboard/glance/hub-counts.ts";
import { stubFetch } from "../../../support/stub-fetch.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

it("[D4] reads the hub's counts, and accepts only numbers", async () => {
  const stats = { connected_clients: 2, ws_events_emitted_total: 7, events_kept: "<b>", bytes_kept: 0 };
  const fetched = stubFetch(() => Response.json(stats));
  expect(await askCounts("key", null)).toEqual({
    ok: true,
    counts: { connected: 2, catchingUp: null, emitted: 7, kept: null, bytesKept: 0 },
  });
  expect(fetched.mock.calls[0]?.[0]).toBe("/ws/stats");
});

it("[D4] reports why the hub sends no counts", async () => {
  stubFetch(() => Response.json({ detail: "Send one." }, { status: 401 }));
  expect(await askCounts(null, null)).toMatchObject({ ok: false, detail: "Send one." });
});
