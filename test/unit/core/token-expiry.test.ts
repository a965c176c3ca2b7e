import { expect, it } from "vitest";
import { Expiry, warnAt } from "../../../src/core/fanout/token-expiry.ts";
import { HubInMemory } from "../../support/hub-in-memory.ts";
import { subscriberOf } from "../../support/reader.ts";

it("[T15] is next due for a warning, or for the expiry of a token after its warning", () => {
  const expiry = new Expiry<string>();
  expect(expiry.nextMs).toBeNull();
  expiry.note("a", subscriberOf({ expiresMs: 200_000, warnMs: 140_000 }));
  expiry.note("b", subscriberOf({ expiresMs: 150_000 }));
  expiry.note("c", subscriberOf({ expiresMs: 145_000 }));
  expiry.note("never", subscriberOf());
  expect(expiry.nextMs).toBe(140_000);
  expect(expiry.due(140_000)).toEqual([["a", false]]);
  expect(expiry.due(139_999)).toEqual([]);
  expiry.note("a", subscriberOf({ expiresMs: 200_000 }));
  expect(expiry.nextMs).toBe(145_000);
  expiry.forget("c");
  expect(expiry.nextMs).toBe(150_000);
  expect(expiry.due(200_000)).toEqual([
    ["b", true],
    ["a", true],
  ]);
});

it("[T15] warns a minute before the expiry, or after half of the remaining time if that is less", () => {
  expect([warnAt(null, 0), warnAt(600_000, 0), warnAt(30_000, 0)]).toEqual([null, 540_000, 15_000]);
});

it("[T15] ignores messages of a socket whose token has expired, also if no alarm fired", () => {
  const hub = new HubInMemory();
  const socket = hub.join({ expiresMs: hub.at.ms + 1_000 });
  hub.pass(1_000);
  hub.send(socket, { type: "subscribe", data: { events: [] } });
  expect(socket.closed?.code).toBe(4401);
});

it("[T15] warns a socket once, also where the end of another one's token is announced in the same turn", () => {
  const hub = new HubInMemory(undefined, { announces: true });
  hub.join({ expiresMs: hub.at.ms + 20_000 });
  hub.pass(10_000);
  hub.broker.maintenance.ring(hub.at.ms);
  const socket = hub.join({ expiresMs: hub.at.ms + 20_000 });
  hub.pass(10_000);
  hub.broker.maintenance.ring(hub.at.ms);
  expect(socket.frames().filter(({ data }) => data?.code === "token_expiring")).toHaveLength(1);
});
