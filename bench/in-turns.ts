// Several servers under the same load, in turns: Reactor, another build of it if there is one, controls, peers.
import type { Finding, Run, Target } from "./bench.ts";
import { missingPeer, type PeerName, startPeer } from "./servers/peers.ts";
import type { Server } from "./servers/server.ts";
import { startBareHub, startReactor } from "./servers/start.ts";
import { type Load, type Round, Side } from "./side.ts";
import { Stage } from "./stage.ts";

/** What is read from a round. */
const METRICS = {
  perSecond: { what: "deliveries per second", unit: "", of: (round: Round) => round.perSecond },
  p50: { what: "p50", unit: "ms", of: ({ latencies }: Round) => latencies.percentileMs(0.5) },
  p99: { what: "p99", unit: "ms", of: ({ latencies }: Round) => latencies.percentileMs(0.99) },
  cpu: {
    what: "server CPU per delivery",
    unit: "µs",
    of: ({ serverCpuUs, events, subscribers }: Round) => serverCpuUs / (events * subscribers),
  },
} as const;

type Metric = keyof typeof METRICS;
export const OTHER_BUILD = "the other build";
export type ControlName = PeerName | "bare hub" | typeof OTHER_BUILD;
/** For the ratio of Reactor to a control. */
export type Targets = Readonly<Partial<Record<ControlName, Readonly<Partial<Record<Metric, Target>>>>>>;

export interface Contest {
  readonly load: Load;
  readonly seconds: number;
  /** The controls; another build is measured as well where the run has one. */
  readonly beside: readonly Exclude<ControlName, typeof OTHER_BUILD>[];
  /** Seconds of load on the bare hub where that falls behind: its latencies then grow for as long as the load lasts. */
  readonly bareSeconds?: number;
  readonly metrics: readonly Metric[];
  readonly targets: Targets;
}

interface Contestant {
  readonly name: "Reactor" | ControlName;
  readonly seconds: number;
  readonly side: Side;
}

export function inTurns(contest: Contest, run: Run): Promise<readonly Finding[]> {
  return Stage.set(async (stage) => {
    const { load, seconds, bareSeconds = seconds } = contest;
    const starts: [Contestant["name"], () => Promise<Server>][] = [["Reactor", () => startReactor(run.worker)]];
    const { other } = run;
    if (other) starts.push([OTHER_BUILD, () => startReactor(other)]);
    const leftOut: string[] = [];
    for (const name of contest.beside) {
      const missing = name === "bare hub" ? null : missingPeer(name);
      if (missing) leftOut.push(missing);
      else starts.push([name, () => (name === "bare hub" ? startBareHub() : startPeer(name))]);
    }
    const contestants: Contestant[] = [];
    for (const [name, start] of starts) {
      run.progress((0.2 * contestants.length) / starts.length, `starting ${name}`);
      const side = await Side.open(stage, await stage.start(start()), load);
      contestants.push({ name, side, seconds: name === "bare hub" ? bareSeconds : seconds });
    }
    for (const { side } of contestants) await side.measure(0.5); // warms up: the first calls run uncompiled
    for (let round = 0; round < run.rounds; round++) {
      for (const [index, { name, side, seconds }] of turnsOf(contestants, round).entries()) {
        const done = round * contestants.length + index;
        run.progress(0.2 + (0.8 * done) / (run.rounds * contestants.length), `round ${round + 1}, ${name}`);
        side.rounds.push(await side.measure(seconds));
      }
    }
    const rounds = contestants.map(({ name, seconds, side }) => ({ name, seconds, rounds: side.rounds }));
    return findingsOf(contest, rounds, leftOut);
  });
}

/** Each round begins with the next one, so that none always follows the same: a busy one leaves work to the machine. */
function turnsOf<T>(all: readonly T[], round: number): T[] {
  const first = round % all.length;
  return [...all.slice(first), ...all.slice(0, first)];
}

interface Measured {
  readonly name: Contestant["name"];
  readonly seconds: number;
  readonly rounds: readonly Round[];
}

/** One line for each control and metric. @param leftOut what could not be measured, and why */
export function findingsOf(
  { metrics, targets, seconds: full }: Pick<Contest, "metrics" | "targets" | "seconds">,
  [subject, ...controls]: readonly Measured[],
  leftOut: readonly string[],
): readonly Finding[] {
  if (!subject) throw new Error("a contest has a subject");
  const findings = metrics.flatMap((metric) =>
    controls.map(({ name, seconds, rounds }): Finding => {
      const { what, unit, of } = METRICS[metric];
      const target = name === "Reactor" ? undefined : targets[name]?.[metric];
      const control = { name: seconds < full ? `${name}, ${seconds} s` : name, values: rounds.map(of) };
      return { what, unit, subject: subject.rounds.map(of), control, ...(target && { target }) };
    }),
  );
  const shares = [subject, ...controls].map(({ name, rounds }) => shareOf(name, rounds));
  const last = findings.at(-1);
  const note = [`share of a core: ${shares.join("; ")}`, ...leftOut].join("\n      ");
  return last ? [...findings.slice(0, -1), { ...last, note }] : [alone(metrics, subject, note)].flat();
}

function alone(metrics: readonly Metric[], { rounds }: Measured, note: string): Finding[] {
  return metrics.map((metric, index) => {
    const { what, unit, of } = METRICS[metric];
    return { what, unit, subject: rounds.map(of), ...(index === metrics.length - 1 && { note }) };
  });
}

/** The load of the subscribers' thread shows whether that thread, and not the server, was the bottleneck. */
function shareOf(name: string, rounds: readonly Round[]): string {
  const percent = (share = 0) => `${Math.round(100 * share)} %`;
  const last = rounds.at(-1);
  return `${name} ${percent(last?.serverCpu)}, its subscribers ${percent(last?.subscribersCpu)}`;
}
