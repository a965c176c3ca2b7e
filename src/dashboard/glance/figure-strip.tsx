// The figures of one channel in a row. What is no longer true is dimmed, and says of when it is.
import type { ReactNode } from "react";
import { useSnapshot } from "../../react/snapshot.ts";
import { useVisit } from "../visit/visit-context.ts";
import { useFormats } from "../words/formats.ts";
import { useWords } from "../words/language.ts";
import { useNow } from "../words/now.ts";
import { figuresOf } from "./figures.ts";
import { GLANCE_WORDS, type GlanceWords } from "./glance-words.ts";
import { useGlance, useStats } from "./use-glance.ts";
import "./glance.css";

const NONE = "–";

export function FigureStrip() {
  const words = useWords(GLANCE_WORDS);
  const formats = useFormats();
  const store = useStats();
  const { reactor, state } = useSnapshot(useVisit().entry);
  const { stats, statsMs, fault, seenMs } = useGlance();
  const nowMs = useNow();
  const { taken, lag, lastEventMs } = figuresOf(stats, reactor.cursor, seenMs);
  const isConnected = state === "connected";
  const isStale = stats !== null && (!isConnected || fault !== null);
  const count = (n: number | null | undefined) => (n === null || n === undefined ? NONE : formats.count(n));
  const size = typeof stats?.bytesKept === "number" ? ` · ${formats.bytes(stats.bytesKept)}` : "";
  return (
    <section className="figures" aria-label={words.figures}>
      <dl data-reactor="hub-counts" className={isStale ? "stale" : undefined}>
        <Figure name="taken">{count(taken)}</Figure>
        <Figure name="rate">{isConnected ? formats.rate(store.timeline.rate(nowMs)) : NONE}</Figure>
        <Figure name="clients">{count(stats?.clients)}</Figure>
        <Figure name="deliveries">{count(stats?.deliveries)}</Figure>
        <Figure name="lastEvent">{lastEventMs === null ? NONE : <Ago atMs={lastEventMs} nowMs={nowMs} />}</Figure>
        <Figure name="lag">{count(lag)}</Figure>
        <Figure name="cursor">{reactor.cursor ?? NONE}</Figure>
        <Figure name="inLog">{`${count(stats?.kept)}${size}`}</Figure>
        <Figure name="replaying" isIdle={!stats?.replaying}>
          {count(stats?.replaying)}
        </Figure>
      </dl>
      <div className="figures-end">
        <span role="status" data-reactor="stale" title={fault ?? undefined}>
          {isStale && statsMs !== null && words.asOf(formats.time(new Date(statsMs).toISOString()))}
          {stats === null && fault}
        </span>
        <button type="button" className="small" data-reactor="refresh" onClick={() => store.refresh()}>
          {words.refresh}
        </button>
      </div>
    </section>
  );
}

interface FigureProps {
  readonly name: keyof GlanceWords["figure"];
  /** It says little: a phone leaves it out. */
  readonly isIdle?: boolean;
  readonly children: ReactNode;
}

function Figure({ name, isIdle, children }: FigureProps) {
  const [text, title] = useWords(GLANCE_WORDS).figure[name];
  return (
    <div data-figure={name} title={title} className={isIdle ? "idle" : undefined}>
      <dt>{text}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Ago({ atMs, nowMs }: { atMs: number; nowMs: number }) {
  const formats = useFormats();
  const iso = new Date(atMs).toISOString();
  return (
    <time dateTime={iso} title={formats.time(iso)}>
      {formats.ago(nowMs - atMs)}
    </time>
  );
}
