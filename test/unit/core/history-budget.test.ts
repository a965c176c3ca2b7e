import { expect, it } from "vitest";
import { HISTORY_BURST_BYTES, HistoryBudget, MIN_PAGE_BYTES } from "../../../src/core/log/history-budget.ts";
import { READ_LIMITS } from "../../../src/core/log/read-back.ts";
import { draftOf } from "../../support/drafts.ts";
import { HubInMemory } from "../../support/hub-in-memory.ts";

it("[H24] gives pages 4 MiB each until 16 MiB are taken, then 256 KiB, and recovers with time", () => {
  const budget = new HistoryBudget();
  const take = (nowMs: number) => {
    const bytes = budget.next(nowMs);
    budget.took(bytes);
    return bytes;
  };
  const whole = HISTORY_BURST_BYTES / READ_LIMITS.bytes;
  expect(Array.from({ length: whole + 2 }, () => take(0))).toEqual([
    ...Array(whole).fill(READ_LIMITS.bytes),
    MIN_PAGE_BYTES,
    MIN_PAGE_BYTES,
  ]);
  expect(take(-3_600_000)).toBe(MIN_PAGE_BYTES); // a clock that is set back gives nothing
  expect(take(-3_600_000 + 31.25)).toBe(2 * 1024 * 1024);
  expect(take(1_000_000)).toBe(READ_LIMITS.bytes);
});

it("[H24] makes pages that are asked for at once smaller, and a reader has all events from where they end", () => {
  const hub = new HubInMemory();
  for (let n = 0; n < 60; n++) hub.emit([draftOf({ type: "a", data: "x".repeat(250_000) })]);
  const seqs: number[] = [];
  let [taken, pages, cursor] = [0, 0, null as string | null];
  for (let more = true; more; pages++) {
    const after = cursor === null ? null : { epoch: "abc", seq: Number(cursor.split(".")[1]) };
    const { text } = hub.broker.history(
      { at: "after", cursor: after },
      { asked: null, allowed: null },
      { events: 1_000, bytes: READ_LIMITS.bytes },
    );
    const page = JSON.parse(text);
    seqs.push(...page.events.map(({ seq }: { seq: number }) => seq));
    [cursor, more, taken] = [page.cursor, page.more, taken + text.length];
    if (pages === 3) expect(taken).toBeGreaterThan(HISTORY_BURST_BYTES - READ_LIMITS.bytes);
  }
  expect(seqs).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
});
