// Mutants of: keeping, and who may.
import type { Mutant } from "./mutant.ts";

export const RETENTION: readonly Mutant[] = [
  {
    name: "trim-one-too-many",
    rule: "L7",
    breaks: "a log keeps one event less than it should",
    file: "src/core/retention.ts",
    text: "events <= maxEvents &&",
    replacement: "events < maxEvents &&",
    tests: ["test/core/retention.test.ts", "test/hub/sqlite-log.test.ts"],
  },
  {
    name: "take-any-key",
    rule: "H2",
    breaks: "any bearer may emit",
    file: "src/auth/keys.ts",
    text: "crypto.subtle.timingSafeEqual(",
    replacement: "((..._: unknown[]) => true)(",
    tests: ["test/auth/keys.test.ts"],
  },
];
