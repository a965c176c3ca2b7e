import { expect, it } from "vitest";
import { closeQuietly } from "../../../src/hub/sockets.ts";

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
