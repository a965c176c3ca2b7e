// `npm run demo`: sends real earthquakes through a running hub, as a backend would, and prints the results.
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startProgress } from "../progress.ts";
import { type DemoEvent, demoEvents, readEarthquakes } from "./demo-events.ts";
import { Tally } from "./demo-tally.ts";
import { EmitError, postEvents } from "./post-events.ts";

const USAGE = `Sends real earthquakes, and some made-up events between them, through a running hub.

npm run demo -- [options]
  --url URL       of the hub                                        (http://localhost:8787)
  --key KEY       of the hub                                        ($REACTOR_API_KEY, else dev-key)
  --channel NAME  of the events                                     (main)
  --rate N        events per second; 0: as fast as the hub accepts  (100)
  --count N       how many earthquakes                              (all ${readEarthquakes().length.toLocaleString("en")})`;

const MAX_BATCH = 1_000; // the most per request: here 0.5 MB, of the 4 MiB that a request may have
const BATCHES_PER_SECOND = 10;

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        url: { type: "string", default: "http://localhost:8787" },
        key: { type: "string", default: process.env.REACTOR_API_KEY || "dev-key" },
        channel: { type: "string", default: "main" },
        rate: { type: "string", default: "100" },
        count: { type: "string", default: "Infinity" },
        help: { type: "boolean", default: false },
      },
    });
    const [rate, count] = [Number(values.rate), Number(values.count)];
    if (!(rate >= 0)) throw new Error(`--rate must be a number from 0, not "${values.rate}"`);
    if (!(count >= 1)) throw new Error(`--count must be a number from 1, not "${values.count}"`);
    const url = new URL("/api/events", values.url);
    url.searchParams.set("channel", values.channel);
    return { ...values, rate, count, url };
  } catch (error) {
    return fail(`${(error as Error).message}\n\n${USAGE}`);
  }
}

function inBatches(events: readonly DemoEvent[], rate: number): DemoEvent[][] {
  const size = rate === 0 ? MAX_BATCH : Math.min(MAX_BATCH, Math.max(1, Math.round(rate / BATCHES_PER_SECOND)));
  return Array.from({ length: Math.ceil(events.length / size) }, (_, n) => events.slice(n * size, (n + 1) * size));
}

const { url, key, rate, count, channel, help } = readOptions();
if (help) {
  console.log(USAGE);
  process.exit();
}
await fetch(new URL("/health", url)).catch(() => fail(`No hub answers at ${url.origin}. Start one first: npm start`));

const stop = new AbortController();
process.once("SIGINT", () => stop.abort());

const events = [...demoEvents(count, Date.now().toString(36))];
const tally = new Tally();
const progress = startProgress(events.length);
console.log(`Sending ${events.length.toLocaleString("en")} events to the channel ${channel} of ${url.origin} …`);
const onRetry = (why: string, waitMs: number) => {
  tally.retries++;
  progress.show(tally.sent, `${why.split("\n")[0]}; retry in ${waitMs} ms`);
};
const began = performance.now();
try {
  for (const batch of inBatches(events, rate)) {
    const dueMs = rate === 0 ? 0 : began + (tally.sent / rate) * 1000 - performance.now();
    if (dueMs > 0) await sleep(dueMs, undefined, { signal: stop.signal });
    stop.signal.throwIfAborted();
    tally.add(batch, await postEvents(batch, { url: url.href, key, onRetry }, stop.signal));
    progress.show(tally.sent, `${Math.round(tally.perSecond)} per second`);
  }
} catch (error) {
  progress.end();
  if (stop.signal.aborted) console.log("Stopped.");
  else if (error instanceof EmitError) console.error(error.message);
  else throw error;
  process.exitCode = stop.signal.aborted ? 130 : 1;
}
progress.end();
if (tally.sent > 0) console.log(String(tally));
