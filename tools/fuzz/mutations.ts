// Malformed input: valid input with a few mutations. Parsers break on input that is almost valid; random bytes are refused at
// the first one.
import fc from "fast-check";

const encoder = new TextEncoder();

/** Pieces that have broken parsers before. */
const PIECES = [
  '"__proto__":',
  '{"__proto__":{"allowed":null,"type":"x"}}',
  '"constructor"',
  '"type"',
  '"data"',
  '"type":"reactor_x"',
  '"source":"user:eve"',
  '"cursor":"0.0"',
  '"id":""',
  "\\ud800",
  "\\u0000",
  "\\",
  '"',
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "\n",
  "\r\n",
  "\t",
  "\u0000",
  "\u2028",
  "\ufeff",
  "😀",
  "1e400",
  "-0",
  "1E-999",
  "12345678901234567890",
  "null",
  "true",
  "*",
  "%00",
  "%",
  "..",
  "=",
  "&",
  "reactor.token.",
  "x".repeat(300),
  "[".repeat(5_000),
  '{"a":'.repeat(600),
].map((piece) => encoder.encode(piece));

const RAW = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]].map((bytes) =>
  Uint8Array.from(bytes),
);

type Mutation = (bytes: Uint8Array) => Uint8Array;

/** A relative position in bytes of any length. */
const position = fc.nat(0xffff);
const at = (bytes: Uint8Array, where: number) => Math.floor((where / 0x1_0000) * (bytes.length + 1));

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(position, fc.constantFrom(...PIECES, ...RAW)).map(
    ([where, piece]): Mutation =>
      (bytes) =>
        splice(bytes, at(bytes, where), 0, piece),
  ),
  fc.tuple(position, fc.nat(7)).map(
    ([where, bit]): Mutation =>
      (bytes) => {
        const flipped = bytes.slice();
        const index = Math.min(at(bytes, where), bytes.length - 1);
        if (index >= 0) flipped[index] = (flipped[index] ?? 0) ^ (1 << bit);
        return flipped;
      },
  ),
  fc.tuple(position, fc.integer({ min: 1, max: 40 })).map(
    ([where, length]): Mutation =>
      (bytes) =>
        splice(bytes, at(bytes, where), length, new Uint8Array()),
  ),
  fc.tuple(position, fc.uint8Array({ minLength: 1, maxLength: 8 })).map(
    ([where, noise]): Mutation =>
      (bytes) =>
        splice(bytes, at(bytes, where), noise.length, noise),
  ),
  fc.tuple(position, position, fc.integer({ min: 1, max: 60 })).map(
    ([from, to, length]): Mutation =>
      (bytes) => {
        const start = at(bytes, from);
        return splice(bytes, at(bytes, to), 0, bytes.slice(start, start + length));
      },
  ),
  position.map(
    (where): Mutation =>
      (bytes) =>
        bytes.slice(0, at(bytes, where)),
  ),
);

/** One of `corpus`: two in five unchanged, the others with up to five mutations. */
export function mutated(corpus: readonly string[]): fc.Arbitrary<Uint8Array> {
  const whole = fc.constantFrom(...corpus).map((text): Uint8Array => readable(encoder.encode(text)));
  const steps = fc.array(mutation, { minLength: 1, maxLength: 5 });
  const broken = fc
    .tuple(whole, steps)
    .map(([bytes, mutations]) => readable(mutations.reduce((mutant, mutate) => mutate(mutant), bytes)));
  return fc.oneof({ weight: 2, arbitrary: whole }, { weight: 3, arbitrary: broken });
}

/** The same bytes, shown in reports as text, one letter per byte. */
export function readable<T extends Uint8Array>(bytes: T): T {
  return Object.assign(bytes, { [fc.toStringMethod]: () => JSON.stringify(Buffer.from(bytes).toString("latin1")) });
}

/** The same as text, with U+FFFD for invalid UTF-8, as the runtime decodes it. */
export function mutatedText(corpus: readonly string[]): fc.Arbitrary<string> {
  return mutated(corpus).map((bytes) => new TextDecoder().decode(bytes));
}

function splice(bytes: Uint8Array, at: number, remove: number, insert: Uint8Array): Uint8Array {
  const after = bytes.subarray(Math.min(at + remove, bytes.length));
  const spliced = new Uint8Array(Math.min(at, bytes.length) + insert.length + after.length);
  spliced.set(bytes.subarray(0, at));
  spliced.set(insert, Math.min(at, bytes.length));
  spliced.set(after, Math.min(at, bytes.length) + insert.length);
  return spliced;
}
