import { expect, it } from "vitest";
import { isGhost, type Life } from "../../src/core/ghost.ts";

const NOW = 10_000_000;
const life = (part: Partial<Life>): Life => ({ heardMs: 0, pingMs: null, owes: false, movedMs: null, ...part });

it.each([
  ["has said nothing for 90 s", { heardMs: NOW - 90_001 }, true],
  ["came 90 s ago", { heardMs: NOW - 90_000 }, false],
  ["pinged 90 s ago", { pingMs: NOW - 90_000 }, false],
  ["pinged longer ago", { pingMs: NOW - 90_001 }, true],
  ["takes in what was sent, and says nothing", { movedMs: NOW - 90_000 }, false],
  ["pings, and owes an acknowledgement for 5 minutes", { pingMs: NOW, owes: true, heardMs: NOW - 300_000 }, false],
  ["pings, and owes one for longer", { pingMs: NOW, owes: true, heardMs: NOW - 300_001 }, true],
  ["pings, and owes one, and takes in", { pingMs: NOW, owes: true, movedMs: NOW - 300_000 }, false],
  ["pings, and owes nothing", { pingMs: NOW, heardMs: NOW - 9_000_000 }, false],
])("[A4] of one that %s: gone is %j %s", (_, part, gone) => {
  expect(isGhost(life(part), NOW)).toBe(gone);
});
