// Rules that nobody can try on a running hub from outside, each with why. Everything else is in the tables of checks.

export const NOT_VISIBLE: Readonly<Record<string, string>> = {
  L4: "the hub would have to be restarted, put to sleep or crashed",
  L7: "100,000 events, or 72 hours, would have to be filled; how it is configured is not told",
  L8: "the operator would have to raise LOG_GENERATION",
  L9: "the hub would have to be restarted, and its rows counted",
  S4: "the hub would have to be put to sleep",
  F11: "not the hub's, but the receiver's",
  P6: "events would have to be let go, by retention",
  P7: "what waits on a socket takes megabytes that the network buffers before",
  P8: "32 MiB would have to wait in the hub, which the network buffers before",
  P9: "it depends on the hub's runtime",
  F7: "how long a flush took is not told",
  F8: "what was sent in a turn is not told",
  P10: "what waits on a socket takes megabytes that the network buffers before",
  A1: "alarms are not told of",
  A2: "it may take HEARTBEAT_SECONDS, which is not told",
  A4: "it takes up to an hour",
  A3: "it takes 90 s of silence",
  T8: "the hub would have to take its keys from an address of ours",
  T9: "the operator would have to set what is refused",
  T14: "it takes a limit that Cloudflare counts, if the operator has bound one, and which is not told",
  T19: "30,000 sockets would have to be opened, or another limit be told",
  H5: "something would have to break",
  H8: "the operator would have to set REACTOR_ENABLED",
  H14: "another Worker would have to be bound to it",
};

/** Whole sections, by the letter of their rules. */
export const NOT_THE_HUBS: Readonly<Record<string, string>> = {
  B: "not the hub's wire, but its bus for listeners inside",
  R: "not the hub's, but the receiver's",
  K: "not the hub's, but the client's",
  W: "not the hub's, but the script's for legacy pages",
  U: "not the hub's, but the React binding's",
  D: "not the hub's, but the page's at /live",
};

/** Why a check that mints tokens is not tried on a hub whose secret is not given. */
export const WITHOUT_SECRET = "not checked: it takes tokens, and no --secret was given to sign them with";

/** Why `rule` is not checked, `undefined` where it is. */
export function whyNotVisible(rule: string): string | undefined {
  return NOT_VISIBLE[rule] ?? NOT_THE_HUBS[rule.charAt(0)];
}
