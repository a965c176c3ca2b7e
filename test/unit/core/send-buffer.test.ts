import { expect, it } from "vitest";
import { Waiting } from "../../../src/core/fanout/send-buffer.ts";
import type { Socket } from "../../../src/core/fanout/socket.ts";
import { RecordingSocket } from "../../support/recording-socket.ts";

const KIB = 1024;
const mute = (): Socket => ({ send: () => {}, close: () => {} });

it("[P7] judges a socket by what an earlier turn left, not by what this one sends", () => {
  const waiting = new Waiting<RecordingSocket>(() => null);
  const socket = new RecordingSocket();
  socket.bufferedAmount = 128 * KIB;
  waiting.beginTurn();
  expect(waiting.isFull(socket, "v1")).toBe(false);
  waiting.sent(socket, 500, 1);
  socket.bufferedAmount += 500;
  expect(waiting.isFull(socket, "v1")).toBe(false);
  waiting.beginTurn();
  expect(waiting.isFull(socket, "v1")).toBe(true);
});

it("[P10] counts what a client has not acknowledged, where the runtime does not tell what waits", () => {
  const waiting = new Waiting<Socket>(() => null);
  const socket = mute();
  expect(waiting.on(socket)).toBe(0);
  for (let seq = 1; seq <= 3; seq++) waiting.sent(socket, 60 * KIB, seq);
  waiting.beginTurn();
  expect([waiting.on(socket), waiting.isFull(socket, "v1")]).toEqual([180 * KIB, true]);
  expect(waiting.taken(socket, 1)).toBe(true);
  expect([waiting.on(socket), waiting.isFull(socket, "v1")]).toEqual([120 * KIB, false]);
  expect(waiting.taken(socket, 1)).toBe(false);
  waiting.taken(socket, 3);
  expect(waiting.on(socket)).toBe(0);
});

it("[P10] lets an old page have 512 KiB for every ping that was seen", () => {
  let pingMs: number | null = null;
  const waiting = new Waiting<Socket>(() => pingMs);
  const socket = mute();
  const send = () => {
    waiting.beginTurn();
    if (waiting.isFull(socket, "old")) return false;
    waiting.sent(socket, 100 * KIB, 1);
    return true;
  };
  const sendAll = () => {
    let count = 0;
    while (count < 20 && send()) count += 1;
    return count;
  };
  expect(sendAll()).toBe(6);
  pingMs = 1_000;
  expect(sendAll()).toBe(6);
  expect(sendAll()).toBe(0);
  pingMs = 2_000;
  expect(sendAll()).toBe(6);
});
