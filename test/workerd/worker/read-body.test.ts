import { expect, it } from "vitest";
import { readBytes, textOf } from "../../../src/worker/body/read-body.ts";

const bytes = (...parts: (string | number)[]) =>
  new Uint8Array(parts.flatMap((part) => (typeof part === "string" ? [...new TextEncoder().encode(part)] : [part])));

const request = (body: BodyInit | null, headers: Record<string, string> = {}) =>
  new Request("http://hub.test/", { method: "POST", body, headers });

it("joins a body, however it was cut", async () => {
  const sent = new TextEncoder().encode('{"title":"é😀"}');
  const stream = new ReadableStream({
    start(controller) {
      for (const byte of sent) controller.enqueue(new Uint8Array([byte]));
      controller.close();
    },
  });
  expect(await readBytes(request(stream))).toEqual({ ok: true, value: sent });
  expect(await readBytes(request(null))).toEqual({ ok: true, value: new Uint8Array(0) });
});

it("refuses a truncated body, and throws nothing", async () => {
  const torn = new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array([0x7b]));
      controller.error(new Error("Network connection lost."));
    },
  });
  expect(await readBytes(request(torn))).toMatchObject({ ok: false, problem: { code: "body_incomplete" } });
});

it.each(["gzip", "br", "deflate", "GZIP, identity", ""])("[H12] refuses Content-Encoding %j", async (encoding) => {
  const refused = await readBytes(request("{}", { "Content-Encoding": encoding }));
  expect(refused).toMatchObject({ ok: false, problem: { code: "unsupported_encoding" } });
});

it("[H12] accepts Content-Encoding identity", async () => {
  expect(await readBytes(request("{}", { "Content-Encoding": "Identity" }))).toMatchObject({ ok: true });
});

it("removes the byte order mark, once", () => {
  expect(textOf(bytes(0xef, 0xbb, 0xbf, "{}"))).toEqual({ ok: true, value: "{}" });
  expect(textOf(bytes(0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf))).toEqual({ ok: true, value: "\ufeff" });
});

it.each([
  ["a lone continuation", bytes('{"a":"', 0x80, '"}'), 1, 7],
  ["a truncated letter", bytes("ab\ncd", 0xc3), 2, 3],
  ["a truncated letter before another", bytes("é", 0xe2, 0x82, '"'), 1, 2],
  ["an overlong slash", bytes("\n\n", 0xc0, 0xaf), 3, 1],
  ["a surrogate", bytes("😀", 0xed, 0xa0, 0x80), 1, 3],
  ["Latin-1 behind a replacement character that was sent", bytes("\ufffd\ufffd", 0xe9, "\ufffd"), 1, 3],
  ["the beginning of a replacement character", bytes("a", 0xef, 0xbf), 1, 2],
  ["no first byte of UTF-8", bytes(0xff), 1, 1],
])("[H11] reports where bytes are not UTF-8: %s", (_what, sent, line, column) => {
  expect(textOf(sent)).toEqual({
    ok: false,
    problem: { code: "bad_json", detail: `This is not UTF-8: line ${line}, column ${column}.`, line, column },
  });
});
