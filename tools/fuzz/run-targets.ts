// Gives each target its share of inputs, and says what broke it, with the smallest input that still does.
import fc from "fast-check";
import { HTTP_TARGETS } from "./http-target.ts";
import { PARSER_TARGETS } from "./parser-targets.ts";
import type { Target } from "./target.ts";
import { TOKEN_TARGETS } from "./token-target.ts";
import { becomeWorkerd } from "./worker-in-node.ts";

/** What strangers reach, as far as it runs in this process. */
export const TARGETS: readonly Target[] = [...PARSER_TARGETS, ...TOKEN_TARGETS, ...HTTP_TARGETS];

export interface Tried {
  readonly name: string;
  readonly inputs: number;
  readonly ms: number;
  /** What broke, and on what; `null`: nothing did. */
  readonly failure: string | null;
}

/** @param seed the same seed, the same inputs */
export async function tryTarget(
  { name, property, inputsARun = 1 }: Target,
  inputs: number,
  seed: number,
): Promise<Tried> {
  const undo = becomeWorkerd();
  const began = performance.now();
  try {
    const run = await fc.check(property, { numRuns: Math.ceil(inputs / inputsARun), seed });
    const failure = run.failed ? (fc.defaultReportMessage(run) ?? "It failed.") : null;
    return { name, inputs: run.numRuns * inputsARun, ms: performance.now() - began, failure };
  } finally {
    undo();
  }
}
