import fc from "fast-check";
import { expect, it } from "vitest";
import { utf8Bytes } from "../../../src/wire/utf8.ts";
import { MESSAGES } from "../../../tools/fuzz/corpus.ts";
import { mutatedText } from "../../../tools/fuzz/mutations.ts";
import { HubInMemory } from "../../support/hub-in-memory.ts";

/** The most that a socket's attachment may hold, in bytes. */
const MAX_ATTACHMENT_BYTES = 16_384;
const MAX_BINARY_BYTES = 9;

const message = fc.oneof(
  { weight: 9, arbitrary: mutatedText(MESSAGES) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: MAX_BINARY_BYTES }).map((bytes) => bytes.slice().buffer) },
);

it.each(["v1", "legacy"] as const)("survives any messages on a socket (%s), with no effect on another", (dialect) => {
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 12 }), (messages) => {
      const hub = new HubInMemory();
      const other = hub.join();
      const fuzzed = hub.join({ dialect, sub: "ada", emit: ["chat_*"] });
      for (const message of messages) {
        hub.emit(1);
        hub.broker.hear(fuzzed, message);
        for (const kept of hub.attachments.values()) {
          expect(utf8Bytes(JSON.stringify(kept))).toBeLessThan(MAX_ATTACHMENT_BYTES);
        }
      }
      fuzzed.frames(); // each of them is JSON
      if (fuzzed.closed) expect([4408, 4429, 4500]).toContain(fuzzed.closed.code);
      const received = other.frames().flatMap(({ events = [] }) => events);
      expect(received.map(({ seq }) => seq)).toEqual(received.map((_, n) => n + 1));
      const theirs = received.filter(({ source }) => source === "user:ada");
      expect(received.length - theirs.length).toBe(messages.length);
      for (const { type } of theirs) expect(type).toMatch(/^chat_/);
      expect([other.closed, hub.reports]).toEqual([undefined, []]);
    }),
    { numRuns: 500, seed: 7 },
  );
});
