// S: upgrades, and what a socket receives.
import { readToAnswer } from "./change-over.ts";
import type { Check } from "./check.ts";
import { NO_CURSORS } from "./checks-cursors.ts";
import { expectClosed } from "./expect-access.ts";
import { expectNoSeam } from "./expect-newest.ts";
import { expectRefusedQuery } from "./expect-refused-query.ts";
import { expectRefusal } from "./hub-under-test.ts";
import { count, expectEqual, expectLike, expectTrue, type Json, seqOf } from "./mismatch.ts";
import { RangeReader } from "./range-reader.ts";

export const STREAM_CHECKS: readonly Check[] = [
  {
    rule: "S1",
    description:
      "of reactor.v1 and reactor.v1.deflate the one that is offered first is chosen, else the legacy dialect",
    async run(hub) {
      const v1 = await hub.upgrade({}, { "Sec-WebSocket-Protocol": "other, reactor.v1, more" });
      expectEqual("an upgrade", [v1.status, v1.headers.get("Sec-WebSocket-Protocol")], [101, "reactor.v1"]);
      for (const [offered, chosen] of [
        ["reactor.v1.deflate, reactor.v1", "reactor.v1.deflate"],
        ["reactor.v1, reactor.v1.deflate", "reactor.v1"],
        ["other, reactor.v1.deflate", "reactor.v1.deflate"],
      ] as const) {
        const { headers } = await hub.upgrade({}, { "Sec-WebSocket-Protocol": offered });
        expectEqual(`what is chosen of ${offered}`, headers.get("Sec-WebSocket-Protocol"), chosen);
      }
      const old = await hub.upgrade({});
      expectEqual("an upgrade without", [old.status, old.headers.get("Sec-WebSocket-Protocol")], [101, null]);
      const listeners = [await hub.listen(), await hub.listen({}, [])];
      await hub.emit({ type: "t" });
      const types = await Promise.all(listeners.map(async ({ socket }) => (await socket.frame()).type));
      expectEqual("how an event comes", types, ["reactor_events", "t"]);
    },
  },
  {
    rule: "S2",
    description: "ping is answered pong, in both dialects (that it wakes no hub is not visible)",
    async run(hub) {
      for (const { socket } of [await hub.listen(), await hub.listen({}, [])]) {
        socket.send("ping");
        expectEqual("the answer", await socket.text(), "pong");
      }
    },
  },
  {
    rule: "S3",
    description:
      "a subscriber receives the events that match one of its patterns, and no others; without patterns, all",
    async run(hub) {
      const types = ["news_a", "news", "a.b", "a.c", "b", "xnews_a", "*"].slice(0, 6);
      const sets: Record<string, string[]> = {
        "": types,
        "news_*,b": ["news_a", "b"],
        "*news*": ["news_a", "news", "xnews_a"],
        "a.*": ["a.b", "a.c"],
        "*": types,
      };
      const subscribers = [];
      for (const [events, expected] of Object.entries(sets)) {
        const { socket } = await hub.listen(events === "" ? {} : { events: `${events},end` });
        subscribers.push({ socket, events, expected: [...expected, "end"] });
      }
      await hub.emit([...types, "end"].map((type) => ({ type })));
      for (const { socket, events, expected } of subscribers) {
        const got = (await socket.events(expected.length)).map(({ type }: Json) => type);
        expectEqual(`what events=${events} receives`, got, expected);
      }
    },
  },
  {
    rule: "S7",
    description: "a request without Upgrade is answered 426",
    async run(hub) {
      expectRefusal(await hub.ask("GET", "/ws/stream"), { status: 426, code: "upgrade_required" });
    },
  },
  {
    rule: "S8",
    description: "too many, malformed or too large sets of patterns are refused, and patterns of more than four stars",
    async run(hub) {
      const wide = count(1, 64).map((n) => `${n}${"x".repeat(125)}`.slice(0, 126));
      expectTrue("64 patterns to be taken", (await hub.upgrade({ events: count(1, 64).join() })).status === 101, 64);
      const bad = [
        count(1, 65).join(),
        "a\tb",
        "x".repeat(257),
        "é".repeat(129),
        `${wide.map((name) => `${name}**`).join()}`,
        "*a*b*c*d*",
      ];
      expectTrue("4 stars to be taken", (await hub.upgrade({ events: "*a*b*c*" })).status === 101, "*a*b*c*");
      for (const events of bad) expectRefusal(await hub.upgrade({ events }), { status: 400, code: "bad_pattern" });
      const types = ["Order Completed", "https://example.org/ns#Create", "überprüft"];
      const { socket: listening } = await hub.listen({ events: `Order *,${types.slice(1).join()}` });
      await hub.emit(["order completed", ...types].map((type) => ({ type })));
      expectLike(
        "events of such types",
        await listening.events(3),
        types.map((type) => ({ type })),
      );
      const { socket } = await hub.listen();
      for (const events of [...bad.map((set) => set.split(",")), [""], [1], "a"]) {
        socket.send({ type: "subscribe", data: { events } });
        expectLike("an answer", await socket.frame(), { type: "reactor_error", data: { code: "bad_pattern" } });
      }
    },
  },
  {
    rule: "S10",
    description: "an invalid cursor is refused",
    async run(hub) {
      for (const cursor of NO_CURSORS)
        expectRefusal(await hub.upgrade({ cursor }), { status: 400, code: "bad_cursor" });
    },
  },
  {
    rule: "S11",
    description:
      "last=N begins with the newest N that match, behind the welcome's cursor, and continues with what is appended",
    async run(hub) {
      await hub.emit(count(1, 60).map((n) => ({ type: n % 2 ? "odd" : "even" })));
      for (const [query, cursor, seqs] of [
        [{ last: 5 }, 55, count(56, 60)],
        [{ last: 5, events: "even" }, 51, [52, 54, 56, 58, 60]],
        [{ last: 1_000 }, 0, count(1, 60)],
        [{ last: 5, events: "none" }, 60, []],
      ] as const) {
        const asked = JSON.stringify(query);
        const { socket, welcome } = await hub.listen(query);
        expectEqual(`recovered with ${asked}`, welcome.recovered, null);
        expectEqual(`the welcome's position with ${asked}`, seqOf(welcome.cursor), cursor);
        const reader = new RangeReader(welcome.cursor);
        await readToAnswer(socket, reader);
        const got = reader.received.map(({ seq }) => seq);
        expectEqual(`the seqs with ${asked}`, got, seqs);
      }
      for (let tries = 0; tries < 5; tries++) await expectNoSeam(hub, ["reactor.v1"]);
      const { cursor } = await hub.emit({ type: "t" });
      for (const last of ["0", "1001", "x"]) await expectRefusedQuery(hub, { last }, "bad_limit");
      await expectRefusedQuery(hub, { last: 1, cursor }, "conflicting_parameters");
    },
  },
  {
    rule: "S12",
    description:
      "an invalid query is told to a socket of v1, which is closed with 4500; a legacy upgrade is refused by 400",
    async run(hub) {
      await expectRefusedQuery(hub, { chanel: "x" }, "unknown_parameter");
      await expectRefusedQuery(hub, { channel: "N O" }, "bad_channel");
      await expectRefusedQuery(hub, { events: "a\tb" }, "bad_pattern");
      await expectRefusedQuery(hub, { cursor: "no" }, "bad_cursor");
    },
  },
  {
    rule: "S13",
    description: "patterns may be offered as a subprotocol, and join those of the query",
    async run(hub) {
      const offered = (text: string) => `reactor.events.${Buffer.from(text).toString("base64url")}`;
      const { socket } = await hub.listen({ events: "a" }, ["reactor.v1", offered("Order *,日本")]);
      const types = ["a", "Order Completed", "日本"];
      await hub.emit(["b", ...types].map((type) => ({ type })));
      expectLike(
        "the events",
        await socket.events(3),
        types.map((type) => ({ type })),
      );
      const bad = await hub.socket({}, ["reactor.v1", offered("a\tb")]);
      expectLike("the first frame", await bad.frame(), {
        type: "reactor_error",
        data: { code: "bad_pattern", close: 4500 },
      });
      await expectClosed(bad, 4500);
    },
  },
  {
    rule: "S9",
    description:
      "an upgrade from a foreign origin is refused, its v1 socket accepted and closed with 4503; one without is accepted",
    async run(hub) {
      for (const protocols of [["reactor.v1"], []]) {
        const dialect: Record<string, string> = protocols[0] ? { "Sec-WebSocket-Protocol": protocols[0] } : {};
        for (const Origin of hub.foreignOrigins) {
          const reply = await hub.upgrade({}, { Origin, ...dialect });
          // Pages cannot see the status of a refusal: their socket is accepted, and closed with a reason.
          if (protocols.length === 0) expectRefusal(reply, { status: 403, code: "foreign_origin" });
          else await expectClosed(await hub.socket({}, protocols, { Origin }), 4503);
        }
        for (const headers of [{}, { Origin: hub.origin }]) {
          const { status } = await hub.upgrade({}, { ...headers, ...dialect });
          expectEqual(`the answer ${headers.Origin ? "to its own pages" : "without Origin"}`, status, 101);
        }
      }
    },
  },
];
