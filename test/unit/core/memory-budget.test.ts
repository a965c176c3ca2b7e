import { expect, it } from "vitest";
import { CATCH_UP_START } from "../../../src/core/fanout/catch-up.ts";
import { MemoryBudget } from "../../../src/core/fanout/memory-budget.ts";
import { SendBuffer } from "../../../src/core/fanout/send-buffer.ts";
import { SubscriberGroups } from "../../../src/core/fanout/subscriber-groups.ts";
import { subscriberOf } from "../../support/reader.ts";
import { RecordingSocket } from "../../support/recording-socket.ts";

const MIB = 1024 * 1024;

function budgetOf(onLive: readonly number[], onOthers: readonly number[] = [], onClosing: readonly number[] = []) {
  const subscriberGroups = new SubscriberGroups<RecordingSocket>();
  const memoryBudget = new MemoryBudget(new SendBuffer<RecordingSocket>(() => null));
  const socketsOf = (amounts: readonly number[]) =>
    amounts.map((bufferedAmount) => Object.assign(new RecordingSocket(), { bufferedAmount }));
  const live = socketsOf(onLive);
  for (const socket of live) subscriberGroups.seat(socket, subscriberOf(), 0);
  for (const socket of socketsOf(onOthers)) subscriberGroups.seat(socket, subscriberOf({ catchUp: CATCH_UP_START }), 0);
  for (const socket of socketsOf(onClosing)) memoryBudget.closing(socket);
  memoryBudget.sent(32 * MIB); // assumes the worst until it measures
  return { live, memoryBudget, check: () => memoryBudget.check(subscriberGroups) };
}

it("[P8] is full if another flush would leave more than 32 MiB on all sockets together", () => {
  expect(budgetOf([12 * MIB, 12 * MIB]).check().isFull).toBe(false);
  expect(budgetOf([12 * MIB, 12 * MIB + 1]).check().isFull).toBe(true);
});

it("[P8] counts the buffers of sockets that catch up, and of those whose peers have not answered a close", () => {
  expect(budgetOf([9 * MIB], [5 * MIB], [10 * MIB]).check().isFull).toBe(false);
  expect(budgetOf([9 * MIB], [5 * MIB], [11 * MIB]).check().isFull).toBe(true);
});

it("[P8] does not wait for sockets that may never read: live ones have room for a flush beside them", () => {
  expect(budgetOf([8 * MIB], [40 * MIB], [40 * MIB]).check().isFull).toBe(false);
  expect(budgetOf([8 * MIB + 1], [40 * MIB]).check().isFull).toBe(true);
});

it("[P8] names the sockets that read nothing since it was full, the fullest first, and none that read something", () => {
  const { live, check } = budgetOf([10 * MIB, 11 * MIB, 12 * MIB, 0]);
  const [stuck, fuller, moves] = live;
  if (!stuck || !fuller || !moves) return expect.fail();
  expect(check()).toEqual({ isFull: true, stuck: [] });
  stuck.bufferedAmount -= 1; // next to nothing
  moves.bufferedAmount -= 2 * MIB;
  expect(check()).toEqual({ isFull: true, stuck: [fuller, stuck] });
});

it("[P8] does not measure again if too little was sent since it last did", () => {
  const { live, memoryBudget, check } = budgetOf([MIB]);
  expect(check().isFull).toBe(false);
  Object.assign(live[0] ?? {}, { bufferedAmount: 100 * MIB });
  memoryBudget.sent(23 * MIB);
  expect(check().isFull).toBe(false);
  memoryBudget.sent(1);
  expect(check().isFull).toBe(true);
});

it("[P8] forgets a closing socket once it is closed", () => {
  const { memoryBudget, check } = budgetOf([9 * MIB]);
  const closing = Object.assign(new RecordingSocket(), { bufferedAmount: 20 * MIB });
  memoryBudget.closing(closing);
  expect(check().isFull).toBe(true);
  memoryBudget.gone(closing);
  expect(check().isFull).toBe(false);
});
