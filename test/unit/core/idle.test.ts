import { expect, it } from "vitest";
import { DrainWatch, isIdle, type Liveness } from "../../../src/core/session/idle.ts";

const NOW = 10_000_000;
const OLD = NOW - 9_000_000;
const liveness = (part: Partial<Liveness>): Liveness => ({
  heardMs: OLD,
  pingMs: null,
  owes: false,
  movedMs: null,
  stuckMs: null,
  ...part,
});

it.each([
  ["never pinged", {}, false],
  ["pinged 90 s ago", { pingMs: NOW - 90_000 }, false],
  ["pinged longer ago", { pingMs: NOW - 90_001 }, true],
  ["pinged once, and sent a message 90 s ago", { pingMs: OLD, heardMs: NOW - 90_000 }, false],
  ["pinged once, and reads what was sent", { pingMs: OLD, movedMs: NOW - 90_000 }, false],
  ["owes an acknowledgement for 5 minutes", { owes: true, heardMs: NOW - 300_000 }, false],
  ["owes one for longer", { owes: true, heardMs: NOW - 300_001 }, true],
  ["pings, and owes one for longer", { pingMs: NOW, owes: true, heardMs: NOW - 300_001 }, true],
  ["has unsent data, and reads", { owes: true, movedMs: NOW - 300_000 }, false],
  ["has read nothing of its buffer for 5 minutes", { stuckMs: NOW - 300_000 }, false],
  ["has read nothing of it for longer", { stuckMs: NOW - 300_001 }, true],
  ["reads nothing, and sends messages", { stuckMs: NOW - 300_001, heardMs: NOW - 1_000 }, false],
])("[A3] a socket that %s (%j) is idle: %s", (_, part, idle) => {
  expect(isIdle(liveness(part), NOW)).toBe(idle);
});

it("[A3] knows since when a send buffer has not drained, and when it last did", () => {
  const drains = new DrainWatch<object>();
  const socket = {};
  const measurements = [
    [500, { movedMs: null, stuckMs: 1 }],
    [700, { movedMs: null, stuckMs: 1 }],
    [600, { movedMs: 3, stuckMs: 3 }],
    [600, { movedMs: 3, stuckMs: 3 }],
    [0, { movedMs: 5, stuckMs: null }],
    [0, { movedMs: null, stuckMs: null }],
    [9, { movedMs: null, stuckMs: 7 }],
  ] as const;
  for (const [index, [bytes, expected]] of measurements.entries()) {
    expect(drains.look(socket, bytes, index + 1)).toEqual(expected);
  }
});
