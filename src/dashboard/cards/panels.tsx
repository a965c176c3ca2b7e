// The newest readings. Scripts of the legacy dashboard look for the attributes `data-reactor` and `data-metric`.
import type { ReactNode } from "react";
import { timeOfDay } from "../words/time-of-day.ts";
import type { Readings } from "./readings.ts";

/** Shown for an unknown value. */
export const NONE = "–";

export function Panels({ metrics, news, digest, system }: Readings) {
  return (
    <div className="panels">
      <Panel title="AI metrics" of="metrics">
        <Reading name="Credibility">
          <output data-metric="credibility">{percent(metrics.credibility)}</output>
        </Reading>
        <Reading name="Importance">
          <output data-metric="importance">{percent(metrics.importance)}</output>
        </Reading>
        <Reading name="Updated">
          <time data-metric="timestamp">{metrics.at === null ? NONE : timeOfDay(metrics.at)}</time>
        </Reading>
      </Panel>
      <Panel title="News">
        <Reading name="Processed">
          <output data-reactor="news-counter">{news.count}</output>
        </Reading>
        <Reading name="Processing time">
          <output data-metric="processing-time">
            {news.processingMs === null ? NONE : `${Math.round(news.processingMs)} ms`}
          </output>
        </Reading>
      </Panel>
      <Panel title="Digest" of="digest-status">
        <Reading name="Status">{digest ? `${digest.step}, ${timeOfDay(digest.at)}` : NONE}</Reading>
        <Reading name="Title">{digest?.title || NONE}</Reading>
      </Panel>
      <Panel title="System" of="system-status">
        <Reading name="Status">{system?.status ?? NONE}</Reading>
        <Reading name="Uptime">{duration(system?.uptimeS ?? null)}</Reading>
        <Reading name="Last check">{system ? timeOfDay(system.at) : NONE}</Reading>
      </Panel>
    </div>
  );
}

function Panel({ title, of, children }: { title: string; of?: string; children: ReactNode }) {
  return (
    <section className="panel">
      <h2>{title}</h2>
      <dl data-reactor={of}>{children}</dl>
    </section>
  );
}

export function Reading({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function percent(value: number | null): string {
  return value === null ? NONE : `${value} %`;
}

function duration(seconds: number | null): string {
  if (seconds === null) return NONE;
  const minutes = Math.floor(seconds / 60);
  const [hours, days] = [Math.floor(minutes / 60), Math.floor(minutes / 1440)];
  if (days > 0) return `${days} d ${hours % 24} h`;
  if (hours > 0) return `${hours} h ${minutes % 60} min`;
  return minutes > 0 ? `${minutes} min` : `${Math.floor(seconds)} s`;
}
