// Mutants of: frames state what they cover.
import type { Mutant } from "./mutant.ts";

export const FRAMES: readonly Mutant[] = [
  {
    name: "after-is-head",
    rule: "F4",
    breaks: "frames claim to begin at the head",
    file: "src/core/fanout/sender.ts",
    text: "encodeEvents(sentSeq, to, events)",
    replacement: "encodeEvents(to.seq, to, events)",
    tests: ["test/unit/core/fanout.test.ts"],
  },
  {
    name: "after-is-the-previous-seq",
    rule: "F4",
    breaks:
      "frames claim to begin at their first event, so that clients see gaps where nothing is missing, and none where something is",
    file: "src/core/fanout/sender.ts",
    text: "encodeEvents(sentSeq, to, events)",
    replacement: "encodeEvents((matching[0]?.seq ?? 1) - 1, to, events)",
    tests: ["test/unit/core/fanout.test.ts"],
  },
  {
    name: "send-no-progress",
    rule: "F5",
    breaks: "a subscriber that receives no events falls behind retention",
    file: "src/core/fanout/fanout.ts",
    text: "flushedSeq - group.sentSeq >= BATCH_EVENTS",
    replacement: "flushedSeq < group.sentSeq",
    tests: ["test/unit/core/fanout.test.ts"],
  },
  {
    name: "skip-pending-events",
    breaks: "a subscriber that changes its subscription never receives the events of the next flush",
    rule: "F6",
    file: "src/core/fanout/subscribers.ts",
    text: "this.fanout.bringToHead(socket, allowed);",
    replacement: "",
    tests: [
      "test/unit/core/subscribers.test.ts",
      "test/unit/core/hub-fanout.test.ts",
      "test/unit/core/sweep.test.ts",
      "test/unit/core/replay.property.test.ts",
    ],
  },
  {
    name: "flush-all-in-one-turn",
    breaks: "one turn copies a frame for every socket, however large",
    rule: "F2",
    file: "src/core/fanout/fanout.ts",
    text: "let room = MAX_FLUSH_BYTES;",
    replacement: "let room = Number.POSITIVE_INFINITY;",
    tests: ["test/unit/core/fanout.test.ts"],
  },
  {
    name: "accept-doubled",
    rule: "R2",
    breaks: "an event that arrives twice reaches listeners twice",
    file: "src/wire/range.ts",
    text: "event.seq > own.seq",
    replacement: "event.seq > 0",
    tests: ["test/unit/wire/range.test.ts"],
  },
  {
    name: "overlook-gap",
    rule: "R1",
    breaks: "a frame that begins after the client's position is accepted",
    file: "src/wire/range.ts",
    text: "if (frame.after > own.seq) return { gap: true };",
    replacement: "",
    tests: ["test/unit/wire/range.test.ts"],
  },
];
