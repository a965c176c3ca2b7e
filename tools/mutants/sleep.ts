// Mutants of: sleep.
import type { Mutant } from "./mutant.ts";

export const SLEEP: readonly Mutant[] = [
  {
    name: "forget-cursor-on-wake",
    rule: "L4",
    breaks: "a hub that wakes counts from the beginning",
    file: "src/hub/sqlite-log.ts",
    text: "seq: newest?.seq ?? log.counted_to",
    replacement: "seq: 0",
    tests: ["test/hub/hub.test.ts"],
  },
  {
    name: "forget-place-on-wake",
    rule: "C3",
    breaks: "a reader that catches up skips what it has not been sent when the hub wakes",
    file: "src/core/readers.ts",
    text: "Math.max(reader.told, toldTo) : reader.told",
    replacement: "Math.max(reader.told, toldTo) : this.#tail.cursor.seq",
    tests: [
      "test/core/readers.test.ts",
      "test/core/broadcast.test.ts",
      "test/core/care.test.ts",
      "test/core/replay.property.test.ts",
    ],
  },
  {
    name: "lose-alarm",
    rule: "A2",
    breaks: "after one alarm there is never another: no heartbeat, no ghosts, no retention",
    file: "src/core/maintenance.ts",
    text: "if (atMs !== null) this.#ports.keepAwake(",
    replacement: "if (atMs !== null && this.#log.tally.wakes < 0) this.#ports.keepAwake(",
    tests: ["test/hub/alarm.test.ts"],
  },
];
