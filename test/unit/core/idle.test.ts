import { expect, it } from "vitest";
import { DrainWatch, isIdle, type Liveness } from "../../../src/core/session/idle.ts";

const NOW = 10_000_000;
const OLD = NOW - 9_000_000;
const life = (part: Partial<Liveness>): Liveness => ({
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
  ["pinged once, and was heard 90 s ago", { pingMs: OLD, heardMs: NOW - 90_000 }, false],
  ["pinged once, and takes in what was sent", { pingMs: OLD, movedMs: NOW - 90_000 }, false],
  ["owes an acknowledgement for 5 minutes", { owes: true, heardMs: NOW - 300_000 }, false],
  ["owes one for longer", { owes: true, heardMs: NOW - 300_001 }, true],
  ["pings, and owes one for longer", { pingMs: NOW, owes: true, heardMs: NOW - 300_001 }, true],
  ["owes one, and takes in", { owes: true, movedMs: NOW - 300_000 }, false],
  ["takes in nothing of what waits for 5 minutes", { stuckMs: NOW - 300_000 }, false],
  ["takes in nothing of it for longer", { stuckMs: NOW - 300_001 }, true],
  ["takes in nothing of it, and is heard", { stuckMs: NOW - 300_001, heardMs: NOW - 1_000 }, false],
])("[A3] of a socket that %s: half-open is %j %s", (_, part, gone) => {
  expect(isIdle(life(part), NOW)).toBe(gone);
});

it("[A3] knows since when nothing has left a socket, and when something last did", () => {
  const drains = new DrainWatch<object>();
  const socket = {};
  const looks = [
    [500, { movedMs: null, stuckMs: 1 }],
    [700, { movedMs: null, stuckMs: 1 }],
    [600, { movedMs: 3, stuckMs: 3 }],
    [600, { movedMs: 3, stuckMs: 3 }],
    [0, { movedMs: 5, stuckMs: null }],
    [0, { movedMs: null, stuckMs: null }],
    [9, { movedMs: null, stuckMs: 7 }],
  ] as const;
  for (const [index, [bytes, expected]] of looks.entries()) {
    expect(drains.look(socket, bytes, index + 1)).toEqual(expected);
  }
});
