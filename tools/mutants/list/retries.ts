// Mutants of: retries.
import type { Mutant } from "./mutant.ts";

export const RETRIES: readonly Mutant[] = [
  {
    name: "append-duplicate",
    rule: "I5",
    breaks: "a retry is appended and sent as another event",
    file: "src/core/log/deduplicate.ts",
    text: "if (known) continue;",
    replacement: "",
    tests: ["test/unit/core/deduplicate.test.ts", "test/unit/core/broker.test.ts"],
  },
  {
    name: "overlook-conflict",
    rule: "I2",
    breaks: "another event with a known id is acknowledged and dropped",
    file: "src/core/log/deduplicate.ts",
    text: "!known.is(content)",
    replacement: "known.seq < 0",
    tests: ["test/unit/core/deduplicate.test.ts"],
  },
  {
    name: "forget-ids-with-events",
    rule: "I4",
    breaks: "a retry of an event that was just deleted is another event",
    file: "src/hub/storage/sqlite-log.ts",
    text: "keepKeys(sql, this.oldest + count, nowMs)",
    replacement: "0",
    tests: ["test/workerd/hub/sqlite-log.test.ts", "test/workerd/hub/idempotence.test.ts"],
  },
];
