// Faults of hubs in access, and around changes of rights and subscriptions: each with the rule whose check finds it, and
// with the reason that the check reports.
import { createHmac } from "node:crypto";
import { type Claims, claimsOf, signToken, type TokenSettings } from "../../tools/conformance/tokens.ts";
import type { Fault, FaultySocket, Presentation } from "./faulty-hub.ts";

export const KEY = "dev-key";
export const TOKENS: TokenSettings = {
  secret: "the secret of the hub under test, of some length",
  audience: "conformance",
  issuer: "https://id.test",
};

export interface SeededFault {
  readonly rule: string;
  readonly hub: string;
  readonly reason: RegExp;
  readonly fault: Fault;
}

const HOUR_S = 3_600;

/** Unix time in s. */
const now = () => Math.floor(Date.now() / 1_000);

/** Whether it has a header and claims, whatever its signature. */
function isToken(presented: string | null): presented is string {
  if (presented?.split(".").length !== 3) return false;
  try {
    return Boolean(headerOf(presented) && claimsOf(presented));
  } catch {
    return false;
  }
}

function headerOf(token: string): { alg?: string } {
  return JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString());
}

function isGenuine(token: string): boolean {
  const [header, claims, signature] = token.split(".");
  const expected = createHmac("sha256", TOKENS.secret).update(`${header}.${claims}`).digest("base64url");
  return signature === expected;
}

const sign = (claims: Claims) => signToken(TOKENS, claims);

/** The hub reads other claims from a token: those that `change` returns; `undefined`: the real ones. */
function reads(
  change: (claims: Claims, presentation: Presentation, token: string) => Claims | undefined,
  trusts: (token: string) => boolean = isGenuine,
): Fault {
  return {
    async credential(presented, presentation) {
      if (!isToken(presented) || !trusts(presented)) return undefined;
      const claims = claimsOf(presented) as Claims;
      const changed = change(claims, presentation, presented);
      return changed && sign({ sub: undefined, channels: undefined, ...claims, ...changed });
    },
  };
}

/** The hub replaces the credential that is presented; `undefined`: it does not. */
const replaces = (credential: NonNullable<Fault["credential"]>): Fault => ({ credential });

const onSocket = (socket: (send: (text: string) => void, close: (code: number) => void) => FaultySocket): Fault => ({
  socket,
});

// biome-ignore lint/suspicious/noExplicitAny: a frame, as it came
type Frame = any;

const changed = (change: (frame: Frame) => Frame[]) => (text: string) => {
  if (!text.startsWith("{")) return [text];
  return change(JSON.parse(text)).map((frame) => JSON.stringify(frame));
};

/** Changes the first frame with events after the client sent a message of `type`. */
function firstAfter(type: string, change: (frame: Frame) => Frame[]): Fault {
  return onSocket(() => {
    let isNext = false;
    return {
      up(text) {
        isNext ||= text.startsWith(`{"type":"${type}"`);
        return [text];
      },
      down: changed((frame) => {
        if (!isNext || !frame.events?.length) return [frame];
        isNext = false;
        return change(frame);
      }),
    };
  });
}

const beginningLater = (frame: Frame) => [{ ...frame, after: frame.after + 1 }];
const withoutFirst = (frame: Frame) => [{ ...frame, events: frame.events.slice(1) }];
const twice = (frame: Frame) => [frame, frame];

const closingWith = (from: number, to: number): Fault =>
  onSocket(() => ({ close: (code) => ({ code: code === from ? to : code }) }));

const isList = (value: unknown) =>
  Array.isArray(value) && value.length < 65 && value.every((each) => typeof each === "string" && !each.includes(" "));

/** A claim that is malformed counts as absent. */
function lenient(claim: string, isGood: (value: unknown) => boolean, instead?: unknown): Fault {
  return reads((claims) => (claim in claims && !isGood(claims[claim]) ? { [claim]: instead } : undefined));
}

const isHistory = ({ path, dialect }: Presentation) => dialect === undefined && path === "/api/events";

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

