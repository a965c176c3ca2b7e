import { expect, it } from "vitest";
import { HubInMemory } from "../../support/hub-in-memory.ts";

it("[A3] closes a socket that pinged and then was silent, removes it, and announces that it is gone", () => {
  const hub = new HubInMemory();
  const gone: unknown[] = [];
  const clients = ["silent", "pings", "talks", "takes"].map((clientId) => hub.join({ clientId }));
  const [silent, pings, talks, takes] = clients;
  if (!silent || !pings || !talks || !takes) return expect.fail();
  for (const socket of clients) hub.pings.set(socket, hub.at.ms);
  takes.bufferedAmount = 500;
  const reap = () => {
    hub.pings.set(pings, hub.at.ms);
    hub.broker.sweep.closeIdle(hub.at.ms);
  };
  reap();
  hub.pass(60_000);
  hub.emit(1); // being sent to does not keep a socket
  hub.send(talks, "hello?");
  hub.evict();
  hub.broker.bus.on("websocket_disconnected", ({ client_id }) => void gone.push(client_id));
  reap();
  takes.bufferedAmount = 400;
  hub.pass(31_000);
  reap();
  expect(clients.map(({ closed }) => closed?.code)).toEqual([4408, undefined, undefined, undefined]);
  expect([gone, hub.broker.subscribers.count]).toEqual([["silent"], 3]);
});

it.each(["v1", "legacy"] as const)(
  "[A3] keeps a %s socket that never sends a ping and reads everything, for hours",
  (dialect) => {
    const hub = new HubInMemory();
    const plain = hub.join({ dialect });
    for (let minute = 0; minute < 300; minute++) {
      hub.emit(1);
      hub.pass(60_000);
      hub.broker.sweep.closeIdle(hub.at.ms);
      if (minute % 10 === 0) hub.evict();
    }
    expect([plain.closed, hub.broker.subscribers.count]).toEqual([undefined, 1]);
  },
);

it("[A3] closes a socket that never sent a ping once its send buffer has not drained for 5 minutes", () => {
  const hub = new HubInMemory();
  const [stuck, lagging] = [hub.join(), hub.join()];
  for (let minute = 0; minute <= 12; minute++) {
    stuck.bufferedAmount = 1_000 + minute;
    lagging.bufferedAmount = 50_000 - (minute % 4 === 0 ? minute * 1_000 : 0);
    hub.broker.sweep.closeIdle(hub.at.ms);
    if (minute === 5) expect(stuck.closed).toBeUndefined();
    hub.pass(60_000);
  }
  expect([stuck.closed?.code, lagging.closed?.code]).toEqual([4408, undefined]);
});

it("[T15] warns a subscriber a minute before its token expires, and closes it at the expiry, also across hibernation", () => {
  const hub = new HubInMemory();
  const socket = hub.join({ expiresMs: hub.at.ms + 200_000 });
  const old = hub.join({ expiresMs: hub.at.ms + 200_000, dialect: "legacy" });
  hub.broker.subscribers.expire(hub.at.ms + 5_000);
  expect(socket.frames()).toHaveLength(1);
  hub.pass(140_000);
  hub.evict();
  hub.broker.subscribers.expire(hub.at.ms + 5_000);
  hub.broker.subscribers.expire(hub.at.ms + 5_000);
  expect(socket.frames().slice(1)).toMatchObject([{ type: "reactor_error", data: { code: "token_expiring" } }]);
  hub.evict();
  expect(hub.broker.subscribers.expiry.nextMs).toBe(201_000);
  hub.pass(60_000);
  hub.broker.subscribers.expire(hub.at.ms + 5_000);
  expect([socket.closed?.code, old.closed?.code]).toEqual([4401, 4401]);
  expect(old.frames().map(({ type }) => type)).toEqual(["reactor_connected"]); // legacy is not warned
  expect(hub.broker.subscribers.expiry.nextMs).toBeNull();
});

it("[T15] sends nothing to a socket whose token has expired, however late the alarm is", () => {
  const hub = new HubInMemory(undefined, { announces: true });
  const endsMs = hub.at.ms + 10_000;
  const sockets = [hub.join({ expiresMs: endsMs }), hub.join({ expiresMs: endsMs, dialect: "legacy" })];
  const acts = [
    () => hub.emit(1),
    () => hub.broker.beat(),
    () => hub.broker.subscribers.fanout.progress(hub.log.cursor.seq),
    () => hub.join({ clientId: "other" }), // is announced
  ];
  hub.pass(9_000);
  hub.emit(1); // still within their rights
  const before = sockets.map(({ sent }) => sent.length);
  hub.at = { ...hub.at, ms: endsMs };
  for (const act of acts) act();
  expect(sockets.map(({ closed }) => closed?.code)).toEqual([4401, 4401]);
  const sentSince = sockets.map(({ sent }, index) => sent.slice(before[index]));
  expect(sentSince[1]).toEqual([]);
  expect(sentSince[0]?.map((text) => JSON.parse(text).data)).toMatchObject([{ code: "unauthorized", close: 4401 }]);
});

it("[T15] sends nothing of a delayed flush to a socket whose token expired meanwhile", () => {
  const hub = new HubInMemory(undefined, { costOf: () => 400 });
  const socket = hub.join({ expiresMs: hub.at.ms + 20 });
  hub.emit(1);
  hub.emit(1); // delayed by the pause
  hub.pass(100);
  const seqs = socket.frames().flatMap(({ events }) => (events ?? []).map(({ seq }: { seq: number }) => seq));
  expect([seqs, socket.closed?.code]).toEqual([[1], 4401]);
});

it("[T15] does not welcome a socket whose token expired while it waited", () => {
  const hub = new HubInMemory();
  const late = hub.join({ expiresMs: hub.at.ms });
  expect(late.frames()).toMatchObject([{ type: "reactor_error", data: { code: "unauthorized", close: 4401 } }]);
  expect([late.closed?.code, hub.broker.subscribers.count]).toEqual([4401, 0]);
});

it("[F10] announces a close in a frame, with code and reason, and cuts a long reason to the size of a close frame", () => {
  const hub = new HubInMemory();
  const [v1, old] = [hub.join(), hub.join({ dialect: "legacy" })];
  const reason = "é".repeat(100);
  for (const socket of [v1, old]) hub.broker.subscribers.close(socket, "too_slow", reason);
  expect(v1.frames().at(-1)).toEqual({
    type: "reactor_error",
    data: { code: "too_slow", message: reason, ref: null, close: 4408 },
  });
  expect([old.frames().length, v1.closed, old.closed]).toEqual([
    1,
    { code: 4408, reason: "é".repeat(61) },
    { code: 4408, reason: "é".repeat(61) },
  ]);
});
