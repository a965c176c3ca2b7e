import { expect, it } from "vitest";
import type { Json } from "../../../../src/client/index.ts";
import { jsonLines } from "../../../../src/dashboard/feed/event/json-lines.ts";

const text = (data: Json, isOpen: (container: object, depth: number) => boolean = () => true, most = 1_000) =>
  jsonLines(data, isOpen, most).lines.map(
    ({ depth, name, text, hasComma }) =>
      `${"  ".repeat(depth)}${name === null ? "" : `${name}: `}${text}${hasComma ? "," : ""}`,
  );

it.each([{ a: 1, b: [true, null, "x"], c: {}, d: [], 'e"f': { g: [[1], 2] } }, [], "text", null, -1.5e300, [[[]], {}]])(
  "[D10] formats %j as JSON.stringify does",
  (data) => {
    expect(text(data as Json).join("\n")).toBe(JSON.stringify(data, null, 2));
  },
);

it("[D10] folds", () => {
  expect(text({ a: [1, 2], b: 3 }, (_, depth) => depth === 0)).toEqual(["{", '  "a": […],', '  "b": 3', "}"]);
  const [line] = jsonLines([1, 2], () => false, 10).lines;
  expect(line).toMatchObject({ text: "[…]", isOpen: false, items: 2, container: [1, 2] });
});

it("[D10] shows so many lines at most, and the beginning of a long text", () => {
  const { lines, isAll } = jsonLines(
    Array.from({ length: 50_000 }, (_, n) => n),
    () => true,
    100,
  );
  expect([lines.length, isAll]).toEqual([100, false]);
  expect(jsonLines("x".repeat(5_000), () => true, 100).lines[0]).toMatchObject({ hidden: 3_002 });
});

it("[D10] walks data that is deeper than a stack", () => {
  let deep: Json = 1;
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];
  const { lines, isAll } = jsonLines(deep, () => true, 1_000_000);
  expect([lines.length, isAll]).toEqual([200_001, true]);
});
