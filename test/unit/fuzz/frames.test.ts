import fc from "fast-check";
import { expect, it } from "vitest";
import { utf8Bytes } from "../../../src/wire/utf8.ts";
import { MESSAGES } from "../../../tools/fuzz/corpus.ts";
import { bentText } from "../../../tools/fuzz/mutations.ts";
import { HubInMemory } from "../../support/hub-in-memory.ts";

/** What a socket's attachment may hold, in bytes. */
const MAX_ATTACHMENT_BYTES = 16_384;
const MAX_BINARY_BYTES = 9;

const message = fc.oneof(
  { weight: 9, arbitrary: bentText(MESSAGES) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: MAX_BINARY_BYTES }).map((bytes) => bytes.slice().buffer) },
);

it.each(["v1", "legacy"] as const)("stands what strangers say on a socket (%s), and nobody else notices", (dialect) => {
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 12 }), (messages) => {
      const hub = new HubInMemory();
      const bystander = hub.join();
      const stranger = hub.join({ dialect, sub: "ada", emit: ["chat_*"] });
      for (const message of messages) {
        hub.emit(1);
        hub.broker.hear(stranger, message);
        for (const kept of hub.attachments.values()) {
          expect(utf8Bytes(JSON.stringify(kept))).toBeLessThan(MAX_ATTACHMENT_BYTES);
        }
      }
      stranger.frames(); // each of them is JSON
      if (stranger.closed) expect([4408, 4429, 4500]).toContain(stranger.closed.code);
      const heard = bystander.frames().flatMap(({ events = [] }) => events);
      expect(heard.map(({ seq }) => seq)).toEqual(heard.map((_, n) => n + 1));
      const theirs = heard.filter(({ source }) => source === "user:ada");
      expect(heard.length - theirs.length).toBe(messages.length);
      for (const { type } of theirs) expect(type).toMatch(/^chat_/);
      expect([bystander.closed, hub.reports]).toEqual([undefined, []]);
    }),
    { numRuns: 500, seed: 7 },
  );
});
