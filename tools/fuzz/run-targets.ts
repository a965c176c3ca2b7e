// Runs each target on its share of inputs, and reports a failure with the smallest input that still fails.
import fc from "fast-check";
import { HTTP_TARGETS } from "./http-target.ts";
import { PARSER_TARGETS } from "./parser-targets.ts";
import type { Target } from "./target.ts";
import { TOKEN_TARGETS } from "./token-target.ts";
import { becomeWorkerd } from "./worker-in-node.ts";

/** The targets that run in this process. */
export const TARGETS: readonly Target[] = [...PARSER_TARGETS, ...TOKEN_TARGETS, ...HTTP_TARGETS];

export interface Tried {
  readonly name: string;
  readonly inputs: number;
  readonly ms: number;
  /** The failure and its input; `null` if there was none. */
  readonly failure: string | null;
}

/** @param seed the same seed, the same inputs */
export async function tryTarget(
  { name, property, inputsPerRun = 1 }: Target,
  inputs: number,
  seed: number,
): Promise<Tried> {
  const undo = becomeWorkerd();
  const began = performance.now();
  try {
    const run = await fc.check(property, { numRuns: Math.ceil(inputs / inputsPerRun), seed });
    const failure = run.failed ? (fc.defaultReportMessage(run) ?? "It failed.") : null;
    return { name, inputs: run.numRuns * inputsPerRun, ms: performance.now() - began, failure };
  } finally {
    undo();
  }
}
