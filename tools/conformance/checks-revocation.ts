// V1 to V6: an operator revokes tokens before they expire.
import type { Check } from "./check.ts";
import { expectClosed, expectReads } from "./expect-access.ts";
import { expectRefusal, type HubUnderTest } from "./hub-under-test.ts";
import { expectEqual, expectLike, inCase, type Json } from "./mismatch.ts";
import { type Claims, nowS } from "./tokens.ts";

const isoOf = (seconds: number) => new Date(seconds * 1_000).toISOString();

/** With the key, unless `credential` says otherwise; `null`: none. */
function revoke(hub: HubUnderTest, body: unknown, query = {}, credential: string | null = hub.key) {
  const headers = {
    "Content-Type": "application/json",
    ...(credential !== null && { Authorization: `Bearer ${credential}` }),
  };
  return hub.ask("POST", "/api/revocations", { headers, body: JSON.stringify(body) }, query);
}

async function revoked(hub: HubUnderTest, body: unknown, query = {}): Promise<Json> {
  const reply = await revoke(hub, body, query);
  expectEqual("the status of a revocation", reply.status, 200);
  return reply.body;
}

/** Issued a minute ago, unless `claims` say otherwise. */
const tokenOf = (hub: HubUnderTest, claims: Claims) => hub.token({ iat: nowS() - 60, emit: ["*"], ...claims });

async function expectRevoked(client: HubUnderTest): Promise<void> {
  const refused = { status: 401, code: "unauthorized" };
  for (const path of ["/api/events", "/ws/stats", "/ws/status", "/ws/health"]) {
    const reply = await client.ask("GET", path);
    await inCase(path, async () => expectRefusal(reply, refused));
  }
  const emit = await client.post({ type: "t" });
  await inCase("an emit", async () => expectRefusal(emit, refused));
  await inCase("a socket of reactor.v1", async () => expectClosed(await client.socket(), 4401));
  await inCase("a legacy socket", async () => expectClosed(await client.socket({}, []), 4401));
}

