// Where a text that a visitor writes stops being JSON, for a message that shows the place.
import { findFault, placeOf } from "../../wire/json-fault.ts";

export interface JsonMark {
  readonly offset: number;
  /** Each from 1. */
  readonly line: number;
  readonly column: number;
  /** What could stand there, in English. */
  readonly expected: string;
  /** That line, or what is near to the place: what stands before it, there and behind it. `wrong` is empty at a line's end. */
  readonly before: string;
  readonly wrong: string;
  readonly after: string;
  /** Whether the text ends there. */
  readonly isEnd: boolean;
}

/** How much of a line is shown on either side. */
const NEAR = 24;

/** @returns `null` if it is JSON */
export function markJson(text: string): JsonMark | null {
  const fault = findFault(text);
  if (!fault) return null;
  const { offset, expected } = fault;
  const { line, column } = placeOf(text, offset);
  const start = offset - column + 1;
  const newline = text.indexOf("\n", offset);
  const end = newline < 0 ? text.length : newline;
  const wrong = offset < end ? String.fromCodePoint(text.codePointAt(offset) ?? 0) : "";
  const before = text.slice(start, offset);
  const after = text.slice(offset + wrong.length, end);
  return {
    ...{ offset, line, column, expected, wrong },
    before: before.length > NEAR ? `…${before.slice(-NEAR)}` : before,
    after: after.length > NEAR ? `${after.slice(0, NEAR)}…` : after,
    isEnd: offset === text.length,
  };
}
