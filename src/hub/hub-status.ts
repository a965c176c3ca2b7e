// The status of a hub.

import type { Health } from "../core/bus/event-bus.ts";
import type { EventLog } from "../core/log/event-log.ts";
import { MESSAGES_PER_REQUEST } from "../core/log/usage.ts";
import { formatCursor } from "../wire/cursor.ts";

/** Times are Unix times in ms, `null` before the first event. */
export interface HubStatus {
  readonly connections: number;
  /** How many of these are catching up. */
  readonly catchingUp: number;
  readonly isRunning: boolean;
  /** Listeners of the event bus. */
  readonly listeners: number;
  /** The channel's cursor, and the seq of the oldest kept event. */
  readonly cursor: string;
  readonly oldest: number;
  /** Events since the channel's first. */
  readonly emitted: number;
  readonly bornMs: number | null;
  readonly lastMs: number | null;
  readonly byType: Readonly<Record<string, number>>;
  /** Of the kept events, in UTF-8. */
  readonly bytes: number;
  /** Events × sockets, since the channel's first. */
  readonly deliveries: number;
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
  const { byType, bytes, deliveries, wakes, rowsWritten, requests, messages } = usage;
  return {
    connections: subscribers.count,
    catchingUp: subscribers.catchingUp,
    isRunning: bus.status === "healthy",
    listeners: bus.listeners,
    cursor: formatCursor(cursor),
    oldest,
    emitted: cursor.seq,
    bornMs,
    lastMs,
    byType: Object.fromEntries(byType),
    bytes,
    deliveries,
    wakes,
    rowsWritten,
    requests: requests + messages / MESSAGES_PER_REQUEST,
  };
}