export const SEEDED_FAULTS: readonly SeededFault[] = [
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
      ["in history", "what it reads", isHistory],
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
    fault: replaces((presented, { path }) => (path === "/ws/health" ? (presented ?? KEY) : presented)),
  },
  {
    rule: "T15",
    hub: "never warns before a token expires",
    reason: /a token_expiring before the expiry/,
    fault: onSocket(() => ({ down: (text) => (text.includes("token_expiring") ? [] : [text]) })),
  },
  {
    rule: "T15",
    hub: "does not close a socket of reactor.v1 whose token expires",
    reason: /a socket of reactor\.v1: expected nothing after/,
    fault: reads((_, { dialect }) => (dialect === "v1" ? { exp: now() + HOUR_S } : undefined)),
  },
  {
    rule: "T15",
    hub: "does not close a legacy socket whose token expires",
    reason: /a socket without a subprotocol: expected nothing after/,
    fault: reads((_, { dialect }) => (dialect === "legacy" ? { exp: now() + HOUR_S } : undefined)),
  },
  {
    rule: "T15",
    hub: "closes with another code when a token expires",
    reason: /the close code at the token's expiry|a close as announced/,
    fault: closingWith(4401, 1000),
  },
  {
    rule: "T15",
    hub: "closes a socket although it presented a fresh token",
    reason: /presented a fresh token/,
    fault: onSocket(() => ({ up: (text) => (text.startsWith('{"type":"auth"') ? [] : [text]) })),
  },
  {
    rule: "T15",
    hub: "forgets the expiry of a socket that connects together with another",
    reason: /connected together with another: expected nothing after/,
    fault: forgettingPairs(),
  },
  {
    rule: "T16",
    hub: "begins the frame after an auth beyond the subscriber's position",
    reason: /an auth with the same rights: .* got a gap/,
    fault: firstAfter("auth", beginningLater),
  },
  {
    rule: "T16",
    hub: "loses an event after an auth",
    reason: /the seqs that are received/,
    fault: firstAfter("auth", withoutFirst),
  },
  { rule: "T16", hub: "doubles events after an auth", reason: /each event once/, fault: firstAfter("auth", twice) },
  {
    rule: "T16",
    hub: "does not change rights by an auth",
    reason: /an auth with fewer rights: .* seqs/,
    fault: onSocket(() => ({ up: (text) => (text.startsWith('{"type":"auth"') ? [] : [text]) })),
  },
  {
    rule: "T16",
    hub: "ignores an auth while a subscriber is catching up",
    reason: /while catching up: .* without the right/,
    fault: onSocket(() => {
      let isBehind = false;
      return {
        down(text) {
          isBehind ||= text.endsWith('"more":true}');
          return [text];
        },
        up: (text) => (isBehind && text.startsWith('{"type":"auth"') ? [] : [text]),
      };
    }),
  },
  {
    rule: "T16",
    hub: "handles an emit after an auth before it",
    reason: /right after an auth/,
    fault: onSocket(() => {
      let waiting: string[] = [];
      return {
        up(text) {
          const isAuth = text.startsWith('{"type":"auth"');
          const ordered = text.startsWith('{"type":"emit"') ? [text, ...waiting] : [...waiting, text];
          waiting = isAuth ? [...waiting, text] : [];
          return isAuth ? [] : ordered;
        },
      };
    }),
  },
  {
    rule: "T16",
    hub: "accepts a token of another user",
    reason: /of another user/,
    fault: reads(({ sub }, { place }) => (place === "auth" && sub === "other" ? { sub: "conf" } : undefined)),
  },
  {
    rule: "T16",
    hub: "accepts an expired token by auth",
    reason: /that has expired/,
    fault: reads(({ exp }, { place }) =>
      place === "auth" && Number(exp) < now() ? { exp: now() + HOUR_S } : undefined,
    ),
  },
  {
    rule: "T16",
    hub: "accepts a forged token by auth",
    reason: /that is forged/,
    fault: reads(
      (_, { place }) => (place === "auth" ? {} : undefined),
      () => true,
    ),
  },
  {
    rule: "T16",
    hub: "accepts a token for another channel by auth",
    reason: /for another channel/,
    fault: reads((_, { place }) => (place === "auth" ? { channels: ["*"] } : undefined)),
  },
  {
    rule: "T16",
    hub: "closes a forbidden auth with 4401",
    reason: /for another channel/,
    fault: closingWith(4503, 4401),
  },
  {
    rule: "T17",
    hub: "lets a socket emit anything",
    reason: /a?nswer to/,
    fault: reads(() => ({ emit: ["*"] })),
  },
  {
    rule: "T17",
    hub: "answers without the ref",
    reason: /"ref":1/,
    fault: onSocket(() => ({ down: (text) => [text.replace('"ref":1,', '"ref":null,')] })),
  },
  {
    rule: "T17",
    hub: "does not report a duplicate",
    reason: /to a retry/,
    fault: onSocket(() => ({ down: (text) => [text.replace('"duplicate":true', '"duplicate":false')] })),
  },
  {
    rule: "T17",
    hub: "keeps the source of an emit on a socket",
    reason: /the log/,
    fault: { reply: (text) => text.replaceAll("user:ada", "user:bob") },
  },
  {
    rule: "T18",
    hub: "answers any number of messages",
    reason: /a close with 4429/,
    fault: onSocket((send) => ({
      up(text) {
        if (text !== "conformance") return [text];
        send('{"type":"reactor_error","data":{"code":"unknown_message"}}');
        return [];
      },
    })),
  },
  { rule: "T18", hub: "closes a flood with another code", reason: /the close code/, fault: closingWith(4429, 1008) },
  {
    rule: "T18",
    hub: "counts an emit as any message",
    reason: /fewer emits/,
    fault: onSocket(() => ({ up: (text) => [text.startsWith('{"type":"emit"') ? "conformance" : text] })),
  },
  {
    rule: "T18",
    hub: "counts pings",
    reason: /a close/,
    fault: onSocket((_, close) => {
      let pings = 0;
      return {
        up(text) {
          if (text === "ping" && ++pings === 100) close(4429);
          return [text];
        },
      };
    }),
  },
  {
    rule: "S9",
    hub: "accepts sockets of any origin",
    reason: /a close with 4503|foreign_origin|a refusal/,
    fault: { ignores: "origin" },
  },
  {
    rule: "S9",
    hub: "accepts sockets of any origin, and closes them with another code",
    reason: /the close code 4503, got 1008/,
    fault: {
      ignores: "origin",
      socket: (_, close) => {
        close(1008);
        return { down: () => [] };
      },
    },
  },
  {
    rule: "H9",
    hub: "names no origin in its responses",
    reason: /the origin that is named|the status of a preflight|allowed/,
    fault: {},
  },
  {
    rule: "F6",
    hub: "begins the frame after a subscribe later",
    reason: /got a gap/,
    fault: firstAfter("subscribe", beginningLater),
  },
  {
    rule: "F6",
    hub: "loses an event after a subscribe",
    reason: /the seqs that/,
    fault: firstAfter("subscribe", withoutFirst),
  },
  {
    rule: "F6",
    hub: "doubles events after a subscribe",
    reason: /each event once/,
    fault: firstAfter("subscribe", twice),
  },
  {
    rule: "F6",
    hub: "answers a subscribe without the new position",
    reason: /got a gap|a cursor in the epoch/,
    fault: onSocket(() => ({
      down: changed((frame) => {
        if (frame.type !== "reactor_subscribed") return [frame];
        const cursor = frame.data.cursor.replace(/\.\d+$/, ".0");
        return [{ ...frame, data: { ...frame.data, cursor } }];
      }),
    })),
  },
  {
    rule: "F6",
    hub: "ignores a subscribe",
    reason: /from a,b to a: .* seqs/,
    fault: onSocket(() => ({ up: (text) => (text.startsWith('{"type":"subscribe"') ? [] : [text]) })),
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

/** The expiry of a token is ignored in every channel except the first. */
function forgettingPairs(): Fault {
  let first: string | null = null;
  return reads((_, { query }) => {
    first ??= query.get("channel");
    return query.get("channel") === first ? undefined : { exp: now() + HOUR_S };
  });
}
