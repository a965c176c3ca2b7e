// T1 to T11: keys and tokens, which of them are valid, and where they are required.
import type { Check } from "./check.ts";
import { expectReads, expectRefused, isOpenChannel } from "./expect-access.ts";
import { expectRefusal, type HubUnderTest, type Place } from "./hub-under-test.ts";
import { expectEqual, expectLike, expectTrue, inCase, type Json } from "./mismatch.ts";
import { type Claims, forge, nowS, signToken, unsigned } from "./tokens.ts";

const PLACES: readonly Place[] = ["header", "subprotocol", "query"];

/** Claims that are malformed, by their name. */
const MALFORMED: readonly (readonly [string, unknown])[] = [
  ["exp", "tomorrow"],
  ["sub", 7],
  ["sub", ""],
  ["sub", "x".repeat(252)],
  ["events", "a"],
  ["events", ["a,b"]],
  ["events", [1]],
  ["events", Array.from({ length: 65 }, (_, n) => `t${n}`)],
  ["emit", "a"],
  ["emit", { a: true }],
  ["channels", "conf-x"],
  ["channels", [null]],
];

/** Tokens that no hub accepts, each by its fault. */
async function badTokens(hub: HubUnderTest): Promise<Record<string, string>> {
  const { tokens } = hub;
  if (!tokens) throw new Error("a check that needs tokens was run without a secret");
  const good = await hub.token();
  const audience: Record<string, Claims> = tokens.audience
    ? { "without aud": { aud: undefined }, "for another audience": { aud: "other" } }
    : {};
  const issuer: Record<string, Claims> = tokens.issuer
    ? { "without iss": { iss: undefined }, "of another issuer": { iss: "https://other.invalid" } }
    : {};
  const claims: Record<string, Claims> = {
    "that has expired": { exp: nowS() - 60 },
    "without exp": { exp: undefined },
    "that is not valid yet": { nbf: nowS() + 60 },
    "of more than 8 KiB": { padding: "x".repeat(8 * 1_024) },
    ...audience,
    ...issuer,
  };
  const bad: Record<string, string> = {
    "of two parts": good.split(".").slice(0, 2).join("."),
    "whose signature is another's": await signToken({ ...tokens, secret: `${tokens.secret} no` }),
    "whose claims were changed": forge(good, { claims: { sub: "other" } }),
    "whose header was changed": forge(good, { header: { alg: "RS256" } }),
    "by HS384": await hub.token({}, "HS384"),
    "by HS512": await hub.token({}, "HS512"),
    "without a signature": unsigned(good),
  };
  for (const [what, each] of Object.entries(claims)) bad[what] = await hub.token(each);
  return bad;
}

const typeOf = ({ type }: Json): unknown => type;

