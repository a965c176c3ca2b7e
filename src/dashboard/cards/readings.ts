// The panels' values, read from events by type. Publishers differ, so the data is validated: a missing or malformed member
// leaves the panel's value unchanged.
import type { ReactorEvent } from "../../client/index.ts";
import { asObject } from "../../wire/json.ts";

export interface Readings {
  /** In percent, from 0 to 100; `at`: the event's own time, or the hub's. */
  readonly metrics: {
    readonly credibility: number | null;
    readonly importance: number | null;
    readonly at: string | null;
  };
  readonly news: { readonly count: number; readonly processingMs: number | null };
  readonly digest: { readonly step: "created" | "published"; readonly title: string; readonly at: string } | null;
  readonly system: { readonly status: string; readonly uptimeS: number | null; readonly at: string } | null;
}

/** What a reading is made of. */
export type ReadingEvent = Pick<ReactorEvent, "type" | "data" | "timestamp">;

export const READING_TYPES: ReadonlySet<string> = new Set([
  "ai_metrics_updated",
  "news_processed",
  "digest_created",
  "digest_published",
  "system_health_check",
]);

export const NO_READINGS: Readings = {
  metrics: { credibility: null, importance: null, at: null },
  news: { count: 0, processingMs: null },
  digest: null,
  system: null,
};

export function readEvent(readings: Readings, { type, data, timestamp }: ReadingEvent): Readings {
  const fields = asObject(data) ?? {};
  const at = textOr(fields.timestamp, timestamp);
  switch (type) {
    case "ai_metrics_updated": {
      const { credibility, importance } = readings.metrics;
      const metrics = {
        credibility: percent(fields.credibility) ?? credibility,
        importance: percent(fields.importance) ?? importance,
      };
      return { ...readings, metrics: { ...metrics, at } };
    }
    case "news_processed": {
      const { count, processingMs } = readings.news;
      const tookMs = finite(fields.processing_time_ms) ?? inMs(finite(fields.processing_time)) ?? processingMs;
      return { ...readings, news: { count: finite(fields.count) ?? count + 1, processingMs: tookMs } };
    }
    case "digest_created":
    case "digest_published": {
      const step = type === "digest_created" ? "created" : "published";
      return { ...readings, digest: { step, title: textOr(fields.title, ""), at } };
    }
    case "system_health_check": {
      const uptimeS = finite(fields.uptime_seconds) ?? finite(fields.uptime);
      return { ...readings, system: { status: textOr(fields.status, "unknown"), uptimeS, at } };
    }
    default:
      return readings;
  }
}

function finite(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** Accepts a fraction up to 1, or a percentage. */
function percent(value: unknown): number | null {
  const given = finite(value);
  return given === null ? null : Math.round(given <= 1 ? given * 100 : given);
}

function inMs(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1000;
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}
