import { expect, it, vi } from "vitest";
import { fingerprintOf, keyOf } from "../../../src/core/log/fingerprint.ts";
import { FingerprintIndex } from "../../../src/core/log/fingerprint-index.ts";
import { SegmentLog } from "../../../src/core/log/segment-log.ts";
import { stamp } from "../../../src/core/log/stamp.ts";
import { draftOf } from "../../support/drafts.ts";
import { eventsIn, stamped } from "../../support/stamped.ts";
import { StoreInMemory } from "../../support/store-in-memory.ts";

const at = { ms: 0, iso: "2026-11-21T12:00:00.000Z" };
const keyFor = (id: string) => keyOf({ source: "system", id }) ?? "";
const named = (seq: number, id: string) => stamped(draftOf({ type: "a", id }), "abc", seq, at);
const KEEP_NONE = { maxEvents: 0, maxAgeMs: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY };
const MINUTE_MS = 60_000;

function logOf(maxIndexed?: number) {
  const store = new StoreInMemory();
  const open = () =>
    new SegmentLog(store, { generation: "0", freshEpoch: () => "never", ...(maxIndexed && { maxIndexed }) });
  return { store, open, log: open() };
}

it.each([
  ["that is kept", false],
  ["that was just deleted", true],
])("[I1] takes no event %s for another whose fingerprint is the same", (_, isDeleted) => {
  const { store, log, open } = logOf();
  log.append([named(1, "one")], "abc", 1_000);
  // As if the two had one fingerprint: such ids are too rare to be found.
  const fingerprints = new Float64Array([fingerprintOf(keyFor("two"))]);
  store.rows = store.rows.map(({ segment, counters }) => ({ segment: { ...segment, fingerprints }, counters }));
  const again = open();
  if (isDeleted) again.trim(KEEP_NONE, 1_000);
  expect(again.findKey(keyFor("two"), 1_000)).toBeUndefined();
});

it("[I4] writes no note of an event that is old, or that has no id", () => {
  const { store, log } = logOf();
  log.append([named(1, "old")], "abc", 0);
  log.append([stamped(draftOf({ type: "a", data: "x".repeat(5_000) }), "abc", 2, at)], "abc", 20 * MINUTE_MS);
  const before = store.rowsWritten;
  expect(log.trim(KEEP_NONE, 20 * MINUTE_MS)).toBe(2);
  expect(store.rowsWritten - before).toBe(2 + 1); // two segments, and the state
  expect([...store.values("")]).toEqual([]);
});

it("[I4] notes thousands in a few rows, finds each, and deletes them when their time is over", () => {
  const { store, log, open } = logOf();
  for (let seq = 1; seq <= 3_000; seq += 100) {
    const batch = Array.from({ length: 100 }, (_, n) => named(seq + n, `id-${seq + n}`));
    log.append(batch, "abc", 1_000);
  }
  for (let gone = -1; gone !== 0; ) gone = log.trim(KEEP_NONE, 2_000);
  expect([...store.values("")].length).toBeLessThanOrEqual(4);
  for (const each of [log, open()]) {
    for (const seq of [1, 1_000, 1_001, 2_000, 3_000]) {
      expect(each.findKey(keyFor(`id-${seq}`), 1_000 + 9 * MINUTE_MS)?.seq).toBe(seq);
    }
  }
  log.trim(KEEP_NONE, 1_000 + 10 * MINUTE_MS);
  expect([...store.values("")]).toEqual([]);
});

it.each([
  ["escapes", "\u0001".repeat(252)],
  ["letters of three bytes", "€".repeat(84)],
])(
  "[I4] keeps the values of notes below what Cloudflare takes, where names are as long as they may be, of %s",
  (_, long) => {
    const { store, log, open } = logOf();
    const id = (seq: number) => long + String(seq).padStart(4, "0");
    for (let seq = 1; seq <= 2_000; seq += 10) {
      const batch = Array.from({ length: 10 }, (_, n) => draftOf({ type: "a", source: long, id: id(seq + n) }));
      log.append(stamp(batch, "abc", seq, at), "abc", 1_000);
    }
    for (let gone = -1; gone !== 0; ) gone = log.trim(KEEP_NONE, 2_000);
    for (const [, value] of store.values("")) expect(Buffer.byteLength(value)).toBeLessThan(2_000_000);
    for (const seq of [1, 999, 1_000, 1_001, 2_000]) {
      expect(open().findKey(keyOf({ source: long, id: id(seq) }) ?? "", 2_000)?.seq).toBe(seq);
    }
  },
);

