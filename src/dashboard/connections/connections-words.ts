// The words of the connections' panel.
import type { Table } from "../words/language.ts";
import type { SeriesName } from "./series.ts";

export interface ConnectionsWords {
  title: string;
  needsKey: string;
  signIn: string;
  refresh: string;
  asking: string;
  asOf(time: string): string;
  by: string;
  count: string;
  dialect: string;
  encoding: string;
  state: string;
  states: Readonly<Record<string, string>>;
  lag: string;
  lagNone: string;
  lagUpTo(events: string): string;
  lagMore: string;
  slowest: string;
  noSlow: string;
  client: string;
  sub: string;
  behind: string;
  buffered: string;
  heard: string;
  closes: string;
  refusals: string;
  resets: string;
  none: string;
  /** Of close codes. */
  codes: Readonly<Record<string, string>>;
  over: string;
  overWhy: string;
  series: Readonly<Record<SeriesName, string>>;
  since: string;
  total: string;
  deliveries: string;
  chart(name: string, changes: string): string;
  readAt: string;
}

export const CONNECTIONS_WORDS: Table<ConnectionsWords> = {
  name: "connections",
  en: {
    title: "Connections",
    needsKey: "Needs the hub's key. It stays in this page's memory.",
    signIn: "Sign in",
    refresh: "Refresh",
    asking: "Asking…",
    asOf: (time) => `As of ${time}`,
    by: "By dialect and state",
    count: "Count",
    dialect: "Dialect",
    encoding: "Encoding",
    state: "State",
    states: { live: "live", catching_up: "catching up" },
    lag: "Events behind",
    lagNone: "none",
    lagUpTo: (events) => `up to ${events}`,
    lagMore: "more",
    slowest: "The slowest",
    noSlow: "No connections.",
    client: "Client",
    sub: "Subject",
    behind: "Behind",
    buffered: "Buffered",
    heard: "Last heard",
    closes: "Closes by code",
    refusals: "Refusals by code",
    resets: "Resets by reason",
    none: "None.",
    codes: {
      1000: "normal",
      1001: "page left",
      1006: "line broken",
      4401: "no valid key",
      4408: "too slow",
      4429: "too many",
      4500: "protocol error",
      4503: "not allowed",
    },
    over: "Over time",
    overWhy: "Read when events come, while this panel is open.",
    series: { opened: "Opened", closes: "Closed", refusals: "Refused", resets: "Resets", replays: "Replays" },
    since: "Since opened",
    total: "In all",
    deliveries: "Deliveries",
    chart: (name, changes) => `${name}, newest last: ${changes}`,
    readAt: "Read at",
  },
};
