// What `GET /api/connections` says, object by object. A hub of another version may say more or less: what is missing or no figure is
// `null`.
import { asObject } from "../../wire/json.ts";

/** Names, such as close codes, and how often each. */
export type Tally = readonly (readonly [name: string, count: number | null])[];

export interface ObjectReport {
  /** The hub itself, or one of its relays. */
  readonly object: string;
  readonly connections: readonly {
    readonly dialect: string | null;
    readonly encoding: string | null;
    readonly state: string | null;
    readonly count: number | null;
  }[];
  /** How many are behind by how many events; `upTo`: at most, `null`: more than the others. */
  readonly lag: readonly { readonly upTo: number | null; readonly count: number | null }[];
  readonly slowest: readonly SlowClient[];
  readonly opened: Tally;
  readonly closes: Tally;
  readonly refusals: Tally;
  readonly resets: Tally;
  readonly replays: number | null;
  readonly deliveries: number | null;
}

export interface SlowClient {
  readonly clientId: string | null;
  readonly sub: string | null;
  readonly dialect: string | null;
  readonly state: string | null;
  readonly lagEvents: number | null;
  readonly bufferedBytes: number | null;
  readonly heardMsAgo: number | null;
}

const MAX_SLOWEST = 10;

export function reportOf(body: Readonly<Record<string, unknown>>): readonly ObjectReport[] {
  return objectsIn(body.objects).map((each) => ({
    object: textOf(each.object) ?? "?",
    connections: objectsIn(each.connections).map(({ dialect, encoding, state, count }) => ({
      dialect: textOf(dialect),
      encoding: textOf(encoding),
      state: textOf(state),
      count: figureOf(count),
    })),
    lag: objectsIn(each.lag).map(({ up_to_events, count }) => ({
      upTo: figureOf(up_to_events),
      count: figureOf(count),
    })),
    slowest: objectsIn(each.slowest).slice(0, MAX_SLOWEST).map(slowClient),
    opened: tallyOf(each.opened_total),
    closes: tallyOf(each.closes_total),
    refusals: tallyOf(each.refusals_total),
    resets: tallyOf(each.resets_total),
    replays: figureOf(each.replays_total),
    deliveries: figureOf(each.deliveries_total),
  }));
}

/** Of all names together; `null`: none of them is a figure. */
export function totalOf(tally: Tally): number | null {
  const counts = tally.map(([, count]) => count).filter((count) => count !== null);
  return counts.length === 0 && tally.length > 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}

function slowClient(each: Readonly<Record<string, unknown>>): SlowClient {
  return {
    clientId: textOf(each.client_id),
    sub: textOf(each.sub),
    dialect: textOf(each.dialect),
    state: textOf(each.state),
    lagEvents: figureOf(each.lag_events),
    bufferedBytes: figureOf(each.buffered_bytes),
    heardMsAgo: figureOf(each.heard_ms_ago),
  };
}

function objectsIn(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(asObject).filter((each) => each !== undefined) : [];
}

function tallyOf(value: unknown): Tally {
  return Object.entries(asObject(value) ?? {}).map(([name, count]) => [name, figureOf(count)]);
}

function figureOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
