// The log in segments is compared with the plainest log there is, over random histories with wakes, failures and deletion.
import fc from "fast-check";
import { expect, it } from "vitest";
import { MemoryLog } from "../../../src/core/log/memory-log.ts";
import { SegmentLog } from "../../../src/core/log/segment-log.ts";
import type { Slice } from "../../../src/core/log/slice.ts";
import { MAX_FRAME_BYTES } from "../../../src/wire/limits.ts";
import { draftOf } from "../../support/drafts.ts";
import { FaultyStore } from "../../support/faulty-store.ts";
import { stamped } from "../../support/stamped.ts";

const TYPES = ["a", "b", "rare"] as const;
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("append" as const),
      types: fc.array(fc.constantFrom(...TYPES), { minLength: 1, maxLength: 6 }),
      size: fc.constantFrom(0, 10, 300, 1_500, 30_000),
      isWide: fc.boolean(),
      hasIds: fc.boolean(),
      /** Which row of it cannot be written, if it has as many. */
      fails: fc.option(fc.nat({ max: 2 })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("trim" as const), keep: fc.nat({ max: 40 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("remove" as const), back: fc.nat({ max: 60 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove before" as const), back: fc.nat({ max: 60 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.constantFrom(1_000, 300_000, 900_001) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "wake" as const }) },
  { weight: 1, arbitrary: fc.constant({ do: "count" as const }) },
);

const eventsOf = (slices: Iterable<Slice>) => [...slices].flatMap(({ events }) => events);

it("[L3] [L4] [L7] [L9] [I4] [X1] [X2] [X4] keeps, finds and counts what the plainest log does, through wakes and failures", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const plain = new MemoryLog();
      const store = new FaultyStore();
      const open = () => new SegmentLog(store, { generation: "0", freshEpoch: () => "never", maxIndexed: 16 });
      let log = open();
      let nowMs = 1_000;
      const keys = new Map<string, number>();
      let removals = 0;
      for (const each of steps) {
        if (each.do === "wake") log = open();
        else if (each.do === "count") log.writeUsage();
        else if (each.do === "pass") nowMs += each.ms;
        else if (each.do === "remove") {
          const seq = plain.cursor.seq - each.back;
          expect(log.remove(seq)).toBe(plain.remove(seq));
          removals += 1;
        } else if (each.do === "remove before") {
          const seq = plain.cursor.seq + 1 - each.back;
          let gone = 0;
          for (let count = -1; count !== 0; gone += Math.max(count, 0)) count = log.removeBefore(seq, nowMs);
          expect(gone).toBe(plain.removeBefore(seq));
          removals += 130; // those that are stored with one that stays
        } else if (each.do === "append") {
          const events = each.types.map((type, n) => {
            const seq = plain.cursor.seq + 1 + n;
            const data = (each.isWide ? "é" : "x").repeat(each.size);
            const id = each.hasIds && n % 2 === 0 ? `id-${seq}-${each.size}` : undefined;
            return stamped(draftOf({ type, data, id }), "abc", seq, { ms: nowMs, iso: "2026-11-21T12:00:00.000Z" });
          });
          store.failsIn = each.fails;
          const { rows, state } = store;
          let isAppended = true;
          try {
            log.append(events, "abc", nowMs);
          } catch {
            isAppended = false;
            expect([store.rows, store.state]).toEqual([rows, state]);
          }
          if (isAppended) {
            plain.append(events, "abc", nowMs);
            for (const { key, seq } of events) if (key !== null) keys.set(key, seq);
          }
          store.failsIn = null;
        } else {
          const retention = {
            maxEvents: each.keep,
            maxAgeMs: Number.POSITIVE_INFINITY,
            maxBytes: Number.POSITIVE_INFINITY,
          };
          const gone = log.trim(retention, nowMs);
          expect(log.cursor.seq + 1 - log.oldest).toBeGreaterThanOrEqual(
            Math.min(each.keep, plain.cursor.seq + 1 - plain.oldest),
          );
          plain.trim({ ...retention, maxEvents: plain.cursor.seq + 1 - plain.oldest - gone }, nowMs);
        }
        expect([log.cursor, log.oldest, log.bornMs, log.lastMs]).toEqual([
          plain.cursor,
          plain.oldest,
          plain.bornMs,
          plain.lastMs,
        ]);
      }
      for (const each of [log, open()]) {
        expect([each.cursor, each.oldest, each.usage.bytes]).toEqual([plain.cursor, plain.oldest, log.usage.bytes]);
        // Tombstones take a few bytes, and may take more than the smallest events.
        expect(Math.abs(log.usage.bytes - plain.usage.bytes)).toBeLessThanOrEqual(120 * removals);
        expect(new Map([...each.usage.byType].sort())).toEqual(new Map([...plain.usage.byType].sort()));
        for (const wanted of [null, (type: string) => type === "rare"]) {
          for (const after of [0, Math.floor(plain.cursor.seq / 2), plain.cursor.seq]) {
            expect(eventsOf(each.read(after, wanted))).toEqual(eventsOf(plain.read(after, wanted)));
            const backwards = eventsOf([...each.readBackwards(after, wanted)].reverse());
            expect(backwards).toEqual(eventsOf(plain.read(0, wanted)).filter(({ seq }) => seq < after));
          }
        }
        for (const [key, seq] of keys) {
          if (seq >= each.oldest) expect(each.findKey(key, nowMs)?.seq).toBe(seq);
          expect(each.findKey(`${key}-`, nowMs)).toBeUndefined();
        }
      }
      expect(log.usage.rowsWritten).toBeGreaterThanOrEqual(0);
      for (const { segment } of store.rows) {
        const isOne = segment.firstSeq === segment.lastSeq;
        expect(segment.bytes <= MAX_FRAME_BYTES || isOne).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});
