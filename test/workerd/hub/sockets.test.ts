import { expect, it } from "vitest";
import type { Subscriber } from "../../../src/core/fanout/subscriber.ts";
import { closeQuietly, keepSubscriber, openSockets } from "../../../src/hub/sockets.ts";

function openPair() {
  const { 0: theirs, 1: ours } = new WebSocketPair();
  theirs.accept();
  ours.accept();
  const closed = new Promise<number>((resolve) => theirs.addEventListener("close", ({ code }) => resolve(code)));
  return { ours, closed };
}

it.each([
  [1000, 1000],
  [4001, 4001],
  [1005, 1005], // none was given
  [1006, 1005], // the line broke
  [999, 1005],
  [5000, 1005],
])("[S6] answers a close with %i by one with %i", async (code, answer) => {
  const { ours, closed } = openPair();
  closeQuietly(ours, code, "");
  expect(await closed).toBe(answer);
});

it("[S6] answers a close whose reason is too long", async () => {
  const { ours, closed } = openPair();
  closeQuietly(ours, 1000, "é".repeat(100));
  expect(await closed).toBe(1005);
});

it("ignores a socket that is already closed", () => {
  const { ours } = openPair();
  closeQuietly(ours, 1000, "");
  expect(() => closeQuietly(ours, 1000, "")).not.toThrow();
});

const SUBSCRIBER: Subscriber = {
  clientId: crypto.randomUUID(),
  channel: "c".repeat(128),
  dialect: "v1",
  asked: null,
  allowed: null,
  sub: "日".repeat(83),
  emit: [],
  expiresMs: 1_800_000_000_000,
  warnMs: 1_800_000_000_000,
  address: "2001:db8::1",
  wasHeard: true,
  sentSeq: 1,
  catchUp: null,
  heardMs: 1_800_000_000_000,
};

/** As many patterns of 254 units as take `bytes` of JSON, which in UTF-16 is twice as much. */
const wide = (bytes: number) => Array.from({ length: Math.floor(bytes / 260) }, (_, n) => `日${n}`.padEnd(253, "x"));

it.each([
  ["plain ones", { ...SUBSCRIBER, asked: ["news_*"], emit: ["überprüft"] }],
  ["as many as may be, of letters beyond Latin-1", { ...SUBSCRIBER, asked: wide(8 * 1024), emit: wide(4 * 1024) }],
])("[S8] [S4] keeps patterns in the attachment: %s", (_what, subscriber) => {
  const { ours } = openPair();
  keepSubscriber(ours, subscriber);
  const ctx = { getWebSockets: () => [ours] } as unknown as DurableObjectState;
  expect([...openSockets(ctx, () => {})]).toEqual([[ours, subscriber]]);
});
