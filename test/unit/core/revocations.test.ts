import { expect, it } from "vitest";
import { REVOKED, Revocations } from "../../../src/core/access/revocations.ts";
import type { Rights } from "../../../src/core/access/rights.ts";
import { ok } from "../../../src/wire/problem.ts";
import { HubInMemory, settled } from "../../support/hub-in-memory.ts";
import { StoreInMemory } from "../../support/store-in-memory.ts";

const YEAR_MS = 366 * 24 * 3_600_000;
const ofAda = (beforeMs: number, untilMs = YEAR_MS) => ({ sub: "ada", beforeMs, untilMs });

it("[V1] revokes the tokens of a sub that were issued before a time, and those without a time", () => {
  const revocations = new Revocations(new StoreInMemory());
  revocations.add(ofAda(5_000), 1_000);
  const isRevoked = (sub: string | null, issuedMs?: number) => revocations.isRevoked({ sub, issuedMs }, 2_000);
  expect([isRevoked("ada", 4_999), isRevoked("ada", 5_000), isRevoked("ada")]).toEqual([true, false, true]);
  expect([isRevoked("ben", 4_999), isRevoked(null, 4_999), isRevoked("ad")]).toEqual([false, false, false]);
});

it("[V1] revokes one token by its jti, whatever its sub", () => {
  const revocations = new Revocations(new StoreInMemory());
  revocations.add({ jti: "t1", untilMs: YEAR_MS }, 1_000);
  expect(revocations.isRevoked({ sub: "ada", jti: "t1", issuedMs: 9_999 }, 2_000)).toBe(true);
  expect(revocations.isRevoked({ sub: null, jti: "t1" }, 2_000)).toBe(true);
  expect(revocations.isRevoked({ sub: "ada", jti: "t2" }, 2_000)).toBe(false);
  expect(revocations.isRevoked({ sub: "t1" }, 2_000)).toBe(false);
});

it("[V4] keeps a revocation until its end, through the loss of memory, and deletes it with a later one", () => {
  const store = new StoreInMemory();
  new Revocations(store).add(ofAda(5_000, 9_000), 1_000);
  const revocations = new Revocations(store);
  expect(revocations.isRevoked({ sub: "ada" }, 8_999)).toBe(true);
  expect(revocations.isRevoked({ sub: "ada" }, 9_000)).toBe(false);
  expect(revocations.add({ jti: "t1", untilMs: YEAR_MS }, 9_000)).toEqual(ok(2));
  expect([...store.values("revoked/")].map(([key]) => key)).toEqual(["revoked/jti/t1"]);
});

it("[V4] extends a revocation, and never shortens it", () => {
  const store = new StoreInMemory();
  const revocations = new Revocations(store);
  expect(revocations.add(ofAda(5_000, 9_000), 1_000)).toEqual(ok(1));
  expect(revocations.add(ofAda(5_000, 9_000), 1_000)).toEqual(ok(0));
  expect(revocations.add(ofAda(4_000, 8_000), 1_000)).toEqual(ok(0));
  expect(revocations.add(ofAda(6_000, 8_000), 1_000)).toEqual(ok(1));
  expect(revocations.isRevoked({ sub: "ada", issuedMs: 5_500 }, 8_500)).toBe(true);
});

it("[V5] keeps as many as it may, and refuses one more; one that is known may still be extended", () => {
  const store = new StoreInMemory();
  const revocations = new Revocations(store, 2);
  revocations.add({ jti: "t1", untilMs: 5_000 }, 1_000);
  revocations.add(ofAda(1_000), 1_000);
  expect(revocations.add({ jti: "t2", untilMs: YEAR_MS }, 4_999)).toMatchObject({
    problem: { code: "too_many_revocations" },
  });
  expect(revocations.isRevoked({ sub: null, jti: "t2" }, 4_999)).toBe(false);
  expect(revocations.add(ofAda(4_000), 4_999)).toEqual(ok(1));
  expect(revocations.add({ jti: "t2", untilMs: YEAR_MS }, 5_000)).toEqual(ok(2));
});

it("[V2] closes the sockets of revoked tokens in the same turn, live and catching up, in both dialects, and no others", () => {
  const hub = new HubInMemory();
  hub.emit(1);
  const over = [
    hub.join({ sub: "ada", issuedMs: 500 }),
    hub.join({ sub: "ada" }),
    hub.join({ sub: "ada", dialect: "legacy" }),
    hub.join({ sub: "ada", issuedMs: 999, cursor: { epoch: "abc", seq: 0 } }),
  ];
  const stay = [hub.join({ sub: "ada", issuedMs: 1_000 }), hub.join({ sub: "ben" }), hub.join()];
  expect(hub.broker.revoke(ofAda(1_000))).toEqual(ok({ closed: 4 }));
  for (const socket of over) expect(socket.closed).toEqual({ code: 4401, reason: REVOKED });
  for (const socket of stay) expect(socket.closed).toBeUndefined();
  expect(over[0]?.frames().at(-1)).toMatchObject({ data: { code: "unauthorized", close: 4401 } });
  expect(hub.broker.revoke(ofAda(1_000))).toEqual(ok({ closed: 0 }));
  expect(hub.broker.subscribers.count).toBe(3);
});

it("[V2] closes the socket of a revoked token whose close was lost with the hub's memory", () => {
  const hub = new HubInMemory();
  const socket = hub.join({ sub: "ada", issuedMs: 500 });
  new Revocations(hub.values).add(ofAda(1_000), 1_000);
  hub.evict();
  hub.broker.closeRevoked();
  expect(socket.closed?.code).toBe(4401);
});

it("[V3] admits no socket with a revoked token", () => {
  const hub = new HubInMemory();
  hub.broker.revoke(ofAda(1_000));
  expect(hub.broker.admit({ address: null, sub: "ada", issuedMs: 999 })).toMatchObject({
    problem: { code: "unauthorized" },
  });
  expect(hub.broker.admit({ address: null, sub: "ada", issuedMs: 1_000 }).ok).toBe(true);
});

it("[V3] [T16] closes a socket that presents a revoked token, and forgets the old one once it has a fresh one", async () => {
  const hub = new HubInMemory();
  const ada: Rights = { sub: "ada", hear: null, emit: [], expiresMs: null };
  hub.tokens.set("old", ok({ ...ada, issuedMs: 500 }));
  hub.tokens.set("fresh", ok({ ...ada, issuedMs: 5_000, jti: "t5" }));
  const [stays, goes] = [hub.join({ sub: "ada", issuedMs: 500 }), hub.join({ sub: "ada", issuedMs: 2_000 })];
  hub.send(stays, { type: "auth", data: { token: "fresh" } });
  await settled();
  hub.broker.revoke(ofAda(1_000));
  expect(stays.closed).toBeUndefined();
  hub.send(goes, { type: "auth", data: { token: "old" } });
  await settled();
  expect(goes.closed?.code).toBe(4401);
  expect(hub.attachments.get(stays)).toMatchObject({ issuedMs: 5_000, jti: "t5" });
  hub.broker.revoke({ jti: "t5", untilMs: YEAR_MS });
  expect(stays.closed?.code).toBe(4401);
});

it("[V5] [L1] answers log_unavailable where storage fails, and closes no socket", () => {
  const hub = new HubInMemory();
  const socket = hub.join({ sub: "ada" });
  hub.values.setValue = () => {
    throw new Error("The disk is full.");
  };
  expect(hub.broker.revoke(ofAda(1_000))).toMatchObject({ problem: { code: "log_unavailable" } });
  expect(socket.closed).toBeUndefined();
  expect(hub.reports).toHaveLength(1);
});
