// What changed between one reading and the next: small bars, and the same figures in words.
import { useFormats } from "../words/formats.ts";
import { useWords } from "../words/language.ts";
import { type ObjectReport, totalOf } from "./connections-report.ts";
import { CONNECTIONS_WORDS } from "./connections-words.ts";
import { FigureTable, useFigure } from "./figure-table.tsx";
import { changesIn, MAX_READINGS, type Reading, SERIES, type SeriesName } from "./series.ts";

/** As many as are read at a glance. */
const LISTED = 8;

export function OverTime({ readings, report }: { readings: readonly Reading[]; report: readonly ObjectReport[] }) {
  const words = useWords(CONNECTIONS_WORDS);
  const { time } = useFormats();
  const figure = useFigure();
  const changes = changesIn(readings);
  const all = (figures: readonly (number | null)[]) => {
    const known = figures.filter((each) => each !== null);
    return figure(known.length > 0 ? known.reduce((sum, each) => sum + each, 0) : null);
  };
  const total = (name: SeriesName) =>
    all(report.map((each) => (name === "replays" ? each.replays : totalOf(each[name]))));
  const since = (name: SeriesName) => changes.reduce((sum, change) => sum + change[name], 0);
  return (
    <section className="over" aria-label={words.over}>
      <FigureTable
        title={words.over}
        isWide
        heads={["", "", words.since, words.total]}
        rows={[
          ...SERIES.map((name) => [
            words.series[name],
            <Bars
              key="bars"
              figures={changes.map((change) => change[name])}
              label={words.chart(words.series[name], changes.map((change) => figure(change[name])).join(", "))}
            />,
            `+${figure(since(name))}`,
            total(name),
          ]),
          [words.deliveries, "", "", all(report.map(({ deliveries }) => deliveries))],
        ]}
      />
      <FigureTable
        title={words.readAt}
        isWide
        nothing={words.overWhy}
        heads={["", ...SERIES.map((name) => words.series[name])]}
        rows={changes
          .slice(-LISTED)
          .reverse()
          .map((change) => [
            time(new Date(change.at).toISOString()),
            ...SERIES.map((name) => `+${figure(change[name])}`),
          ])}
      />
    </section>
  );
}

/** One bar a reading; the newest is at the right, and the highest fills the height. */
function Bars({ figures, label }: { figures: readonly number[]; label: string }) {
  const most = Math.max(1, ...figures);
  const first = MAX_READINGS - 1 - figures.length;
  return (
    <svg
      className="bars"
      preserveAspectRatio="xMaxYMax"
      viewBox={`0 0 ${4 * (MAX_READINGS - 1)} 24`}
      role="img"
      aria-label={label}
    >
      {figures.map((figure, at) => {
        const height = figure === 0 ? 1 : 2 + (22 * figure) / most;
        const place = first + at;
        return (
          <rect
            key={place}
            className={figure === 0 ? "zero" : undefined}
            {...{ x: 4 * place, y: 24 - height, width: 3, height }}
          />
        );
      })}
    </svg>
  );
}
