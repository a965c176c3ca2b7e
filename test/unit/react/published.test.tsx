import { renderToString } from "react-dom/server";
import { expect, it } from "vitest";
import { Published, usePublished } from "../../../src/react/published.ts";

/** What happens after the frame that is handed on now. */
const afterFrame = () => Promise.resolve();

function Shown({ number }: { number: Published<number> }) {
  return <p>{usePublished(number)}</p>;
}

it("[U4] tells many changes of one frame once, when it is done, and none of them too early", async () => {
  const list = new Published<readonly number[]>([]);
  const told: unknown[] = [];
  list.subscribe(() => told.push(list.read()));
  for (const n of [1, 2, 3]) list.change((before) => [...before, n]);
  expect([list.read(), told]).toEqual([[], []]);
  await afterFrame();
  expect([list.read(), told]).toEqual([[1, 2, 3], [[1, 2, 3]]]);
  list.change((before) => [...before, 4]);
  await afterFrame();
  expect(told).toEqual([
    [1, 2, 3],
    [1, 2, 3, 4],
  ]);
});

it("[U4] gives the same value until another is told", async () => {
  const list = new Published<readonly number[]>([]);
  const first = list.read();
  list.change((before) => [...before, 1]);
  expect(list.read()).toBe(first);
  await afterFrame();
  const second = list.read();
  expect(second).not.toBe(first);
  expect([list.read(), list.readFirst(), first]).toEqual([second, first, []]);
  expect(list.read()).toBe(second);
});

it("[U4] tells nobody of what changes nothing, and nobody after the undo", async () => {
  const number = new Published(1);
  const told: unknown[] = [];
  const undo = number.subscribe(() => told.push(number.read()));
  number.change((same) => same);
  number.change((same) => same);
  await afterFrame();
  number.change(() => 2);
  undo();
  await afterFrame();
  expect([told, number.read()]).toEqual([[], 2]);
});

it("renders the first value on a server", async () => {
  const number = new Published(1);
  number.change(() => 2);
  await afterFrame();
  expect(renderToString(<Shown number={number} />)).toBe("<p>1</p>");
});