export const TOKEN_CHECKS: readonly Check[] = [
  {
    rule: "T1",
    description:
      "a credential must be valid, also where none is required; where tokens are configured, reading requires one",
    async run(hub) {
      for (const wrong of ["wrong", `${hub.key}x`, "a.b.c"]) {
        const client = hub.as(wrong);
        await inCase(`with ${wrong === "wrong" ? "no key" : "no token"}`, () => expectRefused(client, "unauthorized"));
        for (const path of ["/ws/status", "/ws/health"]) {
          expectRefusal(await client.ask("GET", path), { status: 401, code: "unauthorized" });
        }
      }
      await inCase("with the key", () => expectReads(hub.as(hub.key)));
      if (!hub.tokens) return;
      await inCase("with a token", async () => expectReads(hub.as(await hub.token())));
      await inCase("with nothing", () => expectRefused(hub.as(null), "unauthorized"));
      expectEqual("events in the log", (await hub.log()).events, []);
    },
  },
  {
    rule: "T2",
    description: "a client with the key may do everything (the previous key is not known)",
    async run(hub) {
      const operator = hub.as(hub.key);
      const [live, old] = [await operator.listen(), await operator.listen({}, [])];
      await operator.emit([{ type: "a" }, { type: "b.c", source: "x" }]);
      const received = await live.socket.events(2);
      live.socket.send({ type: "emit", ref: 1, data: { type: "d" } });
      const frames = [await live.socket.frame()];
      if (frames[0].type !== "reactor_error") frames.push(await live.socket.frame());
      const answer = frames.find(({ type }) => type !== "reactor_events");
      expectLike("the answer to an emit", answer, { type: "reactor_emitted", data: { ref: 1, duplicate: false } });
      received.push(...frames.flatMap(({ events = [] }) => events));
      const types = ["a", "b.c", "d"];
      expectEqual("what it receives", received.map(typeOf), types);
      for (const type of types)
        expectEqual("what it receives without a subprotocol", typeOf(await old.socket.frame()), type);
      expectEqual("what it reads", (await operator.log()).events.map(typeOf), types);
    },
  },
  {
    rule: "T3",
    description: "a token is a signed JWT of at most 8 KiB that is valid now, for this hub; anything else is refused",
    needsSecret: true,
    async run(hub) {
      const good: Record<string, Claims> = {
        "a plain token": {},
        "a token that is valid since a minute": { nbf: nowS() - 60, iat: nowS() - 60 },
        "a token of 7 KiB": { padding: "x".repeat(5 * 1_024) },
        "a token for several audiences": { aud: [hub.tokens?.audience ?? "any", "other"] },
      };
      for (const [what, claims] of Object.entries(good)) {
        await inCase(what, async () => expectReads(hub.as(await hub.token(claims))));
      }
      for (const [what, token] of Object.entries(await badTokens(hub))) {
        await inCase(`a token ${what}`, () => expectRefused(hub.as(token), "unauthorized"));
      }
      expectEqual("events in the log", (await hub.log()).events, []);
    },
  },
  {
    rule: "T5",
    description: "a malformed claim is refused, and named",
    needsSecret: true,
    async run(hub) {
      for (const [claim, value] of MALFORMED) {
        const token = await hub.token({ [claim]: value });
        const what = `a token with "${claim}": ${JSON.stringify(value).slice(0, 20)}`;
        await inCase(what, () => expectRefused(hub.as(token), "unauthorized", `"${claim}"`));
      }
    },
  },
  {
    rule: "T6",
    description: "channels are patterns of channels; in others a token is forbidden",
    needsSecret: true,
    async run(hub) {
      for (const channels of [[hub.channel], ["conf-*"], ["other", `*${hub.channel.slice(-6)}`], ["*"]]) {
        const token = await hub.token({ channels });
        await inCase(`a token for ${channels}`, () => expectReads(hub.as(token)));
      }
      for (const channels of [[], ["other"], [`${hub.channel}-`, `-${hub.channel}`], ["conf"]]) {
        const token = await hub.token({ channels, emit: ["*"] });
        await inCase(`a token for ${channels}`, () => expectRefused(hub.as(token), "forbidden"));
      }
    },
  },
  {
    rule: "T7",
    description: "a token without channels opens those that are open to anonymous clients; a key opens all",
    needsSecret: true,
    async run(hub) {
      for (const each of [hub, hub.elsewhere()]) {
        const token = await hub.token({ channels: undefined });
        const isOpen = await isOpenChannel(each);
        await inCase(`a token without channels, where /ws/status is ${isOpen ? "open" : "closed"}`, () =>
          isOpen ? expectReads(each.as(token)) : expectRefused(each.as(token), "forbidden"),
        );
        await inCase("a key", () => expectReads(each.as(hub.key)));
      }
    },
  },
  {
    rule: "T10",
    description: "a credential is never echoed (that it is not logged or passed to a Hub is not visible)",
    needsSecret: true,
    async run(hub) {
      const good = await hub.token({ emit: ["a"] });
      const credentials = [good, forge(good, { claims: { sub: "x" } }), await hub.token({ channels: [] })];
      for (const credential of credentials) for (const place of PLACES) await expectUnechoed(hub, credential, place);
    },
  },
  {
    rule: "T11",
    description:
      "every route except status and health requires a credential, in one of three places; a key in ?token= is refused",
    needsSecret: true,
    async run(hub) {
      const token = await hub.token({ emit: ["t"] });
      for (const place of PLACES) await inCase(`a token by ${place}`, () => expectReads(hub.as(token, place)));
      await inCase("a key in ?token=", () => expectRefused(hub.as(hub.key, "query"), "unauthorized"));
      await inCase("a token in ?token=, to emit", async () =>
        expectRefusal(await hub.as(token, "query").post({ type: "t" }), { status: 401, code: "unauthorized" }),
      );
      await inCase("an anonymous client", () => expectRefused(hub.as(null), "unauthorized"));
      if (!(await isOpenChannel(hub))) return;
      for (const path of ["/ws/status", "/ws/health", "/health"]) {
        expectEqual(`the status of ${path}`, (await hub.as(null).ask("GET", path)).status, 200);
      }
    },
  },
];

/** Expects no response to contain the credential, whether it is refused or not. */
async function expectUnechoed(hub: HubUnderTest, credential: string, place: Place): Promise<void> {
  const client = hub.as(credential, place);
  const replies = [
    await client.ask("GET", "/api/events"),
    await client.ask("GET", "/ws/stats"),
    await client.ask("GET", "/nothing/here"),
    await client.post({ type: "a" }),
    await client.post({ type: "" }),
    await client.upgrade(),
  ];
  const responses = replies.flatMap(({ headers, text }) => [text, ...headers.values()]);
  const socket = await client.socket();
  socket.send({ type: "conformance", ref: 1, data: { token: credential } });
  socket.send({ type: "auth", ref: 2, data: { token: `${credential}x` } }); // which closes the socket, if it is open
  responses.push(JSON.stringify(await socket.end()));
  const secrets = [credential, credential.split(".")[2] ?? credential];
  for (const text of responses) {
    expectTrue(`nothing of the token that was sent by ${place}`, !secrets.some((part) => text.includes(part)), text);
  }
}
