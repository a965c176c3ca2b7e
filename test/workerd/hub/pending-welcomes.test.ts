import { expect, it } from "vitest";
import type { Attaching } from "../../../src/core/session/attaching.ts";
import { PendingWelcomes } from "../../../src/hub/pending-welcomes.ts";
import { subscriberOf } from "../../support/reader.ts";

const who: Attaching = { ...subscriberOf(), cursor: null, last: null };

function open(): { ours: WebSocket; theirs: WebSocket } {
  const { 0: theirs, 1: ours } = new WebSocketPair();
  for (const socket of [theirs, ours]) socket.accept();
  return { ours, theirs };
}

/** Records attached and failed sockets, and timers. @param broken throws when it is attached */
function pendingWelcomesOf(broken?: WebSocket) {
  const attached: WebSocket[] = [];
  const later: (() => void)[] = [];
  const failed: WebSocket[] = [];
  const pendingWelcomes = new PendingWelcomes({
    attach(socket) {
      if (socket === broken) throw new Error("It cannot be welcomed.");
      attached.push(socket);
    },
    failed: (socket) => failed.push(socket),
    later: (act) => later.push(act),
  });
  return { pendingWelcomes, attached, failed, later };
}

it("[F1] welcomes all sockets that attached meanwhile together, later, and each once", () => {
  const { pendingWelcomes, attached, later } = pendingWelcomesOf();
  const [a, b] = [open().ours, open().ours];
  pendingWelcomes.add(a, who);
  pendingWelcomes.add(b, who);
  expect([attached, later.length, pendingWelcomes.size]).toEqual([[], 1, 2]);
  later[0]?.();
  pendingWelcomes.flush();
  expect([attached.length, attached[0] === a, attached[1] === b, pendingWelcomes.size]).toEqual([2, true, true, 0]);
});

it("[F1] welcomes them sooner if another turn comes first, and waits again for the next", () => {
  const { pendingWelcomes, attached, later } = pendingWelcomesOf();
  pendingWelcomes.add(open().ours, who);
  pendingWelcomes.flush();
  later[0]?.();
  expect(attached).toHaveLength(1);
  pendingWelcomes.add(open().ours, who);
  expect(later).toHaveLength(2);
});

it("[S6] welcomes no socket that has closed again", () => {
  const { pendingWelcomes, attached } = pendingWelcomesOf();
  const { ours } = open();
  pendingWelcomes.add(ours, who);
  ours.close(1000, "");
  pendingWelcomes.flush();
  expect(attached).toEqual([]);
});

it("[F1] welcomes the others if one cannot be, and throws nothing in the current turn", () => {
  const [broken, a, b] = [open().ours, open().ours, open().ours];
  const { pendingWelcomes, attached, failed } = pendingWelcomesOf(broken);
  for (const socket of [broken, a, b]) pendingWelcomes.add(socket, who);
  pendingWelcomes.flush();
  expect([attached.length, attached[0] === a, attached[1] === b, failed[0] === broken]).toEqual([2, true, true, true]);
  expect(pendingWelcomes.size).toBe(0);
});
