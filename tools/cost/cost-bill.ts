// The cost of a month's usage, by Cloudflare's price list.
import type { Usage } from "./cost-model.ts";

/** US dollars on the Workers Paid plan: Cloudflare's documentation of Workers and Durable Objects, as of 2026-11-21. */
const PRICES = {
  base: 5,
  workerRequests: { included: 10e6, perMillion: 0.3 },
  workerCpuMs: { included: 30e6, perMillion: 0.02 },
  hubRequests: { included: 1e6, perMillion: 0.15 },
  hubGbSeconds: { included: 400_000, perMillion: 12.5 },
  rowsRead: { included: 25e9, perMillion: 0.001 },
  rowsWritten: { included: 50e6, perMillion: 1 },
  storedGb: { included: 5, perMillion: 0.2e6 }, // $0.20 per GB
} as const;

/** Dollars per month, one field per line of the bill. */
export interface Bill {
  readonly base: number;
  readonly worker: number;
  readonly hubRequests: number;
  readonly hubDuration: number;
  readonly rows: number;
  readonly storage: number;
  readonly total: number;
  /** The extra cost if hubs were billed while they are idle. */
  readonly idle: number;
  /** The extra cost if pings were counted. */
  readonly pings: number;
}

export function billOf(usage: Usage): Bill {
  const { base } = PRICES;
  const worker = price("workerRequests", usage.workerRequests) + price("workerCpuMs", usage.workerCpuMs);
  const hubRequests = price("hubRequests", usage.hubRequests);
  const hubDuration = price("hubGbSeconds", usage.hubGbSeconds);
  const rows = price("rowsWritten", usage.rowsWritten) + price("rowsRead", usage.rowsRead);
  const storage = price("storedGb", usage.storedGb);
  return {
    base,
    worker,
    hubRequests,
    hubDuration,
    rows,
    storage,
    total: base + worker + hubRequests + hubDuration + rows + storage,
    idle: price("hubGbSeconds", usage.hubGbSeconds + usage.idleGbSeconds) - hubDuration,
    pings: price("hubRequests", usage.hubRequests + usage.pingRequests) - hubRequests,
  };
}

function price(line: Exclude<keyof typeof PRICES, "base">, used: number): number {
  const { included, perMillion } = PRICES[line];
  return (Math.max(0, used - included) / 1e6) * perMillion;
}
