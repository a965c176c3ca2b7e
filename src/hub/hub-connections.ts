// What a hub says of its connections.
import type { Totals } from "../core/counts/counts.ts";
import type { Survey } from "../core/counts/survey.ts";
import type { EventLog } from "../core/log/event-log.ts";
import { formatCursor } from "../wire/cursor.ts";

export interface HubConnections {
  readonly cursor: string;
  /** Unix time in ms. */
  readonly nowMs: number;
  readonly survey: Survey;
  readonly totals: Totals;
}

export function connectionsOf({ cursor, usage }: EventLog, survey: Survey, nowMs: number): HubConnections {
  return { cursor: formatCursor(cursor), nowMs, survey, totals: usage.counts.totals };
}
