// The newest readings. Scripts of the legacy dashboard look for the attributes `data-reactor` and `data-metric`, so the cards are always
// in the document; without any reading they are folded.
import { type ReactNode, useState } from "react";
import { useFormats } from "../words/formats.ts";
import { useWords } from "../words/language.ts";
import { NONE, Reading } from "../words/reading.tsx";
import { CARDS_WORDS } from "./cards-words.ts";
import { NO_READINGS, type Readings } from "./readings.ts";
import "./cards.css";

export function Cards(readings: Readings) {
  const words = useWords(CARDS_WORDS);
  const hasReadings = Object.entries(NO_READINGS).some(([name, none]) => readings[name as keyof Readings] !== none);
  const [chosen, choose] = useState<boolean | null>(null);
  const isOpen = chosen ?? hasReadings;
  return (
    <details
      className="panel cards"
      data-reactor="cards"
      open={isOpen}
      onToggle={({ currentTarget }) => currentTarget.open !== isOpen && choose(currentTarget.open)}
    >
      <summary>
        {words.title} {!hasReadings && <span className="soft">· {words.none}</span>}
      </summary>
      <CardList {...readings} />
    </details>
  );
}

function CardList({ metrics, news, digest, system }: Readings) {
  const words = useWords(CARDS_WORDS);
  const { count, time, ms } = useFormats();
  const timeText = (at: string | null | undefined) => (at == null ? NONE : time(at));
  return (
    <div className="panels">
      <Card title={words.metrics} of="metrics">
        <Reading name={words.credibility}>
          <output data-metric="credibility">{percent(metrics.credibility)}</output>
        </Reading>
        <Reading name={words.importance}>
          <output data-metric="importance">{percent(metrics.importance)}</output>
        </Reading>
        <Reading name={words.updated}>
          <time data-metric="timestamp">{timeText(metrics.at)}</time>
        </Reading>
      </Card>
      <Card title={words.news}>
        <Reading name={words.processed}>
          <output data-reactor="news-counter">{count(news.count)}</output>
        </Reading>
        <Reading name={words.processingTime}>
          <output data-metric="processing-time">
            {news.processingMs === null ? NONE : ms(Math.round(news.processingMs))}
          </output>
        </Reading>
      </Card>
      <Card title={words.digest} of="digest-status">
        <Reading name={words.status}>{digest ? `${words.steps[digest.step]}, ${time(digest.at)}` : NONE}</Reading>
        <Reading name={words.digestTitle}>
          <span title={digest?.title}>{digest?.title || NONE}</span>
        </Reading>
      </Card>
      <Card title={words.system} of="system-status">
        <Reading name={words.status}>
          <span title={system?.status}>{system?.status ?? NONE}</span>
        </Reading>
        <Reading name={words.uptime}>{system?.uptimeS == null ? NONE : duration(system.uptimeS, words)}</Reading>
        <Reading name={words.lastCheck}>{timeText(system?.at)}</Reading>
      </Card>
    </div>
  );
}

function Card({ title, of, children }: { title: string; of?: string; children: ReactNode }) {
  return (
    <section className="panel" aria-label={title}>
      <h3>{title}</h3>
      <dl data-reactor={of}>{children}</dl>
    </section>
  );
}

function percent(value: number | null): string {
  return value === null ? NONE : `${value} %`;
}

type DurationWords = (typeof CARDS_WORDS)["en"];

function duration(seconds: number, words: DurationWords): string {
  const minutes = Math.floor(seconds / 60);
  const [hours, days] = [Math.floor(minutes / 60), Math.floor(minutes / 1440)];
  if (days > 0) return words.days(days, hours % 24);
  if (hours > 0) return words.hours(hours, minutes % 60);
  return minutes > 0 ? words.minutes(minutes) : words.seconds(Math.floor(seconds));
}
