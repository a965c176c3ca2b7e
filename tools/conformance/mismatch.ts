// The message of a failed check: what was examined, what was expected, and what was received.
import { isDeepStrictEqual } from "node:util";

// biome-ignore lint/suspicious/noExplicitAny: a hub may send anything, and a check fails on what it does not expect
export type Json = any;

export class Mismatch extends Error {}

/** Adds to a mismatch in which case it occurred. */
export async function inCase<T>(what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Mismatch) throw new Mismatch(`${what}: ${error.message}`);
    throw error;
  }
}

export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

export function expectTrue(what: string, is: boolean, got: unknown): void {
  if (!is) throw new Mismatch(`expected ${what}, got ${shown(got)}`);
}

export function expectEqual(what: string, got: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(got, expected)) {
    throw new Mismatch(`expected ${what} ${shown(expected)}, got ${shown(got)}`);
  }
}

/** `got` has at least the members of `expected`, at every depth; arrays are as long. */
export function expectLike(what: string, got: unknown, expected: unknown): void {
  if (!isLike(got, expected)) throw new Mismatch(`expected ${what} ${shown(expected)}, got ${shown(got)}`);
}

function isLike(got: Json, expected: Json): boolean {
  if (typeof expected !== "object" || expected === null) return isDeepStrictEqual(got, expected);
  if (typeof got !== "object" || got === null) return false;
  if (Array.isArray(expected) && (!Array.isArray(got) || got.length !== expected.length)) return false;
  return Object.entries(expected).every(([name, value]) => isLike(got[name], value));
}

/** The seq of a cursor, which MUST be one. */
export function seqOf(cursor: unknown): number {
  const found = typeof cursor === "string" ? /^[a-z0-9]{1,16}\.(0|[1-9]\d*)$/.exec(cursor) : null;
  if (!found) throw new Mismatch(`expected a cursor (<epoch>.<seq>), got ${shown(cursor)}`);
  return Number(found[1]);
}

/** The epoch of a cursor, which MUST be one. */
export function epochOf(cursor: unknown): string {
  seqOf(cursor);
  return String(cursor).split(".")[0] ?? "";
}

export function count(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
