import { expect, it } from "vitest";
import type { Attaching } from "../../../src/core/session/session.ts";
import { Arrivals } from "../../../src/hub/pending-welcomes.ts";
import { readerOf } from "../../support/reader.ts";

const who: Attaching = { ...readerOf(), cursor: null };

function open(): { ours: WebSocket; theirs: WebSocket } {
  const { 0: theirs, 1: ours } = new WebSocketPair();
  for (const socket of [theirs, ours]) socket.accept();
  return { ours, theirs };
}

/** Notes which sockets were attached and which failed, and what is to be done later. @param broken throws when it is attached */
function arrivalsOf(broken?: WebSocket) {
  const attached: WebSocket[] = [];
  const later: (() => void)[] = [];
  const failed: WebSocket[] = [];
  const arrivals = new Arrivals({
    attach(socket) {
      if (socket === broken) throw new Error("It cannot be welcomed.");
      attached.push(socket);
    },
    failed: (socket) => failed.push(socket),
    later: (act) => later.push(act),
  });
  return { arrivals, attached, failed, later };
}

it("[F1] welcomes all who came meanwhile together, later, and each once", () => {
  const { arrivals, attached, later } = arrivalsOf();
  const [a, b] = [open().ours, open().ours];
  arrivals.add(a, who);
  arrivals.add(b, who);
  expect([attached, later.length, arrivals.size]).toEqual([[], 1, 2]);
  later[0]?.();
  arrivals.settle();
  expect([attached.length, attached[0] === a, attached[1] === b, arrivals.size]).toEqual([2, true, true, 0]);
});

it("[F1] welcomes them sooner where another turn comes first, and waits anew for the next", () => {
  const { arrivals, attached, later } = arrivalsOf();
  arrivals.add(open().ours, who);
  arrivals.settle();
  later[0]?.();
  expect(attached).toHaveLength(1);
  arrivals.add(open().ours, who);
  expect(later).toHaveLength(2);
});

it("[S6] welcomes nobody who has gone again", () => {
  const { arrivals, attached } = arrivalsOf();
  const { ours } = open();
  arrivals.add(ours, who);
  ours.close(1000, "");
  arrivals.settle();
  expect(attached).toEqual([]);
});

it("[F1] welcomes the others where one cannot be, and throws nothing at the turn that it came in", () => {
  const [broken, a, b] = [open().ours, open().ours, open().ours];
  const { arrivals, attached, failed } = arrivalsOf(broken);
  for (const socket of [broken, a, b]) arrivals.add(socket, who);
  arrivals.settle();
  expect([attached.length, attached[0] === a, attached[1] === b, failed[0] === broken]).toEqual([2, true, true, true]);
  expect(arrivals.size).toBe(0);
});
