import { expect, it } from "vitest";
import { NO_READINGS, type Readings, readEvent } from "../../../../src/dashboard/cards/readings.ts";
import type { Json } from "../../../../src/wire/event.ts";

const AT = "2026-11-21T12:00:00.000Z";

function read(...events: [type: string, data: Json][]): Readings {
  return events
    .map(([type, data]) => ({ type, data, source: "system", timestamp: AT, id: "x" }))
    .reduce(readEvent, NO_READINGS);
}

it.each<[Json, number | null]>([
  [0, 0],
  [0.874, 87],
  [1, 100],
  [87.4, 87],
  ["0.5", null],
  [null, null],
])("[D1] reads a credibility of %o as %o percent", (credibility, percent) => {
  expect(read(["ai_metrics_updated", { credibility }]).metrics).toEqual({
    credibility: percent,
    importance: null,
    at: AT,
  });
});

it("[D1] keeps a metric that an update lacks, and uses the publisher's time", () => {
  const { metrics } = read(
    ["ai_metrics_updated", { credibility: 0.5, importance: 0.25 }],
    ["ai_metrics_updated", { importance: 0.75, timestamp: "2026-11-21T11:00:00Z" }],
  );
  expect(metrics).toEqual({ credibility: 50, importance: 75, at: "2026-11-21T11:00:00Z" });
});

it("[D1] uses the publisher's count of news, and counts itself if there is none", () => {
  expect(read(["news_processed", {}], ["news_processed", "x"]).news).toEqual({ count: 2, processingMs: null });
  const counted = read(["news_processed", { count: 41, processing_time_ms: 12.5 }], ["news_processed", {}]);
  expect(counted.news).toEqual({ count: 42, processingMs: 12.5 });
  expect(read(["news_processed", { processing_time: 0.5 }]).news.processingMs).toBe(500);
});

it("[D1] shows the newest step of a digest", () => {
  const created = read(["digest_created", { title: "Morning" }]);
  expect(created.digest).toEqual({ step: "created", title: "Morning", at: AT });
  expect(read(["digest_created", { title: "Morning" }], ["digest_published", {}]).digest).toEqual({
    step: "published",
    title: "",
    at: AT,
  });
});

it("[D1] shows the newest health check", () => {
  const { system } = read(["system_health_check", { status: "healthy", uptime_seconds: 60 }]);
  expect(system).toEqual({ status: "healthy", uptimeS: 60, at: AT });
  expect(read(["system_health_check", { uptime: 7 }]).system).toEqual({ status: "unknown", uptimeS: 7, at: AT });
});

it("does not change on other events", () => {
  expect(read(["user_action", { credibility: 1 }], ["toString", null])).toBe(NO_READINGS);
});