export const REVOCATION_CHECKS: readonly Check[] = [
  {
    rule: "V1",
    description: "tokens of a sub that were issued before a time are revoked, or one by its jti, in the channels named",
    needsSecret: true,
    async run(hub) {
      const before = isoOf(nowS() - 30);
      const until = isoOf(nowS() + 3_600);
      const answer = await revoked(hub, { sub: "ada", before, until });
      expectEqual("the answer", answer, { sub: "ada", before, until, channels: [{ channel: hub.channel, closed: 0 }] });
      const old = await tokenOf(hub, { sub: "ada" });
      const status = async (client: HubUnderTest) => (await client.ask("GET", "/api/events")).status;
      expectEqual("the status for a token issued before", await status(hub.as(old)), 401);
      const timeless = await tokenOf(hub, { sub: "ada", iat: undefined });
      expectEqual("the status for a token without iat", await status(hub.as(timeless)), 401);
      const fresh = await tokenOf(hub, { sub: "ada", iat: nowS(), jti: "one" });
      const other = await tokenOf(hub, { sub: "ben", jti: "two" });
      await inCase("with a token issued later", () => expectReads(hub.as(fresh)));
      await inCase("with another's token", () => expectReads(hub.as(other)));
      expectEqual("the status in another channel", await status(hub.as(old).elsewhere()), 200);
      await revoked(hub, { jti: "one" });
      expectEqual("the status for a jti that was revoked", await status(hub.as(fresh)), 401);
      await inCase("with another jti", () => expectReads(hub.as(other)));
      const [one, two] = [hub.elsewhere(), hub.elsewhere()];
      const headers = { "Content-Type": "application/json", Authorization: `Bearer ${hub.key}` };
      const reply = await fetch(`${hub.origin}/api/revocations?channels=${one.channel},${two.channel}`, {
        method: "POST",
        headers,
        body: JSON.stringify({ sub: "ben" }),
      });
      expectEqual("the status of a revocation in two channels", reply.status, 200);
      for (const { channel } of [one, two]) {
        const page = await hub.as(other).ask("GET", "/api/events", {}, { channel });
        expectEqual("the status in each channel", page.status, 401);
      }
    },
  },
  {
    rule: "V2",
    description: "open sockets of revoked tokens are closed with 4401 at once, and no others",
    needsSecret: true,
    async run(hub) {
      const ada = hub.as(await tokenOf(hub, { sub: "ada" }));
      const { socket } = await ada.listen();
      const { socket: legacy } = await ada.listen({}, []);
      const { socket: other } = await hub.as(await tokenOf(hub, { sub: "ben" })).listen();
      const answer = await revoked(hub, { sub: "ada" });
      expectLike("the answer", answer, { channels: [{ channel: hub.channel, closed: 2 }] });
      for (const each of [socket, legacy]) await expectClosed(each, 4401);
      await hub.emit({ type: "t" });
      expectEqual("what another's socket is sent", (await other.events(1)).length, 1);
    },
  },
  {
    rule: "V3",
    description: "a revoked token is refused at every entry point",
    needsSecret: true,
    async run(hub) {
      const token = await tokenOf(hub, { sub: "ada" });
      await expectReads(hub.as(token));
      await revoked(hub, { sub: "ada" });
      await expectRevoked(hub.as(token));
      const { socket } = await hub.as(await tokenOf(hub, { sub: "ada", iat: nowS() + 4 })).listen();
      socket.send({ type: "auth", data: { token } });
      await inCase("a socket that presents it", () => expectClosed(socket, 4401));
      expectEqual("events in the log", (await hub.log()).events, []);
    },
  },
  {
    rule: "V4",
    description: "a revocation may be repeated, and a later one does not shorten it",
    needsSecret: true,
    async run(hub) {
      const token = await tokenOf(hub, { sub: "ada" });
      for (const before of [isoOf(nowS()), isoOf(nowS()), isoOf(nowS() - 3_600)]) {
        await revoked(hub, { sub: "ada", before });
        expectEqual("the status for the token", (await hub.as(token).ask("GET", "/api/events")).status, 401);
      }
    },
  },
  {
    rule: "V6",
    description: "a malformed revocation is refused with a pointer, and so is a client without a key",
    async run(hub) {
      const malformed: readonly (readonly [unknown, string | undefined])[] = [
        [{}, undefined],
        [[], undefined],
        [{ sub: "a", jti: "b" }, undefined],
        [{ sub: 7 }, "/sub"],
        [{ sub: "" }, "/sub"],
        [{ jti: "" }, "/jti"],
        [{ jti: "b", before: "2026-01-01T00:00:00Z" }, "/before"],
        [{ sub: "a", before: "yesterday" }, "/before"],
        [{ sub: "a", before: 1_795_000_000 }, "/before"],
        [{ sub: "a", until: "2020-01-01T00:00:00Z" }, "/until"],
        [{ sub: "a", since: "2020-01-01T00:00:00Z" }, "/since"],
      ];
      for (const [body, pointer] of malformed) {
        const reply = await revoke(hub, body);
        const refused = { status: 400, code: "bad_revocation", ...(pointer !== undefined && { pointer }) };
        await inCase(JSON.stringify(body), async () => expectRefusal(reply, refused));
      }
      for (const credential of [null, "wrong"]) {
        const reply = await revoke(hub, { sub: "a" }, {}, credential);
        await inCase(`with ${credential ?? "no key"}`, async () =>
          expectRefusal(reply, { status: 401, code: "unauthorized" }),
        );
      }
      if (!hub.tokens) return;
      const reply = await revoke(hub, { sub: "a" }, {}, await hub.token());
      await inCase("with a token", async () => expectRefusal(reply, { status: 403, code: "forbidden" }));
    },
  },
];
