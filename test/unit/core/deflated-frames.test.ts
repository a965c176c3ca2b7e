import { expect, it } from "vitest";
import { DeflatedFrames } from "../../../src/core/fanout/deflated-frames.ts";

const KIB = 1024;

/** Compresses nothing, and counts the calls. */
function counted() {
  const texts: string[] = [];
  const frames = new DeflatedFrames((text) => {
    texts.push(text);
    return new Uint8Array(texts.length);
  });
  const ask = (text: string, readers: number) => frames.formFor(text, text.length, readers);
  return { texts, frames, ask };
}

const frameOf = (name: string, bytes = 200) => name.padEnd(bytes, ".");

it("[F15] compresses a frame once for all that are sent it, and the same frame again for none", () => {
  const { texts, ask } = counted();
  const deflated = ask(frameOf("a"), 1_000);
  expect(deflated).toBeInstanceOf(Uint8Array);
  expect(ask(frameOf("a"), 1)).toBe(deflated);
  expect(texts).toEqual([frameOf("a")]);
});

it("[F15] compresses none for fewer than three readers, but one that three have asked for", () => {
  const { texts, ask } = counted();
  expect(ask(frameOf("a"), 2)).toBe(frameOf("a"));
  expect([ask(frameOf("b"), 1), ask(frameOf("b"), 1)]).toEqual([frameOf("b"), frameOf("b")]);
  expect(texts).toEqual([]);
  expect([ask(frameOf("b"), 1), ask(frameOf("a"), 1)].map((form) => typeof form)).toEqual(["object", "object"]);
});

it("[F15] leaves short frames as they are", () => {
  const { ask } = counted();
  expect(ask(frameOf("a", 127), 1_000)).toBe(frameOf("a", 127));
  expect(ask(frameOf("a", 128), 1_000)).toBeInstanceOf(Uint8Array);
});

it("[F15] compresses at most 1 MiB in a turn, of which a frame is at least 8 KiB, and sends the rest as text", () => {
  const { texts, frames, ask } = counted();
  for (let n = 0; n < 200; n++) ask(frameOf(`${n}`), 3);
  expect(texts).toHaveLength(128);
  expect(ask(frameOf("199"), 3)).toBe(frameOf("199"));
  frames.beginTurn();
  expect(ask(frameOf("199"), 3)).toBeInstanceOf(Uint8Array);
  for (let n = 0; n < 10; n++) ask(frameOf(`long ${n}`, 256 * KIB), 3);
  expect(texts).toHaveLength(128 + 1 + 3);
});

it("[F15] remembers 2 MiB of frames, and forgets how many have read an older one", () => {
  const { texts, ask } = counted();
  ask(frameOf("first", 32_000), 2);
  for (let n = 0; n < 65; n++) ask(frameOf(`${n}`, 32_000), 1);
  expect(ask(frameOf("first", 32_000), 1)).toBe(frameOf("first", 32_000));
  for (let n = 0; n < 64; n++) ask(frameOf(`${n}`, 32_000), 1);
  expect(typeof ask(frameOf("first", 32_000), 2)).toBe("object");
  expect(texts).toHaveLength(1);
});
