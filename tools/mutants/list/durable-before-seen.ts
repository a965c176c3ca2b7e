// Mutants of: durable before seen.
import type { Mutant } from "./mutant.ts";

export const DURABLE_BEFORE_SEEN: readonly Mutant[] = [
  {
    name: "skip-append",
    rule: "L2",
    breaks: "an emit is acknowledged and sent, but is not in the log",
    file: "src/core/broker.ts",
    text: "this.#log.append(events, epoch, at.ms);",
    replacement: "",
    tests: ["test/unit/core/broker.test.ts"],
  },
  {
    name: "send-before-append",
    rule: "L1",
    breaks: "subscribers receive events whose append then fails",
    file: "src/core/broker.ts",
    text: "this.#log.append(events, epoch, at.ms);",
    replacement:
      "for (const event of events) this.subscribers.fanout.ephemeral(event); this.#log.append(events, epoch, at.ms);",
    tests: ["test/unit/core/broker.test.ts"],
  },
  {
    name: "append-in-part",
    rule: "L3",
    breaks: "a batch that fails in its middle leaves its first events behind",
    file: "src/core/log/segment-log.ts",
    text: "else this.#store.transaction(write);",
    replacement: "else write();",
    tests: ["test/unit/core/segment-log.property.test.ts"],
  },
];
