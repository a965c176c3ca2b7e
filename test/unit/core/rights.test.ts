import { expect, it } from "vitest";
import {
  checkEmit,
  EVERYTHING,
  LISTENING,
  MAX_SUB_BYTES,
  mayHear,
  maySpeak,
  type Rights,
  senderOf,
} from "../../../src/core/access/rights.ts";
import { parseDraft } from "../../../src/wire/draft.ts";
import { draftOf } from "../../support/drafts.ts";
import { HubInMemory } from "../../support/hub-in-memory.ts";

const ADA: Rights = { sub: "ada", hear: ["news_*", "a"], emit: ["chat_*"], expiresMs: 1 };
const NOTHING: Rights = { ...ADA, hear: [], emit: [] };

it("[T2] lets a client with a key receive and emit everything, with any source", () => {
  expect([mayHear(EVERYTHING, "x"), maySpeak(EVERYTHING), checkEmit(EVERYTHING, ["x"]).ok]).toEqual([true, true, true]);
  expect(senderOf(EVERYTHING)).toBeUndefined();
});

it("[T1] lets anonymous clients receive everything where they may read, and emit nothing", () => {
  expect([mayHear(LISTENING, "x"), maySpeak(LISTENING), checkEmit(LISTENING, ["x"]).ok]).toEqual([true, false, false]);
});

it.each([
  ["news_", true],
  ["news_a", true],
  ["a", true],
  ["news", false],
  ["newsroom", false],
  ["xnews_a", false],
  ["aa", false],
  ["NEWS_a", false],
])("[T4] decides whether %s is received", (type, isReceived) => {
  expect(mayHear(ADA, type)).toBe(isReceived);
  expect(mayHear(NOTHING, type)).toBe(false);
});

it("[T12] names the first of several types that may not be emitted, and its index", () => {
  expect(checkEmit(ADA, ["chat_a", "chat_"])).toEqual({ ok: true, value: undefined });
  expect(checkEmit(ADA, ["chat_a", "chat", "news_a"])).toEqual({
    ok: false,
    problem: { code: "forbidden", detail: 'These rights do not let you emit "chat".', pointer: "/1" },
  });
  expect(checkEmit(ADA, ["chat"])).toMatchObject({ problem: { pointer: "" } });
  expect(maySpeak(NOTHING)).toBe(false);
});

it("[T12] accepts the longest sub that fits a source, and no longer one", () => {
  const draft = (sub: string) => parseDraft({ type: "a", source: 7 }, "", undefined, senderOf({ ...ADA, sub }));
  expect(draft("é".repeat(MAX_SUB_BYTES / 2))).toMatchObject({ ok: true });
  expect(draft("x".repeat(MAX_SUB_BYTES))).toMatchObject({ value: { source: `user:${"x".repeat(MAX_SUB_BYTES)}` } });
  expect(draft("x".repeat(MAX_SUB_BYTES + 1))).toMatchObject({ ok: false });
});

it("[T13] sends a client that catches up, page after page, only what its token may receive", () => {
  const hub = new HubInMemory();
  for (let n = 0; n < 40; n++) hub.emit([draftOf({ type: n % 2 ? "a" : "secret", data: "x".repeat(5_000) })]);
  const socket = hub.join({ sub: "ada", allowed: ["a"], cursor: { epoch: "abc", seq: 0 } });
  const pages = () => socket.frames().filter(({ type }) => type === "reactor_events");
  for (let page = pages().at(-1); page?.more; page = pages().at(-1)) hub.ack(socket, page.cursor);
  const types = pages().flatMap(({ events }) => events.map(({ type }: { type: string }) => type));
  expect(pages().length).toBeGreaterThan(3);
  expect(types).toEqual(Array(20).fill("a"));
});

it.each(["v1", "legacy"] as const)("[T13] holds a socket of %s to its token whatever it subscribes to", (dialect) => {
  const hub = new HubInMemory();
  const socket = hub.join({ sub: "ada", dialect, allowed: ["a"], asked: ["x"] });
  hub.send(socket, { type: "subscribe", data: { events: ["*"] } });
  hub.emit([draftOf({ type: "secret" })]);
  hub.emit([draftOf({ type: "a" })]);
  expect(socket.frames().map(({ type }) => type)).toContain("reactor_subscribed");
  const events = socket.frames().flatMap((frame) => frame.events ?? frame);
  expect(events.filter(({ seq }) => seq !== undefined)).toMatchObject([{ type: "a", seq: 2 }]);
});

it("[T13] sends neither connection events nor the heartbeat to a token that may not receive them", () => {
  const hub = new HubInMemory(undefined, { announces: true });
  const socket = hub.join({ sub: "ada", allowed: ["a"] });
  hub.join({ clientId: "another" });
  hub.broker.beat();
  expect(socket.frames().flatMap(({ events }) => events ?? [])).toEqual([]);
});
