// The load generator's own parsing: figures are only as good as what counts them.
import { expect, test } from "vitest";
import { clientMessage, upgradeRequest } from "../../../bench/load/client-message.ts";
import { FrameReader, TEXT } from "../../../bench/load/frame-reader.ts";

/** A frame as servers send them. */
function frame(text: string, first = 0x80 | TEXT): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = first;
  head[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

function reading() {
  const texts: string[] = [];
  const reader = new FrameReader((opcode, bytes, start, end) => {
    if (opcode === TEXT) texts.push(bytes.toString("utf8", start, end));
  });
  return { reader, texts };
}

const TEXTS = ["", "one", "x".repeat(125), "y".repeat(126), "z".repeat(70_000), "last"];
const STREAM = Buffer.concat(TEXTS.map((text) => frame(text)));

test("frames that arrive together are read one by one", () => {
  const { reader, texts } = reading();
  reader.push(STREAM);
  expect(texts).toEqual(TEXTS);
});

test.each([1, 2, 3, 5, 7, 127, 1_000, 65_536])("frames torn into pieces of %i bytes are whole again", (size) => {
  const { reader, texts } = reading();
  for (let at = 0; at < STREAM.length; at += size) reader.push(Buffer.from(STREAM.subarray(at, at + size)));
  expect(texts).toEqual(TEXTS);
});

test("a torn frame outlives the buffer of its first half", () => {
  const { reader, texts } = reading();
  const bytes = frame("some words");
  const inbox = Buffer.alloc(8);
  bytes.copy(inbox, 0, 0, 8);
  reader.push(inbox);
  bytes.copy(inbox, 0, 8);
  reader.push(inbox.subarray(0, bytes.length - 8));
  expect(texts).toEqual(["some words"]);
});

test.each([
  ["compressed", frame("x", 0xc1)],
  ["a fragment", frame("x", 0x01)],
  ["masked", Buffer.from([0x81, 0x81, 0, 0, 0, 0, 120])],
])("a frame that is %s is refused", (_what, bytes) => {
  expect(() => reading().reader.push(bytes)).toThrow();
});

test.each(["ping", "x".repeat(300)])("what a client sends is a masked text frame", (text) => {
  const bytes = clientMessage(text);
  const payload = text.length < 126 ? 6 : 8;
  expect(bytes[0]).toBe(0x81);
  expect((bytes[1] ?? 0) & 0x80).toBe(0x80);
  expect(bytes.subarray(payload - 4, payload)).toEqual(Buffer.alloc(4));
  expect(bytes.toString("utf8", payload)).toBe(text);
});

test("an upgrade offers no compression", () => {
  expect(upgradeRequest("/ws/stream", "reactor.v1")).not.toMatch(/extensions/i);
  expect(upgradeRequest("/ws/stream", "reactor.v1")).toContain("Sec-WebSocket-Protocol: reactor.v1\r\n");
});
