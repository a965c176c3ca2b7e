// The load generator's own parsing: figures are only as good as what counts them.
import { createDeflateRaw, deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { clientMessage, upgradeRequest } from "../../../bench/load/client-message.ts";
import { FrameReader, TEXT } from "../../../bench/load/frame-reader.ts";
import { chunkSync, inflateShared, MessageInflater } from "../../../bench/load/inflate.ts";

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

test("an upgrade offers compression only where it is told to connect as a browser", () => {
  const plain = upgradeRequest("/ws/stream", ["reactor.v1"], false);
  expect(plain).not.toMatch(/extensions/i);
  expect(plain).toContain("Sec-WebSocket-Protocol: reactor.v1\r\n");
  const asBrowser = upgradeRequest("/ws/stream", ["reactor.v1.deflate", "reactor.v1"], true);
  expect(asBrowser).toContain("Sec-WebSocket-Protocol: reactor.v1.deflate, reactor.v1\r\n");
  expect(asBrowser).toContain("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n");
  expect(upgradeRequest("/", [], true)).not.toMatch(/protocol/i);
});

/** What a server with permessage-deflate and its context sends. */
function negotiated(texts: readonly string[]): Buffer[] {
  const stream = createDeflateRaw();
  return texts.map((text) => Buffer.from(chunkSync(stream, Buffer.from(text)).subarray(0, -4)));
}

test("messages that the runtime compresses are inflated in their context, and those of a hub once for all", () => {
  const texts = ["a frame with words", "a frame with words", "a frame with other words", "x".repeat(40_000)];
  const inflater = new MessageInflater();
  expect(negotiated(texts).map((message) => inflater.inflate(message).toString())).toEqual(texts);
  const messages = texts.map((text) => deflateRawSync(text));
  for (const _ of [1, 2]) expect(messages.map((message) => inflateShared(message).toString())).toEqual(texts);
  const [first] = messages;
  expect(first && inflateShared(first)).toBe(first && inflateShared(Buffer.from(first)));
});

test("a compressed frame is one only where compression was negotiated", () => {
  const seen: boolean[] = [];
  const reader = new FrameReader((...[, , , , isCompressed]) => void seen.push(isCompressed));
  reader.isCompressing = true;
  reader.push(frame("x", 0xc1));
  reader.push(frame("x"));
  expect(seen).toEqual([true, false]);
});
