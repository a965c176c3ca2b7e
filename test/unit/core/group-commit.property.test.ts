// Emits that are committed together get what they would have got one after the other, over the log that a hub has.
import fc from "fast-check";
import { expect, it } from "vitest";
import { GROUP_EVENTS } from "../../../src/core/group-commit.ts";
import { isSameContent } from "../../../src/core/log/content.ts";
import { keyOf } from "../../../src/core/log/fingerprint.ts";
import type { AppendedEvent } from "../../../src/core/log/logged-event.ts";
import { SegmentLog } from "../../../src/core/log/segment-log.ts";
import type { Draft } from "../../../src/wire/draft.ts";
import { draftOf } from "../../support/drafts.ts";
import { HubInMemory, settled } from "../../support/hub-in-memory.ts";
import { eventsIn } from "../../support/stamped.ts";
import { StoreInMemory } from "../../support/store-in-memory.ts";

const draft = fc.record(
  { type: fc.constantFrom("a", "b"), data: fc.constantFrom(1, 2, "x"), id: fc.constantFrom("1", "2", "3", "4") },
  { requiredKeys: ["type", "data"] },
);
const batch = fc.oneof(
  { weight: 8, arbitrary: fc.array(draft, { minLength: 1, maxLength: 4 }) },
  { weight: 1, arbitrary: fc.array(draft, { minLength: 60, maxLength: 70 }) },
);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("emit" as const), batch }) },
  { weight: 2, arbitrary: fc.constant({ do: "sync" as const }) },
  { weight: 1, arbitrary: fc.constant({ do: "wake" as const }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What a batch is answered: its seqs and which of them were known, or why it was refused. */
type Answer = readonly (readonly [seq: number, duplicate: boolean])[] | string;

/** One batch after the other, as if each were committed alone. */
function inTurn(batches: readonly (readonly Draft[])[]): { answers: Answer[]; types: string[] } {
  const known = new Map<string, { seq: number; draft: Draft }>();
  const types: string[] = [];
  const answers = batches.map((drafts): Answer => {
    const [own, fresh, answer] = [new Map(known), [] as string[], [] as [number, boolean][]];
    for (const each of drafts) {
      const key = keyOf(each);
      const before = key === null ? undefined : own.get(key);
      if (before && !isSameContent(before.draft, each)) return "id_conflict";
      const seq = before?.seq ?? types.length + fresh.length + 1;
      answer.push([seq, before !== undefined]);
      if (before) continue;
      fresh.push(each.type);
      if (key !== null) own.set(key, { seq, draft: each });
    }
    for (const [key, value] of own) known.set(key, value);
    types.push(...fresh);
    return answer;
  });
  return { answers, types };
}

async function together(steps: readonly Step[]) {
  const store = new StoreInMemory();
  const open = () => {
    const log = new SegmentLog(store, { generation: "0", freshEpoch: () => "never" });
    const append = log.append.bind(log);
    log.append = (events: readonly AppendedEvent[], ...rest) => {
      appends.push(events.length);
      append(events, ...rest);
    };
    return log;
  };
  const appends: number[] = [];
  let syncs: (() => void)[] = [];
  const wake = () => new HubInMemory(open(), { durable: () => new Promise((resolve) => syncs.push(resolve)) });
  const sync = async () => {
    const begun = syncs;
    syncs = [];
    for (const resolve of begun) resolve();
    await settled();
  };
  let hub = wake();
  const emitted: Promise<Answer>[] = [];
  for (const each of steps) {
    if (each.do === "sync") await sync();
    else if (each.do === "emit") {
      const drafts = each.batch.map(draftOf);
      const answer = hub.broker.emit(drafts).then((receipt): Answer => {
        if (!receipt.ok) return receipt.problem.code;
        return receipt.value.events.map(({ seq, duplicate }) => [seq, duplicate] as const);
      });
      emitted.push(answer);
    } else {
      while (syncs.length > 0) await sync(); // a hub sleeps when nothing waits
      hub = wake();
    }
  }
  while (syncs.length > 0) await sync();
  return { answers: await Promise.all(emitted), log: open(), appends };
}

it("[L3] [L10] [I1] [I2] [I3] answers and stores, whatever is committed together, what one commit after the other would", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const batches = steps.flatMap((each) => (each.do === "emit" ? [each.batch.map(draftOf)] : []));
      const { answers, log, appends } = await together(steps);
      const expected = inTurn(batches);
      expect(answers).toEqual(expected.answers);
      expect(eventsIn(log).map(({ type }) => type)).toEqual(expected.types);
      const largest = Math.max(0, ...batches.map(({ length }) => length));
      expect(Math.max(0, ...appends)).toBeLessThanOrEqual(Math.max(GROUP_EVENTS, largest));
    }),
    { numRuns: 200 },
  );
});
