// What a hub tells of itself.

import type { Health } from "../core/bus/event-bus.ts";
import type { EventLog } from "../core/log/event-log.ts";
import { REQUEST_20THS } from "../core/log/usage.ts";

/** Times in ms since 1970, `null` before the first event. */
export interface HubStatus {
  readonly connections: number;
  /** Of these, how many are behind and read the log. */
  readonly catchingUp: number;
  readonly isRunning: boolean;
  /** Of the Reactor, which run in the hub. */
  readonly listeners: number;
  /** The channel's cursor, and the oldest event that is kept. */
  readonly cursor: string;
  readonly oldest: number;
  /** Events since the channel's birth. */
  readonly emitted: number;
  readonly bornMs: number | null;
  readonly lastMs: number | null;
  readonly byType: Readonly<Record<string, number>>;
  /** Of the events that are kept, in UTF-8. */
  readonly bytes: number;
  readonly wakes: number;
  readonly rowsWritten: number;
  /** Calls, upgrades and alarms, and a twentieth for each message. */
  readonly requests: number;
}

export function statusOf(
  log: EventLog,
  subscribers: { readonly count: number; readonly catchingUp: number },
  bus: Health,
): HubStatus {
  const { cursor, oldest, bornMs, lastMs, usage } = log;
  const { byType, bytes, wakes, rowsWritten, request20ths } = usage;
  const place = { cursor: `${cursor.epoch}.${cursor.seq}`, oldest, emitted: cursor.seq };
  return {
    connections: subscribers.count,
    catchingUp: subscribers.catchingUp,
    isRunning: bus.status === "healthy",
    listeners: bus.listeners,
    ...place,
    bornMs,
    lastMs,
    byType: Object.fromEntries(byType),
    bytes,
    wakes,
    rowsWritten,
    requests: request20ths / REQUEST_20THS,
  };
}
