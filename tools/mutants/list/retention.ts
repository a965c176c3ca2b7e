// Mutants of: retention, and keys.
import type { Mutant } from "./mutant.ts";

export const RETENTION: readonly Mutant[] = [
  {
    name: "trim-one-too-many",
    rule: "L7",
    breaks: "a log keeps less than it promises, by part of a segment",
    file: "src/core/log/retention.ts",
    text: "events < maxEvents &&",
    replacement: "events < maxEvents - 1 &&",
    tests: ["test/unit/core/retention.test.ts", "test/unit/core/segment-log.property.test.ts"],
  },
  {
    name: "accept-any-key",
    rule: "H3",
    breaks: "any bearer token may emit",
    file: "src/auth/keys.ts",
    text: "crypto.subtle.timingSafeEqual(",
    replacement: "((..._: unknown[]) => true)(",
    tests: ["test/workerd/auth/keys.test.ts"],
  },
];
