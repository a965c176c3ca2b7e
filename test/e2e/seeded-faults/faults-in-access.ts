// Faults in where and how credentials are accepted, and in what they allow: T6 to T13.
import type { Presentation } from "../faulty-hub.ts";
import { isHistory, isToken, KEY, reads, replaces, sign } from "./altered-credentials.ts";
import { closingWith, onSocket } from "./altered-messages.ts";
import type { SeededFault } from "./seeded-fault.ts";

export const FAULTS_IN_ACCESS: readonly SeededFault[] = [
  {
    rule: "T6",
    hub: "ignores channels",
    reason: /a token for : /,
    fault: reads(() => ({ channels: ["*"] })),
  },
  {
    rule: "T6",
    hub: "reads patterns of channels as names",
    reason: /a token for conf-\*/,
    fault: reads(({ channels }) => ({ channels: (channels as string[]).map((name) => name.replace("*", "")) })),
  },
  {
    rule: "T7",
    hub: "refuses a token without channels everywhere",
    reason: /a token without channels, where .* open/,
    fault: reads(({ channels }) => (channels === undefined ? { channels: [] } : undefined)),
  },
  {
    rule: "T10",
    hub: "echoes the token in its 101",
    reason: /the subprotocol/,
    fault: {
      subprotocol: (chosen, presented) =>
        chosen && (isToken(presented) ? `${chosen}, reactor.token.${presented}` : chosen),
    },
  },
  {
    rule: "T10",
    hub: "echoes the token in a refusal",
    reason: /nothing of the token/,
    fault: { reply: (text, _, presented) => text.replace('"detail":"', `"detail":"${presented}: `) },
  },
  {
    rule: "T10",
    hub: "echoes a message that it does not know",
    reason: /nothing of the token/,
    fault: {
      socket: (send) => ({
        up(text) {
          if (text.includes('"conformance"')) send(JSON.stringify({ type: "reactor_error", data: { message: text } }));
          return [text];
        },
      }),
    },
  },
  {
    rule: "T11",
    hub: "refuses the upgrade of a socket of reactor.v1",
    reason: /a socket to open, got 401/,
    fault: { refuses: (presented, { dialect }) => (dialect === "v1" && presented === null ? 401 : undefined) },
  },
  {
    rule: "T11",
    hub: "accepts a key in the URL",
    reason: /a key in \?token=/,
    fault: replaces((presented, { place }) => (place === "query" && presented === KEY ? KEY : undefined)),
  },
  {
    rule: "T11",
    hub: "accepts a token in the URL to emit",
    reason: /a token in \?token=, to emit/,
    fault: replaces(async (presented, { place, method }) =>
      isToken(presented) && place === "query" && method === "POST" ? sign({ emit: ["*"] }) : undefined,
    ),
  },
  ...(["subprotocol", "query"] as const).map((place) => ({
    rule: "T11",
    hub: `sees no token by ${place}`,
    reason: new RegExp(`a token by ${place}`),
    fault: replaces((_, presentation) => (presentation.place === place ? null : undefined)),
  })),
  {
    rule: "T11",
    hub: "welcomes a socket that it then closes",
    reason: /no welcome/,
    fault: onSocket(() => ({ close: (code) => ({ code, before: ['{"type":"reactor_connected","data":{}}'] }) })),
  },
  {
    rule: "T11",
    hub: "closes with another code",
    reason: /the close code 4401, got 1008|a close as announced/,
    fault: closingWith(4401, 1008),
  },
  {
    rule: "T11",
    hub: "announces another close code than it then uses",
    reason: /a close as announced/,
    fault: onSocket(() => ({
      close: (code) => ({ code, before: [JSON.stringify({ type: "reactor_error", data: { close: code + 1 } })] }),
    })),
  },
  {
    rule: "T11",
    hub: "requires a credential for its health",
    reason: /the status of \/ws\/health/,
    fault: replaces((_, { path }) => (path === "/ws/health" ? "no" : undefined)),
  },
  { rule: "T12", hub: "ignores emit", reason: /a refusal/, fault: reads(() => ({ emit: ["*"] })) },
  {
    rule: "T12",
    hub: "does not name the forbidden event",
    reason: /pointer/,
    fault: { reply: (text) => text.replace("/2", "") },
  },
  {
    rule: "T12",
    hub: "keeps the source of the request",
    reason: /sources/,
    fault: { reply: (text) => text.replaceAll("user:ada", "ada") },
  },
  ...(
    [
      ["live", "live \\[", (presentation) => presentation.dialect === "v1" && !presentation.query.has("cursor")],
      [
        "live to legacy pages",
        "live without",
        (presentation) => presentation.dialect === "legacy" && !presentation.query.has("cursor"),
      ],
      [
        "in a replay",
        "in a replay",
        (presentation) => presentation.dialect === "v1" && presentation.query.has("cursor"),
      ],
      [
        "in a replay to legacy pages",
        "without",
        (presentation) => presentation.dialect === "legacy" && presentation.query.has("cursor"),
      ],
      [
        "to a subscription to it",
        "its subscription",
        (presentation) => presentation.query.get("events")?.includes("secret") === true,
      ],
      ["to a later subscribe", "subscribed", (presentation) => presentation.query.get("events") === "end"],
      ["of the newest", "of the newest \\[", ({ dialect, query }) => dialect === "v1" && query.has("last")],
      ["of the newest to legacy pages", "without", ({ dialect, query }) => dialect === "legacy" && query.has("last")],
      ["in history", "what it reads", isHistory],
      ["in history backwards", "what it reads backwards", (it) => isHistory(it) && !it.query.has("after")],
      ["in counts", "its counts", (presentation) => presentation.path === "/ws/stats"],
    ] as const satisfies readonly (readonly [string, string, (presentation: Presentation) => boolean])[]
  ).map(([where, reason, isThere]) => ({
    rule: "T13",
    hub: `sends what a token may not receive, ${where}`,
    reason: new RegExp(reason),
    fault: reads((_, presentation) => (isThere(presentation) ? { events: undefined } : undefined)),
  })),
  {
    rule: "T13",
    hub: "sends anonymous clients its types",
    reason: /an anonymous client is sent/,
    fault: {
      reply: (text, { path }) => (path === "/ws/health" ? text.replace("{", '{"events_by_type":{"secret":1},') : text),
    },
  },
];

/** On a hub whose CHANNELS do not name those of the conformance tool. */
export const SEEDED_IN_CLOSED_CHANNELS: readonly SeededFault[] = [
  {
    rule: "T7",
    hub: "accepts a token without channels everywhere",
    reason: /a token without channels, where .* closed/,
    fault: reads(({ channels }) => (channels === undefined ? { channels: ["*"] } : undefined)),
  },
  {
    rule: "T7",
    hub: "refuses a key in a channel",
    reason: /a key: /,
    fault: replaces((presented, { path }) =>
      presented === KEY && path === "/ws/stats" ? sign({ channels: [] }) : undefined,
    ),
  },
];
