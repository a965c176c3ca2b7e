// Rules that cannot be checked on a running hub from outside, each with the reason. All others have a check.

export const NOT_VISIBLE: Readonly<Record<string, string>> = {
  L4: "the hub would have to be restarted, put to sleep or crashed",
  L7: "100,000 events, or 72 hours, would have to be filled; its configuration is not visible",
  L8: "the operator would have to raise LOG_GENERATION",
  L9: "the hub would have to be restarted, and its rows counted",
  L11: "another server would have to write the hub's files",
  L10: "which emits share a commit cannot be seen; that each batch is answered and stays whole is L3",
  S4: "the hub would have to be put to sleep",
  S14: "32 MiB of patterns would have to be asked for by hundreds of sockets",
  F11: "a rule for clients",
  P6: "events would have to be deleted by retention",
  P7: "a send buffer fills only after megabytes that the network buffers",
  P8: "32 MiB would have to wait in the hub, after what the network buffers",
  P9: "it depends on the hub's runtime",
  F7: "the duration of a flush is not visible",
  F16: "a send buffer fills only after megabytes that the network buffers",
  S15: "a development server before the hub negotiates by itself",
  F13: "what a turn matches is not visible",
  P12: "what a turn sends is not visible",
  F8: "what was sent in one turn is not visible",
  P10: "a send buffer fills only after megabytes that the network buffers",
  P11: "what is cached is not visible",
  E8: "32 MiB would have to be sent at once",
  H23: "the hub would have to be interrupted",
  H24: "16 MiB would have to be read at once",
  A1: "alarms are not visible",
  A2: "it may take HEARTBEAT_SECONDS, which is not visible",
  A4: "it takes up to an hour",
  A3: "it takes 90 s of silence",
  T8: "the hub would have to fetch its keys from this program",
  T9: "the operator would have to set an invalid variable",
  T14: "it needs a rate limit that the operator may have bound, and which is not visible",
  T19: "30,000 sockets would have to be opened, or another limit be known",
  H5: "an unexpected error would have to occur",
  H8: "the operator would have to set REACTOR_ENABLED",
  M9: "the operator would have to name a sender in WEBHOOK_ORIGINS",
  H14: "another Worker would have to be bound to it",
  X7: "the files of its database would have to be read",
  X8: "another Worker would have to be bound to it",
  V5: "10,000 revocations would have to be made, and be kept for the rest of the channel's life",
  V7: "another Worker would have to be bound to it",
};

/** Whole sections, by the letter of their rules. */
export const NOT_THE_HUBS: Readonly<Record<string, string>> = {
  B: "a rule for the event bus inside the hub",
  R: "a rule for clients",
  K: "a rule for the client",
  W: "a rule for the script of legacy pages",
  U: "a rule for the React binding",
  D: "a rule for the page at /live",
};

/** Why a check that signs tokens is skipped on a hub whose secret is not given. */
export const WITHOUT_SECRET = "not checked: it needs tokens, and no --secret was given to sign them";

/** @returns why `rule` is not checked; `undefined` if it is */
export function whyNotVisible(rule: string): string | undefined {
  return NOT_VISIBLE[rule] ?? NOT_THE_HUBS[rule.charAt(0)];
}
