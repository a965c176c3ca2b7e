import { afterEach, expect, it, vi } from "vitest";
import { askCounts } from "../../../src/dashboard/hub-counts.ts";
import { answering } from "../../support/answering.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

it("[D4] reads what the hub counts, and believes only numbers", async () => {
  const stats = { connected_clients: 2, ws_events_emitted_total: 7, events_kept: "<b>", bytes_kept: 0 };
  const fetched = answering(() => Response.json(stats));
  expect(await askCounts("key", null)).toEqual({
    ok: true,
    counts: { connected: 2, catchingUp: null, emitted: 7, kept: null, bytesKept: 0 },
  });
  expect(fetched.mock.calls[0]?.[0]).toBe("/ws/stats");
});

it("[D4] says why the hub does not tell", async () => {
  answering(() => Response.json({ detail: "Send one." }, { status: 401 }));
  expect(await askCounts(null, null)).toMatchObject({ ok: false, detail: "Send one." });
});
