// `npm run soak`: lets clients connect and disconnect, over and over, and checks that nothing of them stays behind.
import { parseArgs } from "node:util";
import { startProgress } from "../progress.ts";
import { ENDINGS } from "./soak-client.ts";
import type { Memory } from "./soak-memory.ts";
import { runSoak, type SoakReport } from "./soak-run.ts";
import { isClean, MAX_GROWTH } from "./soak-verdict.ts";

const USAGE = `Lets clients connect to the built hub in its own workerd, subscribe, and disconnect: by a close frame, by a RST, in the
middle of a frame, or silently. A third of the time is warm-up. At the end no client may be counted, and memory may be at
most ${MAX_GROWTH} times that after the warm-up, both without connections and after garbage collection.

npm run soak -- [options]
  --seconds N   how long clients connect; up to 150 s more until the silent ones are closed  (120)
  --clients N   how many at a time                                                           (30)
  --seed N      seed of what clients do                                                      (1)

Exit code 1: connections or memory stayed behind.`;

/** Few are silent: the hub keeps each for 90 s or more. */
const WEIGHTS = { close: 6, reset: 6, torn: 6, silent: 1 };

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

function print({ connections, before, after, between, left, emptyMs }: SoakReport): void {
  const endings = ENDINGS.map((ending) => `${connections[ending].toLocaleString("en")} × ${ending}`).join(", ");
  console.log(`connections         ${endings}`);
  console.log(`left                ${left.connected_clients} connected, ${left.ws_catching_up} catching up`);
  console.log(`until empty         ${Math.round(emptyMs / 1000)} s after the last connection`);
  const row = (name: string, of: (memory: Memory) => number | null) => {
    const [then, now] = [of(before), of(after)];
    if (then === null || now === null) return console.log(`${name}unknown: this system has no /proc`);
    const perConnection = Math.round((now - then) / between);
    const [thenMb, nowMb] = [then, now].map((bytes) => (bytes / 1e6).toFixed(2));
    console.log(
      `${name}${thenMb} MB, then ${nowMb}: × ${(now / then).toFixed(3)}, ${perConnection} bytes per connection`,
    );
  };
  row("heap of the hub     ", ({ heapBytes }) => heapBytes);
  row("resident            ", ({ residentBytes }) => residentBytes);
}

const options = readOptions();
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
const progress = startProgress(options.seconds);
const began = performance.now();
const onConnection = (connections: number) => {
  const seconds = Math.min(options.seconds, Math.floor((performance.now() - began) / 1000));
  progress.show(seconds, `s, ${connections.toLocaleString("en")} connections`);
};
const report = await runSoak(
  { ...options, endings: WEIGHTS, emptyWithinMs: EMPTY_WITHIN_MS },
  onConnection,
  stop.signal,
)
  .finally(() => progress.end())
  .catch((error: unknown) => {
    console.error(stop.signal.aborted ? "Stopped." : error);
    process.exit(stop.signal.aborted ? 130 : 1);
  });
print(report);
if (!isClean(report)) {
  console.error("\nThe check failed: connections or memory stay behind.");
  process.exitCode = 1;
}
