// T4, T12, T13 and T17: what a token may receive and emit by its claims.
import type { Check } from "./check.ts";
import { expectRefused, isOpenChannel } from "./expect-access.ts";
import { expectRefusal, type HubUnderTest } from "./hub-under-test.ts";
import { expectEqual, expectLike, expectTrue, type Json } from "./mismatch.ts";

const TYPES = ["news_a", "secret", "news_b", "chat_x", "end"];

const typesOf = (events: Json[]): unknown[] => events.map(({ type }) => type);

/** Types of events in frames of the legacy dialect, up to `end`. */
async function receiveLegacy(hub: HubUnderTest, query: Readonly<Record<string, string>> = {}, act = async () => {}) {
  const { socket } = await hub.listen(query, []);
  await act();
  const types: unknown[] = [];
  while (types.at(-1) !== "end") types.push((await socket.frame()).type);
  return types;
}

/** Types of events on a socket of `reactor.v1`, up to `end`. */
async function receive(hub: HubUnderTest, query: Readonly<Record<string, string>> = {}, act = async () => {}) {
  const { socket } = await hub.listen(query);
  await act();
  const types: unknown[] = [];
  while (types.at(-1) !== "end") types.push(...typesOf(await socket.events(1)));
  return types;
}

export const RIGHTS_CHECKS: readonly Check[] = [
  {
    rule: "T4",
    description:
      "a token without events receives everything, without emit it may emit nothing; an empty claim allows nothing",
    needsSecret: true,
    async run(hub) {
      await hub.emit(TYPES.map((type) => ({ type })));
      const plain = hub.as(await hub.token());
      expectEqual("what a token without events reads", typesOf((await plain.log()).events), TYPES);
      const none = hub.as(await hub.token({ events: [] }));
      expectEqual("what a token with no events reads", typesOf((await none.log()).events), []);
      const { socket } = await none.listen({ cursor: "0.0" });
      await hub.emit({ type: "end" });
      socket.send("conformance");
      for (let frame = await socket.frame(); frame.type !== "reactor_error"; frame = await socket.frame()) {
        expectLike("what a token with no events receives", frame, { type: "reactor_events", events: [] });
      }
      for (const emit of [undefined, []]) {
        const reply = await hub.as(await hub.token({ emit })).post({ type: "a" });
        expectRefusal(reply, { status: 403, code: "forbidden" });
      }
      await expectRefused(hub.as(await hub.token({ sub: undefined, emit: ["a"] })), "unauthorized", '"sub"');
      await hub.as(await hub.token({ emit: ["a"] })).emit({ type: "a" });
      await hub.as(await hub.token({ emit: ["*"] })).emit({ type: "anything" });
    },
  },
  {
    rule: "T12",
    description:
      "a token emits the types of its emit, or the whole batch is refused; the source of its events is user:<sub>",
    needsSecret: true,
    async run(hub) {
      const ada = hub.as(await hub.token({ sub: "ada", emit: ["chat_*", "typing"] }));
      const forbidden = { status: 403, code: "forbidden" };
      for (const type of ["news", "chat", "typing_", "xchat_a"]) {
        const one = await ada.post({ type });
        expectRefusal(one, forbidden);
        const batch = await ada.post([{ type: "chat_a" }, { type: "typing" }, { type }, { type: "other" }]);
        expectRefusal(batch, { ...forbidden, pointer: "/2" });
        for (const { text } of [one, batch])
          expectTrue(`a detail that names ${type}`, text.includes(`\\"${type}\\"`), text);
      }
      expectEqual("events in the log", (await hub.log()).events, []);
      const sources = [undefined, "system", "user:bob", "ada"];
      await ada.emit(sources.map((source) => ({ type: "chat_a", source })));
      const { events } = await hub.log();
      expectEqual(
        "sources",
        events.map(({ source }: Json) => source),
        sources.map(() => "user:ada"),
      );
      const posing = await hub.post({ type: "chat_a", source: "user:ada" });
      expectRefusal(posing, { status: 400, code: "bad_event", pointer: "/source" });
    },
  },
  {
    rule: "T13",
    description:
      "events applies to live events, replay, history and counts, in both dialects; status and health name no types",
    needsSecret: true,
    async run(hub) {
      const client = hub.as(await hub.token({ events: ["news_*", "end"] }));
      const expected = TYPES.filter((type) => /^(news_.|end)$/.test(type));
      const emit = async () => {
        for (const type of TYPES) await hub.emit({ type });
      };
      expectEqual("what it receives live", await receive(client, {}, emit), expected);
      expectEqual("what it receives live without a subprotocol", await receiveLegacy(client, {}, emit), expected);
      const [one] = [await hub.log({ limit: TYPES.length })];
      expectEqual("what it receives in a replay", await receive(client, { cursor: one.cursor }), expected);
      expectEqual("… without a subprotocol", await receiveLegacy(client, { cursor: one.cursor }), expected);
      const newest = ["news_b", "end"];
      expectEqual("what it receives of the newest", await receive(client, { last: "2" }), newest);
      expectEqual("… without a subprotocol", await receiveLegacy(client, { last: "2" }), newest);
      for (const query of [{ last: 2 }, { before: (await hub.log({ last: 1 })).cursor, limit: 2 }]) {
        expectEqual("what it reads backwards", typesOf((await client.log(query)).events), newest);
      }
      const asked = { events: "news_a,secret,*x,end" };
      expectEqual("what it receives of its subscription", await receive(client, asked, emit), ["news_a", "end"]);
      const { socket } = await client.listen({ events: "end" });
      socket.send({ type: "subscribe", data: { events: ["*"] } });
      while ((await socket.frame()).type !== "reactor_subscribed");
      await emit();
      expectEqual("what it receives after it subscribed to *", typesOf(await socket.events(expected.length)), expected);
      for (const query of [{}, { events: "*" }, { events: "secret,end,news_*" }]) {
        const { events } = await client.log({ after: one.cursor, limit: 1_000, ...query });
        expectEqual("what it reads", [...new Set(typesOf(events))].sort(), [...expected].sort());
      }
      expectEqual("types in its counts", Object.keys((await client.stats()).events_by_type).sort(), [
        ...expected.sort(),
      ]);
      if (!(await isOpenChannel(hub))) return;
      const health = await hub.as(null).ask("GET", "/ws/health");
      expectTrue("no types that an anonymous client is sent", !health.text.includes("secret"), health.text);
      const { body, text } = await hub.as(null).ask("GET", "/ws/status");
      expectEqual("the count that an anonymous client is sent", body.stats.events_emitted_total, 4 * TYPES.length);
      expectTrue("no types of events", !text.includes("secret"), text);
    },
  },
  {
    rule: "T17",
    description:
      "an emit on a socket is an event of its token, if its rights allow it, is answered with its ref, and is deduplicated by its id",
    needsSecret: true,
    async run(hub) {
      const { socket } = await hub.as(await hub.token({ sub: "ada", emit: ["chat_*"], events: [] })).listen();
      const emit = async (ref: unknown, data: Json) => {
        socket.send({ type: "emit", ref, data });
        for (;;) {
          const frame = await socket.frame();
          if (frame.type !== "reactor_events") return frame;
          expectEqual("what a token with no events receives", frame.events, []);
        }
      };
      const event = { type: "chat_a", data: { n: 1 }, id: "one", source: "user:bob" };
      const first = await emit(1, event);
      const receipt = { ref: 1, id: "one", duplicate: false, cursor: (await hub.log()).head };
      expectEqual("the answer", first, { type: "reactor_emitted", data: receipt });
      const again = await emit("again", event);
      expectEqual("the answer to a retry", again, {
        type: "reactor_emitted",
        data: { ...receipt, ref: "again", duplicate: true },
      });
      const refusals: readonly (readonly [Json, string])[] = [
        [{ type: "news" }, "forbidden"],
        [{ ...event, data: { n: 2 } }, "id_conflict"],
        [{ type: "chat,a" }, "bad_event"],
        [{ type: "reactor_x" }, "reserved_type"],
        [{ type: "chat_a", payload: {} }, "unknown_field"],
        [{ type: "chat_a", timestamp: "yesterday" }, "bad_event"],
      ];
      for (const [refused, code] of refusals) {
        expectLike(`the answer to ${JSON.stringify(refused)}`, await emit(code, refused), {
          type: "reactor_error",
          data: { code, ref: code },
        });
      }
      const mute = await hub.as(await hub.token()).listen();
      mute.socket.send({ type: "emit", ref: 5, data: { type: "chat_a" } });
      let answer = await mute.socket.frame();
      while (answer.type === "reactor_events") answer = await mute.socket.frame();
      expectLike("the answer to a token without emit", answer, {
        type: "reactor_error",
        data: { code: "forbidden", ref: 5 },
      });
      const { events } = await hub.log();
      expectLike("the log", events, [{ type: "chat_a", data: { n: 1 }, id: "one", source: "user:ada", seq: 1 }]);
    },
  },
];
