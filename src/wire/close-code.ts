// Close codes of WebSockets, as both ends read them. The code of each problem is in its table (`wire/problem`).
import { PROBLEMS, type ProblemCode } from "./problem.ts";

/** Problems for which a socket is closed. */
export type ClosingCode = {
  [Code in ProblemCode]: (typeof PROBLEMS)[Code] extends { readonly close: number } ? Code : never;
}[ProblemCode];

export function isClosing(code: ProblemCode): code is ClosingCode {
  return "close" in PROBLEMS[code];
}

/** After it a client reconnects once, with a fresh token. A literal: the table would cost the client its bytes. */
export const UNAUTHORIZED: (typeof PROBLEMS)["unauthorized"]["close"] = 4401;

/** The credential is accepted, and does not allow this. A literal, too. */
export const FORBIDDEN: (typeof PROBLEMS)["forbidden"]["close"] = 4503;

/**
 * Whether a client reconnects after a close with `code`. Only 4500–4999 mean: stay away. After 4401 (`unauthorized`) it needs
 * another token.
 *
 * @example
 * ```ts
 * import { reconnectsAfter } from "pulse-reactor/wire";
 *
 * console.log(reconnectsAfter(1006)); // → true
 * console.log(reconnectsAfter(4503)); // → false
 * ```
 */
export function reconnectsAfter(code: number): boolean {
  return code < 4500 || code > 4999;
}
