// Mutants of: retries.
import type { Mutant } from "./mutant.ts";

export const RETRIES: readonly Mutant[] = [
  {
    name: "append-duplicate",
    rule: "I5",
    breaks: "a retry is counted and shown as another event",
    file: "src/core/duplicates.ts",
    text: "if (known) continue;",
    replacement: "",
    tests: ["test/core/duplicates.test.ts", "test/core/broker.test.ts"],
  },
  {
    name: "overlook-conflict",
    rule: "I2",
    breaks: "another event under a known id is acknowledged, and dropped",
    file: "src/core/duplicates.ts",
    text: "!known.is(substance)",
    replacement: "known.seq < 0",
    tests: ["test/core/duplicates.test.ts"],
  },
  {
    name: "forget-ids-with-events",
    rule: "I4",
    breaks: "a retry of an event that was let go a moment ago is another event",
    file: "src/hub/sqlite-log.ts",
    text: "remember(sql, this.oldest + count, nowMs)",
    replacement: "0",
    tests: ["test/hub/sqlite-log.test.ts", "test/hub/idempotence.test.ts"],
  },
];
