import { renderToString } from "react-dom/server";
import { expect, it } from "vitest";
import { Snapshot, useSnapshot } from "../../../src/react/snapshot.ts";

/** What happens after the frame that is handed on now. */
const afterFrame = () => Promise.resolve();

function Shown({ number }: { number: Snapshot<number> }) {
  return <p>{useSnapshot(number)}</p>;
}

it("[U4] tells many changes of one frame once, when it is done, and none of them too early", async () => {
  const list = new Snapshot<readonly number[]>([]);
  const told: unknown[] = [];
  list.subscribe(() => told.push(list.read()));
  for (const n of [1, 2, 3]) list.update((before) => [...before, n]);
  expect([list.read(), told]).toEqual([[], []]);
  await afterFrame();
  expect([list.read(), told]).toEqual([[1, 2, 3], [[1, 2, 3]]]);
  list.update((before) => [...before, 4]);
  await afterFrame();
  expect(told).toEqual([
    [1, 2, 3],
    [1, 2, 3, 4],
  ]);
});

it("[U4] gives the same value until another is told", async () => {
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

it("[U4] tells nobody of what changes nothing, and nobody after the undo", async () => {
  const number = new Snapshot(1);
  const told: unknown[] = [];
  const undo = number.subscribe(() => told.push(number.read()));
  number.update((same) => same);
  number.update((same) => same);
  await afterFrame();
  number.update(() => 2);
  undo();
  await afterFrame();
  expect([told, number.read()]).toEqual([[], 2]);
});

it("renders the first value on a server", async () => {
  const number = new Snapshot(1);
  number.update(() => 2);
  await afterFrame();
  expect(renderToString(<Shown number={number} />)).toBe("<p>1</p>");
});
