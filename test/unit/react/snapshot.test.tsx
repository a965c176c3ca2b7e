import { renderToString } from "react-dom/server";
import { expect, it, vi } from "vitest";
import { Snapshot, useSnapshot } from "../../../src/react/snapshot.ts";

/** What runs after the current frame is delivered. */
const afterFrame = () => Promise.resolve();

function Shown({ number }: { number: Snapshot<number> }) {
  return <p>{useSnapshot(number)}</p>;
}

it("[U4] notifies once for many changes of one frame, after it, and not earlier", async () => {
  const list = new Snapshot<readonly number[]>([]);
  const notified: unknown[] = [];
  list.subscribe(() => notified.push(list.read()));
  for (const n of [1, 2, 3]) list.update((before) => [...before, n]);
  expect([list.read(), notified]).toEqual([[], []]);
  await afterFrame();
  expect([list.read(), notified]).toEqual([[1, 2, 3], [[1, 2, 3]]]);
  list.update((before) => [...before, 4]);
  await afterFrame();
  expect(notified).toEqual([
    [1, 2, 3],
    [1, 2, 3, 4],
  ]);
});

it("[U4] returns the same value until the next notification", async () => {
  const list = new Snapshot<readonly number[]>([]);
  const first = list.read();
  list.update((before) => [...before, 1]);
  expect(list.read()).toBe(first);
  await afterFrame();
  const second = list.read();
  expect(second).not.toBe(first);
  expect([list.read(), list.readFirst(), first]).toEqual([second, first, []]);
  expect(list.read()).toBe(second);
});

it("[U4] does not notify if nothing changed, nor after the undo", async () => {
  const number = new Snapshot(1);
  const notified: unknown[] = [];
  const undo = number.subscribe(() => notified.push(number.read()));
  number.update((same) => same);
  number.update((same) => same);
  await afterFrame();
  number.update(() => 2);
  undo();
  await afterFrame();
  expect([notified, number.read()]).toEqual([[], 2]);
});

it("[U4] notifies once for each frame that the screen shows, and in a hidden page a few times a second", () => {
  vi.useFakeTimers();
  const frames: (() => void)[] = [];
  vi.stubGlobal("requestAnimationFrame", (run: () => void) => frames.push(run));
  vi.stubGlobal("cancelAnimationFrame", () => frames.splice(0));
  const list = new Snapshot<readonly number[]>([]);
  const notified: unknown[] = [];
  list.subscribe(() => notified.push(list.read()));
  for (const n of [1, 2]) list.update((before) => [...before, n]);
  new Snapshot(1).update(() => 2); // notified by the same callback
  expect([frames.length, notified]).toEqual([1, []]);
  frames.splice(0)[0]?.();
  expect([notified, vi.getTimerCount()]).toEqual([[[1, 2]], 0]);
  list.update((before) => [...before, 3]);
  vi.advanceTimersByTime(250);
  expect([notified.length, list.read(), frames]).toEqual([2, [1, 2, 3], []]);
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it("renders the first value on a server", async () => {
  const number = new Snapshot(1);
  number.update(() => 2);
  await afterFrame();
  expect(renderToString(<Shown number={number} />)).toBe("<p>1</p>");
});
