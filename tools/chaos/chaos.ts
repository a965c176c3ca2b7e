// `npm run chaos`: injects faults into a hub for a while, and checks that no acknowledged event was lost or doubled.
import { parseArgs } from "node:util";
import { FAULTS_FOUND } from "./chaos-check.ts";
import { whyNoFullDisk } from "./chaos-disk.ts";
import type { ChaosOptions } from "./chaos-plan.ts";
import { busyMs, describe, inMs } from "./chaos-recovery.ts";
import { type ChaosReport, type Progress, runChaos } from "./chaos-run.ts";

const USAGE = `Injects faults into the built hub in its own workerd: cuts, freezes, delays and splits its connections, kills and restarts
it, evicts it from memory, aborts it as a deploy does, sets its clock, fills its disk, and lets a herd of readers replay its log.
Then compares what it acknowledged, what is in the log and what each subscriber received.

npm run chaos -- [options]
  --clients N   subscribers, each the real client behind a bad network     (50)
  --events N    ends after this many acknowledged events                   (no limit)
  --kills N     how many times workerd is ended by SIGKILL                 (6)
  --cuts N      how many times connections break without a close frame     (one per second)
  --aborts N    how many times the hub ends itself, as at a deploy         (6)
  --storms N    how many times it does so ten times within 2 s             (1)
  --clocks N    how many times its clock is set: +1 h, -1 h, +3 min …      (4)
  --disks N     how many times its disk takes no writes for some seconds   (2)
  --herds N     how many times 20 more readers replay the log, and again   (2)
  --seconds N   how long; from 20 s on a subscriber is stalled meanwhile   (60)
  --seed N      seed of the random faults: the same seed, the same faults  (1)

Exit code 1: an event was lost, doubled, out of order, changed, or sent to a subscriber that should not receive it; a
subscriber did not reach the head afterwards; an emit was answered by a 5xx other than 503.`;

const LINE_EVERY_MS = 5_000;

function readOptions(): ChaosOptions {
  const text = { type: "string" } as const;
  try {
    const { values } = parseArgs({
      options: {
        clients: text,
        events: text,
        kills: text,
        cuts: text,
        aborts: text,
        storms: text,
        clocks: text,
        disks: text,
        herds: text,
        seconds: text,
        seed: text,
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit();
    }
    const read = (name: keyof ChaosOptions, fallback: number, min: number) => {
      const value = Number(values[name] ?? fallback);
      const isWhole = Number.isInteger(value) || value === fallback;
      if (!isWhole || value < min)
        throw new Error(`--${name} must be a whole number from ${min}, not "${values[name]}"`);
      return value;
    };
    const seconds = read("seconds", 60, 1);
    return {
      clients: read("clients", 50, 2),
      events: read("events", Number.POSITIVE_INFINITY, 1),
      kills: read("kills", 6, 0),
      cuts: read("cuts", seconds, 0),
      aborts: read("aborts", 6, 0),
      storms: read("storms", 1, 0),
      clocks: read("clocks", 4, 0),
      disks: whyNoFullDisk() === undefined ? read("disks", 2, 0) : noDisks(values.disks),
      herds: read("herds", 2, 0),
      seconds,
      seed: read("seed", 1, 0),
    };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(1);
  }
}

/** @throws if some are asked for */
function noDisks(asked: string | undefined): number {
  const why = whyNoFullDisk() ?? "";
  if (asked !== undefined && asked !== "0") throw new Error(`--disks must be 0 here. ${why}`);
  if (asked === undefined) console.log(why);
  return 0;
}

function startLine(seconds: number, out = process.stdout): { show(progress: Progress): void; end(): void } {
  const began = performance.now();
  let shownAtMs = began;
  return {
    show({ acknowledged, delivered, faults }) {
      const now = performance.now();
      const past = `${Math.round((now - began) / 1000)} of ${seconds} s`;
      const line = `${past}: ${count(acknowledged)} acknowledged, ${count(delivered)} delivered, ${faultsText(faults)}`;
      if (out.isTTY) out.write(`\r\x1b[K${line.slice(0, out.columns - 1)}`);
      else if (now - shownAtMs >= LINE_EVERY_MS) {
        shownAtMs = now;
        out.write(`${line}\n`);
      }
    },
    end: () => out.isTTY && out.write("\n"),
  };
}

const count = (n: number) => n.toLocaleString("en");
const faultsText = (faults: Progress["faults"]) =>
  Object.entries(faults)
    .filter(([, n]) => n > 0)
    .map(([kind, n]) => `${n} × ${kind}`)
    .join(", ");

const herdText = ({ visits, whole }: ChaosReport["replayed"]) =>
  `to herds, in ${visits} visits, of which ${whole} replayed the whole log`;

function print({ verdict, behind, ...report }: ChaosReport): void {
  const { requests, retries, duplicates, catchingUp, longestRecovery, busiestRecovery } = report;
  const rows: [string, number, string?][] = [
    ["acknowledged", report.acknowledged, `${count(requests)} requests, ${retries} retries, ${duplicates} duplicates`],
    ["delivered", report.delivered, `${count(report.deflated)} compressed frames, to half of the subscribers`],
    ...FAULTS_FOUND.map((fault): [string, number] => [fault === "outOfOrder" ? "out of order" : fault, verdict[fault]]),
    ["resets", report.resets],
    ["reconnects", report.reconnects],
    ["kills", report.faults.kill, faultsText(report.faults)],
    ["unavailable", report.unavailable, "emits answered 503 log_unavailable"],
    [
      "longest recovery",
      Math.round(longestRecovery.ms),
      `ms from a fault to an event, of which the client waited ${inMs(longestRecovery.waitedMs)} to reconnect`,
    ],
    ["without waiting", Math.round(busyMs(busiestRecovery)), "ms, the longest"],
  ];
  if (report.faults.herd) rows.push(["replayed", report.replayed.events, herdText(report.replayed)]);
  if (report.faults.stall) rows.push(["stalled", catchingUp, "fell behind, and caught up later"]);
  for (const [name, n, note = ""] of rows) console.log(`${name.padEnd(18)}${count(n).padStart(10)}  ${note}`.trimEnd());
  console.log(`\nThe longest recovery, ${describe(longestRecovery)}`);
  console.log(`The longest without waiting, ${describe(busiestRecovery)}`);
  for (const line of [...verdict.findings, ...behind, ...report.failures]) console.error(line);
}

const options = readOptions();
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
const command = `npm run chaos -- ${Object.entries(options)
  .filter(([, value]) => Number.isFinite(value))
  .map(([name, value]) => `--${name} ${value}`)
  .join(" ")}`;

console.log(`${options.clients} subscribers, ${options.seconds} s, seed ${options.seed} …`);
const line = startLine(options.seconds);
const report = await runChaos(options, line.show, stop.signal)
  .finally(line.end)
  .catch((error: unknown) => {
    console.error(stop.signal.aborted ? "Stopped." : error);
    process.exit(stop.signal.aborted ? 130 : 1); // publishers would retry for ever
  });
print(report);
if (report.behind.length + report.failures.length > 0 || FAULTS_FOUND.some((fault) => report.verdict[fault] > 0)) {
  console.error(`\nThe check failed. To reproduce it: ${command}`);
  process.exitCode = 1;
}
