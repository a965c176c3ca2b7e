// The words of the status, the figures and the charts.
import type { Table } from "../words/language.ts";
import type { Status } from "./channel-status.ts";

export interface GlanceWords {
  readonly status: Readonly<Record<Status, string>>;
  /** What an operator does about it; empty: nothing. */
  readonly advice: Readonly<Record<Exclude<Status, "reconnecting" | "ended">, string>>;
  /** @param seconds until the next attempt; `null`: it is being made */
  readonly retrying: (seconds: number | null) => string;
  readonly since: (time: string) => string;
  readonly ended: (detail: string) => string;
  readonly retryNow: string;
  readonly connectAgain: string;
  readonly ping: string;
  readonly pingTitle: string;
  readonly roundTrip: string;
  readonly noAnswer: string;
  readonly refresh: string;
  readonly figures: string;
  readonly asOf: (time: string) => string;
  readonly figure: Readonly<
    Record<
      "clients" | "rate" | "taken" | "deliveries" | "lastEvent" | "cursor" | "lag" | "replaying" | "inLog",
      readonly [name: string, title: string]
    >
  >;
  readonly charts: string;
  readonly span: Readonly<Record<"5m" | "1h" | "6h", string>>;
  readonly spans: string;
  readonly eventsChart: string;
  readonly hubChart: string;
  readonly clients: string;
  readonly events: string;
  readonly time: string;
  readonly table: string;
  readonly nothing: string;
  readonly eventsSummary: (events: string, peak: string) => string;
  readonly hubSummary: (clients: string, roundTrip: string) => string;
}

export const GLANCE_WORDS: Table<GlanceWords> = {
  name: "glance",
  en: {
    status: {
      connecting: "Connecting…",
      live: "Live",
      reconnecting: "Reconnecting",
      locked: "Sign in",
      disabled: "Disabled",
      foreign: "Origin not allowed",
      failing: "Hub failing",
      ended: "Closed by the hub",
    },
    advice: {
      connecting: "",
      live: "",
      locked: "This hub needs a key or token.",
      disabled: "This hub takes no events: REACTOR_ENABLED is false. Set it to true and deploy again.",
      foreign: "This hub refuses pages of this address. Add it to ALLOWED_ORIGINS, or open the hub's own address.",
      failing: "The hub answers, but fails. Read its log with “wrangler tail”; the page goes on when it recovers.",
    },
    retrying: (seconds) =>
      seconds === null ? "Can't reach the hub. Retrying now…" : `Can't reach the hub. Retrying in ${seconds} s.`,
    since: (time) => `Not connected since ${time}.`,
    ended: (detail) => `${detail || "The hub gave no reason."} The page does not reconnect by itself.`,
    retryNow: "Retry now",
    connectAgain: "Connect again",
    ping: "Ping",
    pingTitle: "Measure the round trip to the hub",
    roundTrip: "Round trip",
    noAnswer: "No answer: not connected.",
    refresh: "Refresh",
    figures: "Figures",
    asOf: (time) => `as of ${time}`,
    figure: {
      clients: ["Clients", "Connections to this channel"],
      rate: ["Events/s", "Received by this page, over the last 5 seconds"],
      taken: ["Events taken", "Since the channel's first event"],
      deliveries: ["Deliveries", "Events sent to clients"],
      lastEvent: ["Last event", "When the hub took its newest event"],
      cursor: ["Cursor", "Where this page is in the log"],
      lag: ["Lag", "Events that the hub has and this page has not yet"],
      replaying: ["Replaying", "Clients that are being sent older events first"],
      inLog: ["In log", "Events that are kept, and their size"],
    },
    charts: "Charts",
    span: { "5m": "5 min", "1h": "1 h", "6h": "6 h" },
    spans: "Time span",
    eventsChart: "Events per second",
    hubChart: "Clients and round trip",
    clients: "Clients",
    events: "Events",
    time: "Time",
    table: "Show as a table",
    nothing: "Nothing in this time.",
    eventsSummary: (events, peak) =>
      `${events} ${events === "1" ? "event" : "events"} received, at most ${peak} a second.`,
    hubSummary: (clients, roundTrip) => `Clients now: ${clients}, round trip: ${roundTrip}.`,
  },
};
