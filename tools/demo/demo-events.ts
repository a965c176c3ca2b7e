// The events of `npm run demo`: the real earthquakes of tools/demo/data, and between them made-up events of the other types
// that legacy pages know, with the source `demo` and values that depend only on their number.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../program.ts";

export interface DemoEvent {
  readonly type: string;
  readonly source: string;
  readonly id?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const EARTHQUAKES_BETWEEN = 10;

/** @param run a unique word per run: otherwise the hub would treat the earthquakes of a second run as retries */
export function* demoEvents(count: number, run: string): Generator<DemoEvent> {
  const earthquakes = readEarthquakes().slice(0, count);
  for (const [index, earthquake] of earthquakes.entries()) {
    yield { ...earthquake, source: `usgs/${run}` };
    if ((index + 1) % EARTHQUAKES_BETWEEN === 0) yield madeUp((index + 1) / EARTHQUAKES_BETWEEN - 1);
  }
}

export function readEarthquakes(): DemoEvent[] {
  const lines = readFileSync(join(ROOT, "tools/demo/data/earthquakes.ndjson"), "utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line));
}

/** Oscillates between 0 and 1, once in `period` events. */
function wave(n: number, period: number): number {
  return Math.round(50 + 50 * Math.sin((2 * Math.PI * n) / period)) / 100;
}

const MADE_UP: Readonly<Record<string, (n: number) => DemoEvent["data"]>> = {
  ai_metrics_updated: (n) => ({
    credibility: wave(n, 70),
    importance: wave(n, 110),
    timestamp: new Date().toISOString(),
  }),
  news_processed: (n) => ({ title: `Demo news ${n}`, count: n + 1, processing_time_ms: 40 + 60 * wave(n, 50) }),
  news_accepted: (n) => ({ title: `Demo news ${n}`, credibility: wave(n, 70) }),
  news_rejected: (n) => ({ title: `Demo news ${n}`, reason: "duplicate of an earlier story" }),
  ai_prediction_completed: (n) => ({ prediction: wave(n, 90), confidence: 0.5 + wave(n, 130) / 2 }),
  event_forecast: (n) => ({ title: `Demo forecast ${n}`, probability: wave(n, 60) }),
  digest_created: (n) => ({ title: `Demo digest ${n}`, items: 5 + (n % 8) }),
  digest_published: (n) => ({ title: `Demo digest ${n}`, channel: "newsletter" }),
  user_action: (n) => ({ action: n % 20 < 10 ? "opened" : "shared", target: `Demo digest ${n}` }),
  system_health_check: (n) => ({ status: "healthy", uptime_seconds: 60 * (n + 1) }),
};

/** Each type in turn. */
function madeUp(n: number): DemoEvent {
  const makers = Object.entries(MADE_UP);
  const [type, data] = makers[n % makers.length] as (typeof makers)[number];
  return { type, source: "demo", data: data(n) };
}
