// Two charts of what came over time, and beside each a summary and a table of the same figures.
import { useCallback, useMemo, useState } from "react";
import { useSnapshot } from "../../react/snapshot.ts";
import { useVisit } from "../visit/visit-context.ts";
import { useFormats } from "../words/formats.ts";
import { useWords } from "../words/language.ts";
import { useNow } from "../words/now.ts";
import { Chart, type Line } from "./chart.tsx";
import { GLANCE_WORDS } from "./glance-words.ts";
import { SPANS, type Span, type Step } from "./timeline.ts";
import { useGlance, useStats } from "./use-glance.ts";

const NONE = "–";
const NAMES = Object.keys(SPANS) as Span[];

export function Charts() {
  const words = useWords(GLANCE_WORDS);
  const [isOpen, setIsOpen] = useState(() => matchMedia("(min-width: 50rem)").matches);
  const [span, setSpan] = useState<Span>("5m");
  return (
    <section className="charts" aria-label={words.charts}>
      <details open={isOpen} onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
        <summary>{words.charts}</summary>
        {isOpen && (
          <>
            <fieldset className="segments" aria-label={words.spans}>
              {NAMES.map((name) => (
                <button
                  key={name}
                  type="button"
                  className="small"
                  aria-pressed={name === span}
                  onClick={() => setSpan(name)}
                >
                  {words.span[name]}
                </button>
              ))}
            </fieldset>
            <Both span={span} key={span} />
          </>
        )}
      </details>
    </section>
  );
}

/** Drawn again when a step is over, whatever comes meanwhile. */
function Both({ span }: { span: Span }) {
  const words = useWords(GLANCE_WORDS);
  const formats = useFormats();
  const { timeline } = useStats();
  const { stats, roundTripMs } = useGlance();
  const isConnected = useSnapshot(useVisit().entry).state === "connected";
  const stepMs = SPANS[span];
  const nth = Math.floor(useNow() / stepMs);
  const steps = useMemo(() => timeline.steps(span, nth * stepMs), [timeline, span, nth, stepMs]);
  const perSecond = useCallback((events: number) => (events * 1_000) / stepMs, [stepMs]);

  const times = steps.map(({ atMs }) => atMs / 1_000);
  const total = steps.reduce((sum, { events }) => sum + (events ?? 0), 0);
  const peak = Math.max(0, ...steps.map(({ events }) => perSecond(events ?? 0)));
  const clients = isConnected ? (stats?.clients ?? null) : null;
  const time = ({ atMs }: Step) => formats.time(new Date(atMs).toISOString());
  const known = (value: number | null, text: (n: number) => string) => (value === null ? NONE : text(value));

  return (
    <div className="both">
      <Figured
        title={words.eventsChart}
        summary={words.eventsSummary(formats.count(total), formats.rate(peak))}
        steps={steps}
        lines={[{ className: "chart-events", isFilled: true, label: formats.rate }]}
        values={[steps.map(({ events }) => (events === null ? null : perSecond(events)))]}
        times={times}
        columns={[words.events]}
        isEmpty={({ events }) => !events}
        point={(step) => `${time(step)} · ${known(step.events, formats.count)}`}
        cells={(step) => [known(step.events, formats.count)]}
      />
      <Figured
        title={words.hubChart}
        summary={words.hubSummary(known(clients, formats.count), known(roundTripMs, formats.ms))}
        steps={steps}
        lines={[
          { className: "chart-clients", isWhole: true, label: formats.count },
          { className: "chart-round-trip", label: formats.ms },
        ]}
        values={[steps.map((step) => step.clients), steps.map((step) => step.roundTripMs)]}
        times={times}
        columns={[words.clients, words.roundTrip]}
        isEmpty={(step) => step.clients === null && step.roundTripMs === null}
        point={(step) =>
          `${time(step)} · ${known(step.clients, formats.count)} · ${known(step.roundTripMs, formats.ms)}`
        }
        cells={(step) => [known(step.clients, formats.count), known(step.roundTripMs, formats.ms)]}
      />
    </div>
  );
}

interface FiguredProps {
  readonly title: string;
  readonly summary: string;
  readonly steps: readonly Step[];
  readonly lines: readonly Line[];
  readonly values: readonly (number | null)[][];
  readonly times: number[];
  /** Of the table, behind the time. */
  readonly columns: readonly string[];
  /** Such a step has no row. */
  readonly isEmpty: (step: Step) => boolean;
  /** What the pointer is at. */
  readonly point: (step: Step) => string;
  readonly cells: (step: Step) => readonly string[];
}

function Figured({ title, summary, steps, lines, values, times, columns, isEmpty, point, cells }: FiguredProps) {
  const words = useWords(GLANCE_WORDS);
  const formats = useFormats();
  const [index, setIndex] = useState<number | null>(null);
  const [isTable, setIsTable] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the lists are made of these
  const data = useMemo(() => [times, ...values] as [number[], ...(number | null)[][]], [steps]);
  const pointed = index === null ? undefined : steps[index];
  const clock = (s: number) => formats.time(new Date(s * 1_000).toISOString());
  const rows = isTable ? steps.filter((step) => !isEmpty(step)).reverse() : [];
  return (
    <figure>
      <figcaption>
        <strong>{title}</strong> <span>{pointed ? point(pointed) : summary}</span>
      </figcaption>
      <Chart data={data} lines={lines} timeLabel={clock} onPoint={setIndex} />
      <details className="table" onToggle={({ currentTarget }) => setIsTable(currentTarget.open)}>
        <summary>{words.table}</summary>
        {isTable && rows.length === 0 && <p className="soft">{words.nothing}</p>}
        {rows.length > 0 && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
          <section className="scroll" aria-label={title} tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{words.time}</th>
                  {columns.map((name) => (
                    <th key={name} scope="col">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((step) => (
                  <tr key={step.atMs}>
                    <th scope="row">{formats.time(new Date(step.atMs).toISOString())}</th>
                    {cells(step).map((text, i) => (
                      <td key={columns[i]}>{text}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
      </details>
    </figure>
  );
}
