// The scenarios of docs/cost.md, and any other month, as text.
import { type Bill, billOf } from "./cost-bill.ts";
import { type Load, USUAL, type Usage, usageOf } from "./cost-model.ts";

export const SCENARIOS: readonly Load[] = [
  { ...USUAL, clients: 100, eventsPerSecond: 0.1 },
  USUAL,
  { ...USUAL, heartbeatSeconds: 0 },
  { ...USUAL, clients: 10_000 },
  { ...USUAL, clients: 10_000, eventsPerSecond: 10 },
  { ...USUAL, clients: 10_000, eventsPerSecond: 10, withIds: true },
  { ...USUAL, clients: 10_000, eventsPerSecond: 100 },
  { ...USUAL, clients: 10_000, eventsPerSecond: 100, eventsPerPost: 100 },
  { ...USUAL, clients: 10_000, eventsPerSecond: 10, channels: 10 },
  { ...USUAL, clients: 10_000, eventsPerSecond: 10, channels: 1_000 },
  { ...USUAL, clients: 10_000, eventsPerSecond: 10, channels: 1_000, heartbeatSeconds: 0 },
];

const COLUMNS: readonly (readonly [title: string, of: (load: Load, bill: Bill) => string])[] = [
  ["clients", ({ clients }) => whole(clients)],
  ["events/s", ({ eventsPerSecond }) => `${eventsPerSecond}`],
  ["per POST", ({ eventsPerPost }) => whole(eventsPerPost)],
  ["ids", ({ withIds }) => (withIds ? "yes" : "no")],
  ["channels", ({ channels }) => whole(channels)],
  ["heartbeat", ({ heartbeatSeconds }) => `${heartbeatSeconds} s`],
  ["Worker", (_, { worker }) => dollars(worker)],
  ["hub requests", (_, { hubRequests }) => dollars(hubRequests)],
  ["hub duration", (_, { hubDuration }) => dollars(hubDuration)],
  ["rows", (_, { rows }) => dollars(rows)],
  ["storage", (_, { storage }) => dollars(storage)],
  ["**$ per month**", (_, { total }) => `**${dollars(total)}**`],
  ["if idle billed", (_, { idle }) => `+ ${dollars(idle)}`],
  ["if pings counted", (_, { pings }) => `+ ${dollars(pings)}`],
];

/** A table in Markdown, one line per load. */
export function tableOf(loads: readonly Load[]): string {
  const titles = COLUMNS.map(([title]) => title);
  const rows = loads.map((load) => {
    const bill = billOf(usageOf(load));
    return COLUMNS.map(([, of]) => of(load, bill));
  });
  const widths = titles.map((title, index) =>
    Math.max(...[title, ...rows.map((row) => row[index] ?? "")].map((cell) => cell.length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, index) => cell.padStart(widths[index] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => `${"-".repeat(width - 1)}:`).join(" | ")} |`;
  return [line(titles), rule, ...rows.map(line)].join("\n");
}

/** One month, one line per item of the bill: its quantity and its cost. */
export function monthOf(load: Load): string {
  const usage = usageOf(load);
  const bill = billOf(usage);
  const rows: readonly (readonly [string, string, string])[] = [
    ["the plan", "", dollars(bill.base)],
    ["Worker", `${whole(usage.workerRequests)} requests, ${whole(usage.workerCpuMs)} ms of CPU`, dollars(bill.worker)],
    ["hub requests", whole(usage.hubRequests), dollars(bill.hubRequests)],
    ["hub duration", `${whole(usage.hubGbSeconds)} GB-s`, dollars(bill.hubDuration)],
    ["rows", `${whole(usage.rowsWritten)} written, ${whole(usage.rowsRead)} read`, dollars(bill.rows)],
    ["storage", `${usage.storedGb.toFixed(2)} GB`, dollars(bill.storage)],
    ["$ per month", "", dollars(bill.total)],
    ["if idle billed", `${whole(usage.idleGbSeconds)} GB-s at most`, `+ ${dollars(bill.idle)}`],
    ["if pings counted", `${whole(usage.pingRequests)} hub requests`, `+ ${dollars(bill.pings)}`],
  ];
  const costs = Math.max(...rows.map(([, , cost]) => cost.length));
  const names = Math.max(...rows.map(([name]) => name.length));
  return rows
    .map(([name, used, cost]) => `${name.padEnd(names)}  ${cost.padStart(costs)}  ${used}`.trimEnd())
    .join("\n");
}

export interface Costed {
  readonly load: Load;
  readonly usage: Usage;
  readonly bill: Bill;
}

export function costOf(load: Load): Costed {
  const usage = usageOf(load);
  return { load, usage, bill: billOf(usage) };
}

function whole(amount: number): string {
  return Math.round(amount).toLocaleString("en-US");
}

function dollars(amount: number): string {
  return amount.toFixed(2);
}
