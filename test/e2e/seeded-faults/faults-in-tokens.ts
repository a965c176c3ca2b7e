// Faults in which credentials are accepted, and in what their claims mean: T1 to T5.
import type { Fault } from "../faulty-hub.ts";
import {
  HOUR_S,
  headerOf,
  isGenuine,
  isHistory,
  isToken,
  KEY,
  now,
  reads,
  replaces,
  sign,
  TOKENS,
} from "./altered-credentials.ts";
import type { SeededFault } from "./seeded-fault.ts";

const isList = (value: unknown) =>
  Array.isArray(value) && value.length < 65 && value.every((each) => typeof each === "string" && !each.includes(" "));

/** A claim that is malformed counts as absent. */
function lenient(claim: string, isGood: (value: unknown) => boolean, instead?: unknown): Fault {
  return reads((claims) => (claim in claims && !isGood(claims[claim]) ? { [claim]: instead } : undefined));
}

const ACCEPTED_TOKENS: readonly (readonly [string, Fault])[] = [
  ["that has expired", reads(({ exp }) => (Number(exp) < now() ? { exp: now() + HOUR_S } : undefined))],
  ["without exp", reads(({ exp }) => (exp === undefined ? { exp: now() + HOUR_S } : undefined))],
  ["that is not valid yet", reads(({ nbf }) => (Number(nbf) > now() ? { nbf: undefined } : undefined))],
  ["of more than 8 KiB", reads((_, __, { length }) => (length > 8_192 ? { padding: undefined } : undefined))],
  ["without aud", reads(({ aud }) => (aud === undefined ? { aud: TOKENS.audience } : undefined))],
  ["for another audience", reads(({ aud }) => (aud === "other" ? { aud: TOKENS.audience } : undefined))],
  ["without iss", reads(({ iss }) => (iss === undefined ? { iss: TOKENS.issuer } : undefined))],
  ["of another issuer", reads(({ iss }) => (String(iss).includes("other") ? { iss: TOKENS.issuer } : undefined))],
  ["of two parts", replaces((presented) => (presented?.split(".").length === 2 ? sign({}) : undefined))],
  [
    "by HS384",
    reads(
      () => ({}),
      (token) => headerOf(token).alg === "HS384",
    ),
  ],
  [
    "by HS512",
    reads(
      () => ({}),
      (token) => headerOf(token).alg === "HS512",
    ),
  ],
  [
    "whose header was changed",
    reads(
      () => ({}),
      (token) => headerOf(token).alg === "RS256",
    ),
  ],
  ["without a signature", replaces((presented) => (presented?.endsWith(".") ? sign({}) : undefined))],
  [
    "whose claims were changed",
    reads(
      ({ sub }) => (sub === "other" ? {} : undefined),
      () => true,
    ),
  ],
  [
    "whose signature is another's",
    reads(
      () => ({}),
      (token) => headerOf(token).alg === "HS256" && !isGenuine(token),
    ),
  ],
];

export const FAULTS_IN_TOKENS: readonly SeededFault[] = [
  ...ACCEPTED_TOKENS.map(([what, fault]) => ({
    rule: "T3",
    hub: `accepts a token ${what}`,
    reason: new RegExp(`a token ${what}`),
    fault,
  })),
  {
    rule: "T3",
    hub: "accepts no long token",
    reason: /a token of 7 KiB/,
    fault: replaces((presented) => (Number(presented?.length) > 4_096 ? "no" : undefined)),
  },
  {
    rule: "T1",
    hub: "lets anonymous clients read",
    reason: /with nothing/,
    fault: replaces((presented) => presented ?? KEY),
  },
  {
    rule: "T1",
    hub: "accepts a longer key",
    reason: /with no token/,
    fault: replaces((it) => (it === `${KEY}x` ? KEY : undefined)),
  },
  {
    rule: "T1",
    hub: "accepts any key",
    reason: /with no key/,
    fault: replaces((it) => (it === "wrong" ? KEY : undefined)),
  },
  {
    rule: "T1",
    hub: "accepts no tokens",
    reason: /with a token/,
    fault: replaces((it) => (isToken(it) ? "no" : undefined)),
  },
  {
    rule: "T2",
    hub: "lets no key emit on a socket",
    reason: /answer to an emit/,
    fault: replaces((_, { dialect }) => (dialect === "v1" ? sign({}) : undefined)),
  },
  {
    rule: "T2",
    hub: "does not let a key read everything",
    reason: /what it reads/,
    fault: replaces((it, presentation) =>
      it === KEY && isHistory(presentation) && presentation.method === "GET" ? sign({ events: ["a"] }) : undefined,
    ),
  },
  {
    rule: "T4",
    hub: "reads an empty claim as an absent one",
    reason: /with no events/,
    fault: reads(({ events }) => (Array.isArray(events) && events.length === 0 ? { events: undefined } : undefined)),
  },
  {
    rule: "T4",
    hub: "lets a token without emit emit",
    reason: /a refusal/,
    fault: reads(({ emit }) => (emit === undefined ? { emit: ["*"] } : undefined)),
  },
  {
    rule: "T4",
    hub: "lets a token without sub emit",
    reason: /a refusal/,
    fault: reads(({ sub }) => (sub === undefined ? { sub: "x" } : undefined)),
  },
  {
    rule: "T5",
    hub: "accepts an invalid exp",
    reason: /"exp"/,
    fault: lenient("exp", (exp) => typeof exp === "number", now() + HOUR_S),
  },
  {
    rule: "T5",
    hub: "accepts an invalid sub",
    reason: /"sub": 7/,
    fault: lenient("sub", (sub) => typeof sub === "string", "x"),
  },
  {
    rule: "T5",
    hub: "accepts a long sub",
    reason: /"sub": "xx/,
    fault: lenient("sub", (sub) => String(sub).length < 100, "x"),
  },
  ...["events", "emit", "channels"].map((claim) => ({
    rule: "T5",
    hub: `accepts an invalid ${claim}`,
    reason: new RegExp(`with "${claim}"`),
    fault: lenient(claim, isList, claim === "channels" ? ["*"] : undefined),
  })),
  {
    rule: "T5",
    hub: "does not name the claim",
    reason: /a detail that names/,
    fault: { reply: (text) => text.replaceAll(/\\"\w+\\"/g, "something") },
  },
];
