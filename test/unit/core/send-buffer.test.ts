import { expect, it } from "vitest";
import { SendBuffer } from "../../../src/core/fanout/send-buffer.ts";
import type { Socket } from "../../../src/core/fanout/socket.ts";
import { RecordingSocket } from "../../support/recording-socket.ts";

const KIB = 1024;
const mute = (): Socket => ({ send: () => {}, close: () => {} });

it("[P7] measures a socket by what an earlier turn left, not by what this one sends", () => {
  const sendBuffer = new SendBuffer<RecordingSocket>(() => null);
  const socket = new RecordingSocket();
  socket.bufferedAmount = 128 * KIB;
  sendBuffer.beginTurn();
  expect(sendBuffer.isFull(socket, "v1")).toBe(false);
  sendBuffer.sent(socket, 500, 1);
  socket.bufferedAmount += 500;
  expect(sendBuffer.isFull(socket, "v1")).toBe(false);
  sendBuffer.beginTurn();
  expect(sendBuffer.isFull(socket, "v1")).toBe(true);
});

it("[P9] counts what a client has not acknowledged, if the runtime does not report what is buffered", () => {
  const sendBuffer = new SendBuffer<Socket>(() => null);
  const socket = mute();
  expect(sendBuffer.on(socket)).toBe(0);
  for (let seq = 1; seq <= 3; seq++) sendBuffer.sent(socket, 60 * KIB, seq);
  sendBuffer.beginTurn();
  expect([sendBuffer.on(socket), sendBuffer.isFull(socket, "v1")]).toEqual([180 * KIB, true]);
  expect(sendBuffer.taken(socket, 1)).toBe(true);
  expect([sendBuffer.on(socket), sendBuffer.isFull(socket, "v1")]).toEqual([120 * KIB, false]);
  expect(sendBuffer.taken(socket, 1)).toBe(false);
  sendBuffer.taken(socket, 3);
  expect(sendBuffer.on(socket)).toBe(0);
});

it("[P9] allows a legacy page 512 KiB per ping", () => {
  let pingMs: number | null = null;
  const sendBuffer = new SendBuffer<Socket>(() => pingMs);
  const socket = mute();
  const send = () => {
    sendBuffer.beginTurn();
    if (sendBuffer.isFull(socket, "legacy")) return false;
    sendBuffer.sent(socket, 100 * KIB, 1);
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
