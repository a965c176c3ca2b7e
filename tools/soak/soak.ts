// `npm run soak`: lets visitors come and go, over and over, and shows whether anything of them stays behind.
import { parseArgs } from "node:util";
import { startProgress } from "../progress.ts";
import type { Memory } from "./soak-memory.ts";
import { runSoak, type SoakReport } from "./soak-run.ts";
import { hasReturned, MAX_GROWTH } from "./soak-verdict.ts";
import { WAYS_TO_GO } from "./soak-visitor.ts";

const USAGE = `Lets visitors come to the built hub in a workerd of its own, subscribe, and go: as they should, by a RST, in the
middle of a frame, or silently. A third of the time is warm-up. In the end nobody may be counted any more, and memory may
be at most ${MAX_GROWTH} times that after the warm-up, each time with nobody connected and all garbage collected.

npm run soak -- [options]
  --seconds N   how long they come and go; up to 150 s more until the silent ones are found out  (120)
  --clients N   how many at a time                                                               (30)
  --seed N      what is drawn from                                                               (1)

Exit code 1: something stayed behind.`;

/** Few are silent: the hub keeps each for the 90 s and more that it is given. */
const WAYS = { close: 6, reset: 6, torn: 6, silent: 1 };

/** 90 s of silence (SPEC A3), then the next heartbeat, and a margin. */
const EMPTY_WITHIN_MS = 150_000;

function readOptions(): { readonly seconds: number; readonly clients: number; readonly seed: number } {
  try {
    const text = { type: "string" } as const;
    const { values } = parseArgs({
      options: { seconds: text, clients: text, seed: text, help: { type: "boolean", default: false } },
    });
    if (values.help) {
      console.log(USAGE);
      process.exit();
    }
    const read = (name: "seconds" | "clients" | "seed", fallback: number) => {
      const value = Number(values[name] ?? fallback);
      if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1.`);
      return value;
    };
    return { seconds: read("seconds", 120), clients: read("clients", 30), seed: read("seed", 1) };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(1);
  }
}

function print({ visits, before, after, between, left, emptyMs }: SoakReport): void {
  const ways = WAYS_TO_GO.map((way) => `${visits[way].toLocaleString("en")} × ${way}`).join(", ");
  console.log(`visits              ${ways}`);
  console.log(`left                ${left.connected_clients} connected, ${left.ws_catching_up} catching up`);
  console.log(`found out           ${Math.round(emptyMs / 1000)} s after the last visit`);
  const row = (name: string, of: (memory: Memory) => number | null) => {
    const [then, now] = [of(before), of(after)];
    if (then === null || now === null) return console.log(`${name}not known here: this system has no /proc`);
    const perVisit = Math.round((now - then) / between);
    const [thenMb, nowMb] = [then, now].map((bytes) => (bytes / 1e6).toFixed(2));
    console.log(`${name}${thenMb} MB, then ${nowMb}: × ${(now / then).toFixed(3)}, ${perVisit} bytes a visit`);
  };
  row("heap of the hub     ", ({ heapBytes }) => heapBytes);
  row("resident            ", ({ residentBytes }) => residentBytes);
}

const options = readOptions();
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
const progress = startProgress(options.seconds);
const began = performance.now();
const onVisit = (visits: number) => {
  const seconds = Math.min(options.seconds, Math.floor((performance.now() - began) / 1000));
  progress.show(seconds, `s, ${visits.toLocaleString("en")} visits`);
};
const report = await runSoak({ ...options, ways: WAYS, emptyWithinMs: EMPTY_WITHIN_MS }, onVisit, stop.signal)
  .finally(() => progress.end())
  .catch((error: unknown) => {
    console.error(stop.signal.aborted ? "Stopped." : error);
    process.exit(stop.signal.aborted ? 130 : 1);
  });
print(report);
if (!hasReturned(report)) {
  console.error("\nThis should not be: something of the visits stays behind.");
  process.exitCode = 1;
}
