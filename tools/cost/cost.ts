// `npm run cost`: the cost of a month on Cloudflare, computed as in docs/cost.md. Without options, the table of that page.
import { parseArgs } from "node:util";
import { type Load, USUAL } from "./cost-model.ts";
import { costOf, monthOf, SCENARIOS, tableOf } from "./cost-table.ts";

const USAGE = `Computes the monthly bill of a load, as docs/cost.md explains it. Without options: the table of that page.

npm run -s cost -- [options]
  --clients N             connected all month, in all channels together              (${USUAL.clients})
  --events-per-second X   emitted, in all channels together                          (${USUAL.eventsPerSecond})
  --with-ids              events have ids of their publisher
  --channels N            share clients and events evenly                            (${USUAL.channels})
  --per-post N            events per POST, 1 to 1,000                                (${USUAL.eventsPerPost})
  --bytes N               size of an event as stored                                 (${USUAL.eventBytes})
  --heartbeat-seconds N   HEARTBEAT_SECONDS; 0: none                                 (${USUAL.heartbeatSeconds})
  --reconnects-per-day X  per client                                                 (${USUAL.reconnectsPerDay})
  --away-seconds X        until a client reconnects, and is sent what it missed      (${USUAL.awaySeconds})
  --json                  prints quantities and dollars as JSON`;

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function readOptions() {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    return parseArgs({
      options: {
        clients: text,
        "events-per-second": text,
        "with-ids": flag,
        channels: text,
        "per-post": text,
        bytes: text,
        "heartbeat-seconds": text,
        "reconnects-per-day": text,
        "away-seconds": text,
        json: flag,
        help: flag,
      },
    }).values;
  } catch (error) {
    return fail(`${(error as Error).message}\n\n${USAGE}`);
  }
}

const options = readOptions();
if (options.help) {
  console.log(USAGE);
  process.exit();
}

type Numeric = Exclude<keyof typeof options, "with-ids" | "json" | "help">;

function read(name: Numeric, fallback: number, min: number, max = 1e9): number {
  const value = options[name] === undefined ? fallback : Number(options[name] || Number.NaN);
  return value >= min && value <= max ? value : fail(`--${name} must be a number from ${min} to ${max}.`);
}

const load: Load = {
  clients: read("clients", USUAL.clients, 0),
  eventsPerSecond: read("events-per-second", USUAL.eventsPerSecond, 0),
  withIds: options["with-ids"],
  channels: read("channels", USUAL.channels, 1),
  eventsPerPost: read("per-post", USUAL.eventsPerPost, 1, 1_000),
  eventBytes: read("bytes", USUAL.eventBytes, 1, 262_144),
  heartbeatSeconds: read("heartbeat-seconds", USUAL.heartbeatSeconds, 0),
  reconnectsPerDay: read("reconnects-per-day", USUAL.reconnectsPerDay, 0),
  awaySeconds: read("away-seconds", USUAL.awaySeconds, 0),
};
const isAsked = process.argv.slice(2).some((argument) => argument !== "--json");

if (options.json) console.log(JSON.stringify((isAsked ? [load] : SCENARIOS).map(costOf), null, 2));
else console.log(isAsked ? monthOf(load) : tableOf(SCENARIOS));
