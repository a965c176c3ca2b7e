// The judge of chaos finds each kind of fault that it is there for, and none where there is none.
import { expect, test } from "vitest";
import { check, type ReaderRecord, type Told } from "../../../tools/chaos/chaos-check.ts";

const log = ["a", "b", "a", "a/x"].map(
  (type, index): Told => ({
    seq: index + 1,
    source: "s",
    id: `${index + 1}`,
    type,
    data: `{"n":${index}}`,
    timestamp: "2026-11-22T00:00:00.000Z",
  }),
);
const acks = log.map(({ timestamp: _, ...sent }) => sent);
const [first, second, third, fourth] = log as [Told, Told, Told, Told];
const fine = { lost: 0, doubled: 0, outOfOrder: 0, foreign: 0, changed: 0 };

const reader = (told: readonly Told[], patterns: readonly string[] = []): ReaderRecord => ({
  name: "r",
  patterns,
  told,
});
const judge = (told: readonly Told[], patterns?: readonly string[]) => check(acks, log, [reader(told, patterns)]);

test("finds nothing where each reader was told what it asked for, once and in order", () => {
  const readers = [
    reader(log),
    reader([first, third, fourth], ["a*"]),
    reader([second], ["b", "x*"]),
    reader([], ["A"]),
  ];
  expect(check(acks, log, readers)).toEqual({ ...fine, findings: [] });
});

test("finds an event that a reader was not told", () => {
  expect(judge([first, second, fourth])).toEqual({ ...fine, lost: 1, findings: ["lost: 3 (a, s 3) to r"] });
  expect(judge([third, fourth], ["a*"])).toMatchObject({ ...fine, lost: 1 });
});

test("finds an acknowledged event that the log does not have, or has in another place", () => {
  const gone = log.slice(0, 3);
  expect(check(acks, gone, [reader(gone)])).toMatchObject({ ...fine, lost: 1 });
  const elsewhere = acks.map((ack) => (ack.seq === 2 ? { ...ack, seq: 3 } : ack));
  expect(check(elsewhere, log, [reader(log)])).toMatchObject({ ...fine, lost: 1 });
});

test("finds an event that nobody acknowledged, but that the log has and a reader was not told", () => {
  expect(check(acks.slice(0, 3), log, [reader(log.slice(0, 3))])).toMatchObject({ ...fine, lost: 1 });
});

test("finds an event told twice, at once or later", () => {
  expect(judge([first, second, second, third, fourth])).toMatchObject({ ...fine, doubled: 1 });
  expect(judge([first, second, third, fourth, first])).toMatchObject({ ...fine, doubled: 1 });
});

test("finds a retry that was logged as another event", () => {
  const again = [...log, { ...first, seq: 5 }];
  expect(check(acks, again, [reader(again)])).toMatchObject({ ...fine, doubled: 1 });
});

test("finds events told, or logged, in another order", () => {
  expect(judge([first, third, second, fourth])).toMatchObject({ ...fine, outOfOrder: 1 });
  const swapped = [first, third, second, fourth];
  expect(check(acks, swapped, [reader(log)])).toMatchObject({ ...fine, outOfOrder: 2 });
});

test("finds an event that is not in the log, and one that the reader did not ask for", () => {
  expect(judge([...log, { ...first, seq: 9, id: "9" }])).toMatchObject({ ...fine, foreign: 1 });
  expect(judge([first, second, third, fourth], ["a*"])).toMatchObject({ ...fine, foreign: 1 });
  expect(judge([first], ["a.*", "a"])).toMatchObject({ foreign: 0 });
  expect(judge([fourth], ["a.x"])).toMatchObject({ foreign: 1 }); // a dot is a dot
});

test.each([
  ["data", '{"n":7}'],
  ["type", "c"],
  ["timestamp", "2026-11-22T00:00:01.000Z"],
])("finds an event whose %s is another than in the log", (member, value) => {
  const told = log.map((event) => (event.seq === 2 ? { ...event, [member]: value } : event));
  expect(judge(told)).toMatchObject({ ...fine, changed: 1 });
});

test("finds an event whose data in the log is not what was sent", () => {
  const sent = acks.map((ack) => (ack.seq === 2 ? { ...ack, data: "{}" } : ack));
  expect(check(sent, log, [reader(log)])).toMatchObject({ ...fine, changed: 1 });
});

test("counts all, and tells the first twenty", () => {
  const many = Array.from({ length: 50 }, (_, n): Told => ({ ...first, seq: n + 1, id: `${n}` }));
  const verdict = check([], many, [reader([])]);
  expect(verdict.lost).toBe(50);
  expect(verdict.findings).toHaveLength(20);
});
