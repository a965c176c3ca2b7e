import { expect, it } from "vitest";
import { HubInMemory } from "../doubles/hub-in-memory.ts";

it("[A4] closes ghosts, forgets them, and says that they have gone; nothing that they were sent keeps them", () => {
  const hub = new HubInMemory();
  const gone: unknown[] = [];
  hub.broker.reactor.on("websocket_disconnected", ({ client_id }) => void gone.push(client_id));
  const [silent, pings, talks, takes] = ["silent", "pings", "talks", "takes"].map((clientId) => hub.join({ clientId }));
  if (!silent || !pings || !talks || !takes) return expect.fail();
  takes.bufferedAmount = 500;
  const reap = () => {
    hub.pings.set(pings, hub.at.ms);
    hub.broker.care.reapGhosts(hub.at.ms);
  };
  reap();
  hub.pass(60_000);
  hub.emit(1);
  hub.say(talks, "hello?");
  hub.evict();
  hub.broker.reactor.on("websocket_disconnected", ({ client_id }) => void gone.push(client_id));
  reap();
  takes.bufferedAmount = 400;
  hub.pass(31_000);
  reap();
  expect([silent, pings, talks, takes].map(({ closed }) => closed?.code)).toEqual([
    4408,
    undefined,
    undefined,
    undefined,
  ]);
  expect([gone, hub.broker.readers.count]).toEqual([["silent"], 3]);
});

it("[T20] tells a reader a minute before its token ends, and closes it at the end, also over a sleep", () => {
  const hub = new HubInMemory();
  const socket = hub.join({ expiresMs: hub.at.ms + 200_000 });
  const old = hub.join({ expiresMs: hub.at.ms + 200_000, dialect: "old" });
  hub.broker.care.expire(hub.at.ms);
  expect(socket.frames()).toHaveLength(1);
  hub.pass(140_000);
  hub.evict();
  hub.broker.care.expire(hub.at.ms);
  hub.broker.care.expire(hub.at.ms);
  expect(socket.frames().slice(1)).toMatchObject([{ type: "reactor_error", data: { code: "token_expiring" } }]);
  hub.evict();
  expect(hub.broker.readers.expiry.nextMs).toBe(201_000);
  hub.pass(60_000);
  hub.broker.care.expire(hub.at.ms);
  expect([socket.closed?.code, old.closed?.code]).toEqual([4401, 4401]);
  expect(hub.broker.readers.expiry.nextMs).toBeNull();
});
