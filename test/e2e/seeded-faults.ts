// Faults of hubs in who may, and around changes of rights and subscriptions: each with the rule whose check sees it, and
// what that says.
import { createHmac } from "node:crypto";
import { type Claims, claimsOf, signToken, type TokenSettings } from "../../tools/conformance/tokens.ts";
import type { Fault, FaultySocket, Showing } from "./faulty-hub.ts";

export const KEY = "dev-key";
export const TOKENS: TokenSettings = {
  secret: "the secret of the hub under test, of some length",
  audience: "conformance",
  issuer: "https://id.test",
};

export interface SeededFault {
  readonly rule: string;
  readonly hub: string;
  readonly says: RegExp;
  readonly fault: Fault;
}

const HOUR_S = 3_600;

/** Unix time in s. */
const now = () => Math.floor(Date.now() / 1_000);

/** Whether it has a header and claims, whoever made them. */
function isToken(shown: string | null): shown is string {
  if (shown?.split(".").length !== 3) return false;
  try {
    return Boolean(headerOf(shown) && claimsOf(shown));
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

/** The hub reads something else in a token: what `change` makes of its claims; `undefined`: what is there. */
function reads(
  change: (claims: Claims, showing: Showing, token: string) => Claims | undefined,
  trusts: (token: string) => boolean = isGenuine,
): Fault {
  return {
    async credential(shown, showing) {
      if (!isToken(shown) || !trusts(shown)) return undefined;
      const claims = claimsOf(shown) as Claims;
      const changed = change(claims, showing, shown);
      return changed && sign({ sub: undefined, channels: undefined, ...claims, ...changed });
    },
  };
}

/** The hub takes another credential for the one that is shown; `undefined`: that one. */
const takes = (credential: NonNullable<Fault["credential"]>): Fault => ({ credential });

const onSocket = (socket: (tell: (text: string) => void, shut: (code: number) => void) => FaultySocket): Fault => ({
  socket,
});

// biome-ignore lint/suspicious/noExplicitAny: a frame, as it came
type Frame = any;

const changed = (change: (frame: Frame) => Frame[]) => (text: string) => {
  if (!text.startsWith("{")) return [text];
  return change(JSON.parse(text)).map((frame) => JSON.stringify(frame));
};

/** Changes the first frame with events that comes after the client said a message of `type`. */
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

const isDoor = ({ path, dialect }: Showing) => dialect === undefined && path === "/api/events";

const TAKEN_TOKENS: readonly (readonly [string, Fault])[] = [
  ["that has expired", reads(({ exp }) => (Number(exp) < now() ? { exp: now() + HOUR_S } : undefined))],
  ["without exp", reads(({ exp }) => (exp === undefined ? { exp: now() + HOUR_S } : undefined))],
  ["that is not valid yet", reads(({ nbf }) => (Number(nbf) > now() ? { nbf: undefined } : undefined))],
  ["of more than 8 KiB", reads((_, __, { length }) => (length > 8_192 ? { padding: undefined } : undefined))],
  ["without aud", reads(({ aud }) => (aud === undefined ? { aud: TOKENS.audience } : undefined))],
  ["for another audience", reads(({ aud }) => (aud === "somebody-else" ? { aud: TOKENS.audience } : undefined))],
  ["without iss", reads(({ iss }) => (iss === undefined ? { iss: TOKENS.issuer } : undefined))],
  ["of another issuer", reads(({ iss }) => (String(iss).includes("else") ? { iss: TOKENS.issuer } : undefined))],
  ["of two parts", takes((shown) => (shown?.split(".").length === 2 ? sign({}) : undefined))],
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
  ["without a signature", takes((shown) => (shown?.endsWith(".") ? sign({}) : undefined))],
  [
    "whose claims were changed",
    reads(
      ({ sub }) => (sub === "somebody-else" ? {} : undefined),
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
  ...TAKEN_TOKENS.map(([what, fault]) => ({
    rule: "T3",
    hub: `takes a token ${what}`,
    says: new RegExp(`a token ${what}`),
    fault,
  })),
  {
    rule: "T3",
    hub: "takes no long token",
    says: /a token of 7 KiB/,
    fault: takes((shown) => (Number(shown?.length) > 4_096 ? "no" : undefined)),
  },
  {
    rule: "T1",
    hub: "lets anonymous clients read",
    says: /with nothing/,
    fault: takes((shown) => shown ?? KEY),
  },
  {
    rule: "T1",
    hub: "takes a longer key",
    says: /with no token/,
    fault: takes((it) => (it === `${KEY}x` ? KEY : undefined)),
  },
  { rule: "T1", hub: "takes any key", says: /with no key/, fault: takes((it) => (it === "wrong" ? KEY : undefined)) },
  { rule: "T1", hub: "takes no tokens", says: /with a token/, fault: takes((it) => (isToken(it) ? "no" : undefined)) },
  {
    rule: "T2",
    hub: "lets no key emit on a socket",
    says: /answer to an emit/,
    fault: takes((_, { dialect }) => (dialect === "v1" ? sign({}) : undefined)),
  },
  {
    rule: "T2",
    hub: "does not let a key read everything",
    says: /what it reads/,
    fault: takes((it, showing) =>
      it === KEY && isDoor(showing) && showing.method === "GET" ? sign({ events: ["a"] }) : undefined,
    ),
  },
  {
    rule: "T4",
    hub: "takes an empty claim for an absent one",
    says: /with no events/,
    fault: reads(({ events }) => (Array.isArray(events) && events.length === 0 ? { events: undefined } : undefined)),
  },
  {
    rule: "T4",
    hub: "lets who has no emit emit",
    says: /a refusal/,
    fault: reads(({ emit }) => (emit === undefined ? { emit: ["*"] } : undefined)),
  },
  {
    rule: "T4",
    hub: "lets nobody in particular emit",
    says: /a refusal/,
    fault: reads(({ sub }) => (sub === undefined ? { sub: "x" } : undefined)),
  },
  {
    rule: "T5",
    hub: "does not care what exp is",
    says: /"exp"/,
    fault: lenient("exp", (exp) => typeof exp === "number", now() + HOUR_S),
  },
  {
    rule: "T5",
    hub: "does not care what sub is",
    says: /"sub": 7/,
    fault: lenient("sub", (sub) => typeof sub === "string", "x"),
  },
  {
    rule: "T5",
    hub: "takes a long sub",
    says: /"sub": "xx/,
    fault: lenient("sub", (sub) => String(sub).length < 100, "x"),
  },
  ...["events", "emit", "channels"].map((claim) => ({
    rule: "T5",
    hub: `does not care what ${claim} is`,
    says: new RegExp(`with "${claim}"`),
    fault: lenient(claim, isList, claim === "channels" ? ["*"] : undefined),
  })),
  {
    rule: "T5",
    hub: "does not name the claim",
    says: /a detail that names/,
    fault: { reply: (text) => text.replaceAll(/\\"\w+\\"/g, "something") },
  },
  {
    rule: "T6",
    hub: "does not look at channels",
    says: /a token for : /,
    fault: reads(() => ({ channels: ["*"] })),
  },
  {
    rule: "T6",
    hub: "takes patterns of channels for names",
    says: /a token for conf-\*/,
    fault: reads(({ channels }) => ({ channels: (channels as string[]).map((name) => name.replace("*", "")) })),
  },
  {
    rule: "T7",
    hub: "lets a token without channels in nowhere",
    says: /a token without channels, where .* open/,
    fault: reads(({ channels }) => (channels === undefined ? { channels: [] } : undefined)),
  },
  {
    rule: "T10",
    hub: "echoes the token in its 101",
    says: /the subprotocol/,
    fault: {
      subprotocol: (chosen, shown) => chosen && (isToken(shown) ? `${chosen}, reactor.token.${shown}` : chosen),
    },
  },
  {
    rule: "T10",
    hub: "echoes the token in a refusal",
    says: /nothing of the token/,
    fault: { reply: (text, _, shown) => text.replace('"detail":"', `"detail":"${shown}: `) },
  },
  {
    rule: "T10",
    hub: "echoes a message that it does not know",
    says: /nothing of the token/,
    fault: {
      socket: (tell) => ({
        up(text) {
          if (text.includes('"conformance"')) tell(JSON.stringify({ type: "reactor_error", data: { message: text } }));
          return [text];
        },
      }),
    },
  },
  {
    rule: "T11",
    hub: "refuses the upgrade of a socket of reactor.v1",
    says: /a socket to open, got 401/,
    fault: { refuses: (shown, { dialect }) => (dialect === "v1" && shown === null ? 401 : undefined) },
  },
  {
    rule: "T11",
    hub: "takes a key in the URL",
    says: /a key in \?token=/,
    fault: takes((shown, { place }) => (place === "query" && shown === KEY ? KEY : undefined)),
  },
  {
    rule: "T11",
    hub: "takes a token in the URL to emit",
    says: /a token in \?token=, to emit/,
    fault: takes(async (shown, { place, method }) =>
      isToken(shown) && place === "query" && method === "POST" ? sign({ emit: ["*"] }) : undefined,
    ),
  },
  ...(["subprotocol", "query"] as const).map((place) => ({
    rule: "T11",
    hub: `sees no token by ${place}`,
    says: new RegExp(`a token by ${place}`),
    fault: takes((_, showing) => (showing.place === place ? null : undefined)),
  })),
  {
    rule: "T11",
    hub: "welcomes whom it then closes",
    says: /no welcome/,
    fault: onSocket(() => ({ close: (code) => ({ code, before: ['{"type":"reactor_connected","data":{}}'] }) })),
  },
  {
    rule: "T11",
    hub: "closes with another code",
    says: /the close code 4401, got 1008|a close as announced/,
    fault: closingWith(4401, 1008),
  },
  {
    rule: "T11",
    hub: "announces another close than it then makes",
    says: /a close as announced/,
    fault: onSocket(() => ({
      close: (code) => ({ code, before: [JSON.stringify({ type: "reactor_error", data: { close: code + 1 } })] }),
    })),
  },
  {
    rule: "T11",
    hub: "asks who wants to know its health",
    says: /the status of \/ws\/health/,
    fault: takes((_, { path }) => (path === "/ws/health" ? "no" : undefined)),
  },
  { rule: "T12", hub: "does not look at emit", says: /a refusal/, fault: reads(() => ({ emit: ["*"] })) },
  {
    rule: "T12",
    hub: "does not say which is forbidden",
    says: /pointer/,
    fault: { reply: (text) => text.replace("/2", "") },
  },
  {
    rule: "T12",
    hub: "keeps the source that was said",
    says: /sources/,
    fault: { reply: (text) => text.replaceAll("user:ada", "ada") },
  },
  ...(
    [
      ["live", "live \\[", (showing) => showing.dialect === "v1" && !showing.query.has("cursor")],
      [
        "live to legacy pages",
        "live without",
        (showing) => showing.dialect === "legacy" && !showing.query.has("cursor"),
      ],
      ["in a replay", "in a replay", (showing) => showing.dialect === "v1" && showing.query.has("cursor")],
      [
        "in a replay to legacy pages",
        "without",
        (showing) => showing.dialect === "legacy" && showing.query.has("cursor"),
      ],
      ["to who asks for it", "asks for", (showing) => showing.query.get("events")?.includes("secret") === true],
      ["to who subscribes", "subscribed", (showing) => showing.query.get("events") === "end"],
      ["in history", "what it reads", isDoor],
      ["in counts", "counts of", (showing) => showing.path === "/ws/stats"],
    ] as const satisfies readonly (readonly [string, string, (showing: Showing) => boolean])[]
  ).map(([where, says, isThere]) => ({
    rule: "T13",
    hub: `tells what a token may not hear, ${where}`,
    says: new RegExp(says),
    fault: reads((_, showing) => (isThere(showing) ? { events: undefined } : undefined)),
  })),
  {
    rule: "T13",
    hub: "tells anonymous clients which types there are",
    says: /an anonymous client is told/,
    fault: takes((shown, { path }) => (path === "/ws/health" ? (shown ?? KEY) : shown)),
  },
  {
    rule: "T15",
    hub: "never says that a token is about to end",
    says: /a token_expiring before the end/,
    fault: onSocket(() => ({ down: (text) => (text.includes("token_expiring") ? [] : [text]) })),
  },
  {
    rule: "T15",
    hub: "does not end a token on a socket of reactor.v1",
    says: /a socket of reactor\.v1: expected nothing after/,
    fault: reads((_, { dialect }) => (dialect === "v1" ? { exp: now() + HOUR_S } : undefined)),
  },
  {
    rule: "T15",
    hub: "does not end the token of an old page",
    says: /a socket without a subprotocol: expected nothing after/,
    fault: reads((_, { dialect }) => (dialect === "legacy" ? { exp: now() + HOUR_S } : undefined)),
  },
  {
    rule: "T15",
    hub: "ends a token with another code",
    says: /the close code at the token's end|a close as announced/,
    fault: closingWith(4401, 1000),
  },
  {
    rule: "T15",
    hub: "ends a token though a fresh one came",
    says: /shown a fresh token/,
    fault: onSocket(() => ({ up: (text) => (text.startsWith('{"type":"auth"') ? [] : [text]) })),
  },
  {
    rule: "T15",
    hub: "forgets the end of who comes together with another",
    says: /came together with another: expected nothing after/,
    fault: forgettingPairs(),
  },
  {
    rule: "T16",
    hub: "begins the frame after an auth beyond the reader's place",
    says: /an auth with the same rights: .* got a gap/,
    fault: firstAfter("auth", beginningLater),
  },
  {
    rule: "T16",
    hub: "loses an event behind an auth",
    says: /the seqs that are heard/,
    fault: firstAfter("auth", withoutFirst),
  },
  { rule: "T16", hub: "doubles events behind an auth", says: /each event once/, fault: firstAfter("auth", twice) },
  {
    rule: "T16",
    hub: "does not change rights by an auth",
    says: /an auth with fewer rights: .* seqs/,
    fault: onSocket(() => ({ up: (text) => (text.startsWith('{"type":"auth"') ? [] : [text]) })),
  },
  {
    rule: "T16",
    hub: "does not look at an auth while a reader catches up",
    says: /while catching up: .* without the right/,
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
    hub: "hears what is said behind an auth before it",
    says: /right behind an auth/,
    fault: onSocket(() => {
      let waiting: string[] = [];
      return {
        up(text) {
          const isAuth = text.startsWith('{"type":"auth"');
          const said = text.startsWith('{"type":"emit"') ? [text, ...waiting] : [...waiting, text];
          waiting = isAuth ? [...waiting, text] : [];
          return isAuth ? [] : said;
        },
      };
    }),
  },
  {
    rule: "T16",
    hub: "lets somebody else go on",
    says: /of somebody else/,
    fault: reads(({ sub }, { place }) => (place === "auth" && sub === "other" ? { sub: "conf" } : undefined)),
  },
  {
    rule: "T16",
    hub: "takes an expired token by auth",
    says: /that has expired/,
    fault: reads(({ exp }, { place }) =>
      place === "auth" && Number(exp) < now() ? { exp: now() + HOUR_S } : undefined,
    ),
  },
  {
    rule: "T16",
    hub: "takes a forged token by auth",
    says: /that is forged/,
    fault: reads(
      (_, { place }) => (place === "auth" ? {} : undefined),
      () => true,
    ),
  },
  {
    rule: "T16",
    hub: "takes a token for another channel by auth",
    says: /for another channel/,
    fault: reads((_, { place }) => (place === "auth" ? { channels: ["*"] } : undefined)),
  },
  {
    rule: "T16",
    hub: "closes a forbidden auth with 4401",
    says: /for another channel/,
    fault: closingWith(4503, 4401),
  },
  {
    rule: "T17",
    hub: "lets a socket emit anything",
    says: /a?nswer to/,
    fault: reads(() => ({ emit: ["*"] })),
  },
  {
    rule: "T17",
    hub: "answers without the ref",
    says: /"ref":1/,
    fault: onSocket(() => ({ down: (text) => [text.replace('"ref":1,', '"ref":null,')] })),
  },
  {
    rule: "T17",
    hub: "does not say that an event is there already",
    says: /a repeated one/,
    fault: onSocket(() => ({ down: (text) => [text.replace('"duplicate":true', '"duplicate":false')] })),
  },
  {
    rule: "T17",
    hub: "keeps the source that is said on a socket",
    says: /the log/,
    fault: { reply: (text) => text.replaceAll("user:ada", "user:bob") },
  },
  {
    rule: "T18",
    hub: "answers any number of messages",
    says: /a close with 4429/,
    fault: onSocket((tell) => ({
      up(text) {
        if (text !== "conformance") return [text];
        tell('{"type":"reactor_error","data":{"code":"unknown_message"}}');
        return [];
      },
    })),
  },
  { rule: "T18", hub: "closes a flood with another code", says: /the close code/, fault: closingWith(4429, 1008) },
  {
    rule: "T18",
    hub: "counts an emit as any message",
    says: /fewer emits/,
    fault: onSocket(() => ({ up: (text) => [text.startsWith('{"type":"emit"') ? "conformance" : text] })),
  },
  {
    rule: "T18",
    hub: "counts pings",
    says: /a close/,
    fault: onSocket((_, shut) => {
      let pings = 0;
      return {
        up(text) {
          if (text === "ping" && ++pings === 100) shut(4429);
          return [text];
        },
      };
    }),
  },
  {
    rule: "S9",
    hub: "takes sockets of any origin",
    says: /a close with 4503|foreign_origin|a refusal/,
    fault: { ignores: "origin" },
  },
  {
    rule: "S9",
    hub: "takes sockets of any origin, and closes them with another code",
    says: /the close code 4503, got 1008/,
    fault: {
      ignores: "origin",
      socket: (_, shut) => {
        shut(1008);
        return { down: () => [] };
      },
    },
  },
  {
    rule: "H9",
    hub: "names no origin in its replies",
    says: /the origin that is named|the status of a preflight|allowed/,
    fault: {},
  },
  {
    rule: "F6",
    hub: "begins the frame after a subscribe later",
    says: /got a gap/,
    fault: firstAfter("subscribe", beginningLater),
  },
  {
    rule: "F6",
    hub: "loses an event behind a subscribe",
    says: /the seqs that/,
    fault: firstAfter("subscribe", withoutFirst),
  },
  {
    rule: "F6",
    hub: "doubles events behind a subscribe",
    says: /each event once/,
    fault: firstAfter("subscribe", twice),
  },
  {
    rule: "F6",
    hub: "answers a subscribe without the new place",
    says: /got a gap|a place in the epoch/,
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
    hub: "hears no subscribe",
    says: /from a,b to a: .* seqs/,
    fault: onSocket(() => ({ up: (text) => (text.startsWith('{"type":"subscribe"') ? [] : [text]) })),
  },
];

/** On a hub whose CHANNELS do not name those of the conformance tool. */
export const SEEDED_IN_CLOSED_CHANNELS: readonly SeededFault[] = [
  {
    rule: "T7",
    hub: "lets a token without channels in everywhere",
    says: /a token without channels, where .* closed/,
    fault: reads(({ channels }) => (channels === undefined ? { channels: ["*"] } : undefined)),
  },
  {
    rule: "T7",
    hub: "keeps a key out of a channel",
    says: /a key: /,
    fault: takes((shown, { path }) => (shown === KEY && path === "/ws/stats" ? sign({ channels: [] }) : undefined)),
  },
];

/** A token's end is forgotten in every channel but the first that is seen. */
function forgettingPairs(): Fault {
  let first: string | null = null;
  return reads((_, { query }) => {
    first ??= query.get("channel");
    return query.get("channel") === first ? undefined : { exp: now() + HOUR_S };
  });
}