it("[L3] [I1] has appended what is stored, also where its ids cannot be indexed at the moment", () => {
  const { store, log } = logOf(1);
  log.append([named(1, "one")], "abc", 1_000);
  expect(log.findKey(keyFor("one"), 1_000)?.seq).toBe(1);
  const values = store.values.bind(store);
  store.values = () => {
    throw new Error("The disk cannot be read.");
  };
  log.append([named(2, "two")], "abc", 1_000); // needs room in the index
  store.values = values;
  log.append([named(3, "three")], "abc", 1_000);
  expect(eventsIn(log).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  for (const [seq, id] of ["one", "two", "three"].entries()) expect(log.findKey(keyFor(id), 1_000)?.seq).toBe(seq + 1);
});

it("[I4] finds the newest of several events that had one id", () => {
  const { log, open } = logOf();
  log.append([named(1, "same")], "abc", 0);
  log.trim(KEEP_NONE, 11 * MINUTE_MS);
  log.append([named(2, "same")], "abc", 11 * MINUTE_MS);
  for (const each of [log, open()]) expect(each.findKey(keyFor("same"), 12 * MINUTE_MS)?.seq).toBe(2);
});

it("[I4] reads one segment after the other for its notes: what is deleted together may be more than a hub has memory", () => {
  const { store, log } = logOf();
  for (let seq = 1; seq <= 40; seq++) {
    log.append([stamped(draftOf({ type: "a", id: `id-${seq}`, data: "x".repeat(5_000) }), "abc", seq, at)], "abc", 0);
  }
  const read = vi.spyOn(store, "segmentsFrom");
  log.trim(KEEP_NONE, 1_000);
  expect(log.oldest).toBe(41);
  const limits = read.mock.calls.map(([, limit]) => limit).filter(Number.isFinite); // without those of the double itself
  expect(limits).toEqual(Array(40).fill(1));
  for (let seq = 1; seq <= 40; seq++) expect(log.findKey(keyFor(`id-${seq}`), 1_000)?.seq).toBe(seq);
});

it("[I4] finds an id in storage that it has no room for in memory, kept or noted", () => {
  const { log, open } = logOf(16);
  for (let seq = 1; seq <= 60; seq++) log.append([named(seq, `id-${seq}`)], "abc", 0);
  log.trim({ ...KEEP_NONE, maxEvents: 20 }, 1_000);
  for (const each of [log, open()]) {
    expect(each.oldest).toBeGreaterThan(1);
    for (let seq = 1; seq <= 60; seq++) expect(each.findKey(keyFor(`id-${seq}`), 1_000)?.seq).toBe(seq);
  }
});

it("[I4] keeps 100,000 fingerprints in 4 MiB, and forgets those that are deleted", () => {
  const index = new FingerprintIndex();
  const total = 100_000;
  for (let seq = 1; seq <= total; seq++) index.add(fingerprintOf(`id-${seq}`), seq, () => 0);
  for (const seq of [1, 50_000, total]) expect(index.seqsOf(fingerprintOf(`id-${seq}`))).toEqual([seq]);
  expect(index.seqsOf(fingerprintOf("another"))).toEqual([]);
  expect([index.size, index.from]).toEqual([total, 0]);
  expect(index.bytes).toBeLessThanOrEqual(4 * 1024 * 1024);
  for (let seq = total + 1; seq <= 20 * total; seq++) index.add(fingerprintOf(`id-${seq}`), seq, () => seq - total);
  expect(index.bytes).toBeLessThanOrEqual(8 * 1024 * 1024);
});

it("[I4] drops the older half of the fingerprints when there are too many, and says from where it has them", () => {
  const index = new FingerprintIndex(100);
  for (let seq = 1; seq <= 1_000; seq++) index.add(fingerprintOf(`id-${seq}`), seq, () => 0);
  expect(index.size).toBeLessThanOrEqual(100);
  expect(index.from).toBeGreaterThan(900);
  for (let seq = index.from; seq <= 1_000; seq++) expect(index.seqsOf(fingerprintOf(`id-${seq}`))).toEqual([seq]);
  index.add(fingerprintOf("late"), 3, () => 0); // too old by now
  expect(index.seqsOf(fingerprintOf("late"))).toEqual([]);
});
