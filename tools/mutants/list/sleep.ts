// Mutants of: sleep.
import type { Mutant } from "./mutant.ts";

export const SLEEP: readonly Mutant[] = [
  {
    name: "forget-cursor-on-wake",
    rule: "L4",
    breaks: "a hub that wakes starts to count at 1 again",
    file: "src/core/log/segment-log.ts",
    text: "seq: this.#open?.lastSeq ?? countedTo",
    replacement: "seq: 0",
    tests: ["test/workerd/hub/hub.test.ts"],
  },
  {
    name: "forget-position-on-wake",
    rule: "C3",
    breaks: "when the hub wakes, a subscriber that is catching up skips what it has not been sent",
    file: "src/core/fanout/subscribers.ts",
    text: "Math.max(subscriber.sentSeq, flushedSeq) : subscriber.sentSeq",
    replacement: "Math.max(subscriber.sentSeq, flushedSeq) : this.#recentEvents.cursor.seq",
    tests: [
      "test/unit/core/subscribers.test.ts",
      "test/unit/core/hub-fanout.test.ts",
      "test/unit/core/sweep.test.ts",
      "test/unit/core/replay.property.test.ts",
    ],
  },
  {
    name: "lose-alarm",
    rule: "A2",
    breaks: "after one alarm there is never another: no heartbeat, no idle sweep, no retention",
    file: "src/core/maintenance.ts",
    text: "if (atMs !== null) this.#ports.keepAwake(",
    replacement: "if (atMs !== null && this.#log.usage.wakes < 0) this.#ports.keepAwake(",
    tests: ["test/workerd/hub/alarm.test.ts"],
  },
];
