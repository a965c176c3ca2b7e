// The checker of chaos finds each kind of fault, and none where there is none.
import { expect, test } from "vitest";
import { check, type ReceivedEvent, type SubscriberRecord } from "../../../tools/chaos/chaos-check.ts";

const log = ["a", "b", "a", "a/x"].map(
  (type, index): ReceivedEvent => ({
    seq: index + 1,
    source: "s",
    id: `${index + 1}`,
    type,
    data: `{"n":${index}}`,
    timestamp: "2026-11-22T00:00:00.000Z",
  }),
);
const acks = log.map(({ timestamp: _, ...sent }) => sent);
const [first, second, third, fourth] = log as [ReceivedEvent, ReceivedEvent, ReceivedEvent, ReceivedEvent];
const fine = { lost: 0, doubled: 0, outOfOrder: 0, foreign: 0, changed: 0 };

const subscriber = (received: readonly ReceivedEvent[], patterns: readonly string[] = []): SubscriberRecord => ({
  name: "r",
  patterns,
  received,
});
const verdictOn = (received: readonly ReceivedEvent[], patterns?: readonly string[]) =>
  check(acks, log, [subscriber(received, patterns)]);

test("finds nothing if each subscriber received its subscription, once and in order", () => {
  const subscribers = [
    subscriber(log),
    subscriber([first, third, fourth], ["a*"]),
    subscriber([second], ["b", "x*"]),
    subscriber([], ["A"]),
  ];
  expect(check(acks, log, subscribers)).toEqual({ ...fine, findings: [] });
});

test("finds an event that a subscriber did not receive", () => {
  expect(verdictOn([first, second, fourth])).toEqual({ ...fine, lost: 1, findings: ["lost: 3 (a, s 3) to r"] });
  expect(verdictOn([third, fourth], ["a*"])).toMatchObject({ ...fine, lost: 1 });
});

test("finds an acknowledged event that is not in the log, or has another seq there", () => {
  const gone = log.slice(0, 3);
  expect(check(acks, gone, [subscriber(gone)])).toMatchObject({ ...fine, lost: 1 });
  const elsewhere = acks.map((ack) => (ack.seq === 2 ? { ...ack, seq: 3 } : ack));
  expect(check(elsewhere, log, [subscriber(log)])).toMatchObject({ ...fine, lost: 1 });
});

test("finds an event that was not acknowledged, but is in the log and was not received", () => {
  expect(check(acks.slice(0, 3), log, [subscriber(log.slice(0, 3))])).toMatchObject({ ...fine, lost: 1 });
});

test("finds an event received twice, immediately or later", () => {
  expect(verdictOn([first, second, second, third, fourth])).toMatchObject({ ...fine, doubled: 1 });
  expect(verdictOn([first, second, third, fourth, first])).toMatchObject({ ...fine, doubled: 1 });
});

test("finds a retry that was logged as another event", () => {
  const again = [...log, { ...first, seq: 5 }];
  expect(check(acks, again, [subscriber(again)])).toMatchObject({ ...fine, doubled: 1 });
});

test("finds events received, or logged, in another order", () => {
  expect(verdictOn([first, third, second, fourth])).toMatchObject({ ...fine, outOfOrder: 1 });
  const swapped = [first, third, second, fourth];
  expect(check(acks, swapped, [subscriber(log)])).toMatchObject({ ...fine, outOfOrder: 2 });
});

test("finds an event that is not in the log, and one outside of the subscription", () => {
  expect(verdictOn([...log, { ...first, seq: 9, id: "9" }])).toMatchObject({ ...fine, foreign: 1 });
  expect(verdictOn([first, second, third, fourth], ["a*"])).toMatchObject({ ...fine, foreign: 1 });
  expect(verdictOn([first], ["a.*", "a"])).toMatchObject({ foreign: 0 });
  expect(verdictOn([fourth], ["a.x"])).toMatchObject({ foreign: 1 }); // a dot is a dot
});

test.each([
  ["data", '{"n":7}'],
  ["type", "c"],
  ["timestamp", "2026-11-22T00:00:01.000Z"],
])("finds an event whose %s differs from the log", (member, value) => {
  const received = log.map((event) => (event.seq === 2 ? { ...event, [member]: value } : event));
  expect(verdictOn(received)).toMatchObject({ ...fine, changed: 1 });
});

test("finds an event whose data in the log is not what was sent", () => {
  const sent = acks.map((ack) => (ack.seq === 2 ? { ...ack, data: "{}" } : ack));
  expect(check(sent, log, [subscriber(log)])).toMatchObject({ ...fine, changed: 1 });
});

test("counts all, and lists the first twenty", () => {
  const many = Array.from({ length: 50 }, (_, n): ReceivedEvent => ({ ...first, seq: n + 1, id: `${n}` }));
  const verdict = check([], many, [subscriber([])]);
  expect(verdict.lost).toBe(50);
  expect(verdict.findings).toHaveLength(20);
});

test("judges a reader that left early up to its last event, and no further", () => {
  const left = (received: readonly ReceivedEvent[]) =>
    check(acks, log, [subscriber(log), { ...subscriber(received), leftEarly: true }]);
  expect(left([])).toMatchObject(fine);
  expect(left([first, second])).toMatchObject(fine);
  expect(left([first, third])).toMatchObject({ ...fine, lost: 1 });
  expect(left([first, second, second])).toMatchObject({ ...fine, doubled: 1 });
  expect(left([second, first])).toMatchObject({ ...fine, outOfOrder: 1 });
});
