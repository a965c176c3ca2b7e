// H25, H26: what an operator is told of the connections of a channel.
import type { Check } from "./check.ts";
import { expectRefusal, type HubUnderTest } from "./hub-under-test.ts";
import { expectEqual, expectLike, expectTrue, type Json } from "./mismatch.ts";

const ask = (hub: HubUnderTest, credential: string | null = hub.key, query = {}) =>
  hub.ask(
    "GET",
    "/api/connections",
    credential === null ? {} : { headers: { Authorization: `Bearer ${credential}` } },
    query,
  );

/** All objects of the channel together. */
async function connectionsOf(hub: HubUnderTest): Promise<Json> {
  const { status, body } = await ask(hub);
  expectEqual("the status with the key", status, 200);
  expectTrue("an object", Array.isArray(body.objects) && body.objects.length > 0, body.objects);
  return body;
}

/** The sum over all objects of what is counted. */
function sumOf({ objects }: Json, counted: (object: Json) => number | undefined): number {
  return objects.reduce((sum: number, object: Json) => sum + (counted(object) ?? 0), 0);
}

export const COUNT_CHECKS: readonly Check[] = [
  {
    rule: "H25",
    description: "an operator is told of the sockets of a channel by kind, how far they are behind, and the slowest",
    async run(hub) {
      expectRefusal(await hub.ask("GET", "/api/connections", { headers: { Authorization: "" } }), {
        status: 401,
        code: "unauthorized",
      });
      expectRefusal(await ask(hub, hub.key, { events: "a" }), { status: 400, code: "unknown_parameter" });
      const v1 = await hub.listen();
      const legacy = await hub.listen({}, []);
      const { cursor } = await hub.emit({ type: "t" });
      await v1.socket.frame();
      await legacy.socket.frame();
      const body = await connectionsOf(hub);
      expectLike("the answer", body, { channel: hub.channel, cursor });
      const kinds = body.objects.flatMap(({ connections }: Json) => connections);
      const count = (dialect: string) =>
        kinds.filter((kind: Json) => kind.dialect === dialect && kind.state === "live").map((kind: Json) => kind.count);
      expectEqual("live sockets of v1", count("v1"), [1]);
      expectEqual("live legacy sockets", count("legacy"), [1]);
      const behind = (object: Json) => object.lag.reduce((sum: number, each: Json) => sum + each.count, 0);
      expectEqual("sockets in the buckets of lag", sumOf(body, behind), 2);
      const slowest: Json[] = body.objects.flatMap((object: Json) => object.slowest);
      const own = slowest.find(({ client_id }) => client_id === v1.welcome.client_id);
      expectLike("what is said of a socket", own, { dialect: "v1", encoding: "text", state: "live", lag_events: 0 });
    },
  },
  {
    rule: "H26",
    description: "what is counted is each opening, refusal, reset, replay and delivery, once",
    async run(hub) {
      const { cursor } = await hub.emit([{ type: "t" }, { type: "t" }, { type: "t" }]);
      const [epoch] = cursor.split(".");
      const { socket } = await hub.listen();
      const replayed = await hub.listen({ cursor: `${epoch}.1` });
      await replayed.socket.events(2);
      await (await hub.listen({ cursor: `${epoch}.99` })).socket.frame();
      socket.send("hello?");
      await socket.frame();
      const body = await connectionsOf(hub);
      expectEqual(
        "sockets opened",
        sumOf(body, ({ opened_total }) => opened_total.v1),
        3,
      );
      expectEqual(
        "unknown messages",
        sumOf(body, ({ refusals_total }) => refusals_total.unknown_message),
        1,
      );
      expectEqual(
        "resets",
        sumOf(body, ({ resets_total }) => resets_total.ahead),
        1,
      );
      expectEqual(
        "replays",
        sumOf(body, ({ replays_total }) => replays_total),
        1,
      );
      expectEqual(
        "deliveries",
        sumOf(body, ({ deliveries_total }) => deliveries_total),
        2,
      );
      expectEqual("deliveries in /ws/stats", (await hub.stats()).ws_deliveries_total, 2);
    },
  },
];
