// A chart on a canvas. It says nothing to assistive technology: a summary and a table stand beside it.
import { useEffect, useRef } from "react";
import type uPlot from "uplot";
import { useSnapshot } from "../../react/snapshot.ts";
import { preferences } from "../words/preferences.ts";
import { loadPlot } from "./load-plot.ts";

export interface Line {
  /** The CSS class whose colour it has. */
  readonly className: string;
  readonly isFilled?: boolean;
  /** Only whole numbers are marked on its scale. */
  readonly isWhole?: boolean;
  /** How its scale is labelled. */
  readonly label: (value: number) => string;
}

export interface ChartProps {
  /** Unix times in seconds, then one list a line; at most two lines, whose scales are left and right. */
  readonly data: uPlot.AlignedData;
  readonly lines: readonly Line[];
  readonly timeLabel: (s: number) => string;
  /** The nearest place to the pointer; `null`: there is none. It MUST stay the same function. */
  readonly onPoint: (index: number | null) => void;
}

const HEIGHT = 112;
/** 1, 2, 5, 10 … 50,000. */
const WHOLE = [1, 10, 100, 1_000, 10_000].flatMap((step) => [step, 2 * step, 5 * step]);
const FONT = "11px system-ui, sans-serif";

export function Chart({ data, lines, timeLabel, onPoint }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const newest = useRef({ data, lines, timeLabel });
  newest.current = { data, lines, timeLabel };

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    let undo = () => {};
    let isGone = false;
    void loadPlot().then((Plot) => {
      if (isGone) return;
      const made = new Plot(optionsOf(element, newest, onPoint), newest.current.data, element);
      plot.current = made;
      undo = follow(element, made);
    });
    return () => {
      isGone = true;
      plot.current = null;
      undo();
    };
  }, [onPoint]);

  useEffect(() => plot.current?.setData(data), [data]);

  const { theme } = useSnapshot(preferences);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours follow the theme
  useEffect(() => plot.current?.redraw(), [theme]);

  return <div className="chart" ref={box} aria-hidden="true" />;
}

/** The size of its box, and the system's theme. @returns a function that removes it */
function follow(element: HTMLElement, made: uPlot): () => void {
  const resizes = new ResizeObserver(() => {
    if (element.clientWidth > 0) made.setSize({ width: element.clientWidth, height: HEIGHT });
  });
  resizes.observe(element);
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const redraw = () => made.redraw();
  scheme.addEventListener("change", redraw);
  return () => {
    scheme.removeEventListener("change", redraw);
    resizes.disconnect();
    made.destroy();
  };
}

type Newest = { readonly current: Pick<ChartProps, "data" | "lines" | "timeLabel"> };

/** Colours are read when it is drawn: a canvas knows no tokens. */
function optionsOf(element: HTMLElement, newest: Newest, onPoint: ChartProps["onPoint"]): uPlot.Options {
  const probe = element.appendChild(document.createElement("i"));
  const colour = (className: string) => {
    probe.className = className;
    return getComputedStyle(probe).color;
  };
  const { lines } = newest.current;
  const axis = { font: FONT, stroke: () => colour("chart-text"), ticks: { show: false } };
  const grid = { width: 1, stroke: () => colour("chart-grid") };
  const scales = lines.map((_, i) => `y${i}`);
  return {
    width: Math.max(1, element.clientWidth),
    height: HEIGHT,
    padding: [8, lines.length > 1 ? 0 : 8, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false, points: { show: false } },
    scales: Object.fromEntries(
      scales.map((scale) => [
        scale,
        { range: (_: uPlot, _min: number, max: number) => [0, Math.max(1, max * 1.2)] as uPlot.Range.MinMax },
      ]),
    ),
    series: [
      {},
      ...lines.map(({ className, isFilled }, i) => ({
        scale: scales[i] ?? "y0",
        width: 1.5,
        spanGaps: !isFilled,
        stroke: () => colour(className),
        points: { show: !isFilled, size: 4, fill: () => colour(className) },
        ...(isFilled && { fill: () => colour(`${className} chart-fill`) }),
      })),
    ],
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        space: 80,
        values: (_, splits) => splits.map((s) => newest.current.timeLabel(s)),
      },
      ...lines.map(({ isWhole }, i) => ({
        ...axis,
        scale: scales[i] ?? "y0",
        side: i === 0 ? (3 as const) : (1 as const),
        size: 44,
        space: 28,
        grid: i === 0 ? grid : { show: false },
        values: (_: uPlot, splits: number[]) => splits.map((value) => newest.current.lines[i]?.label(value) ?? ""),
        ...(isWhole && { incrs: WHOLE }),
      })),
    ],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
  };
}
