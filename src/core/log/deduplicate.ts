// Tells the drafts that are new from those that were emitted before: retries of a publisher that did not receive the answer.
import type { Draft } from "../../wire/draft.ts";
import { err, ok, type Result } from "../../wire/problem.ts";
import { isSameContent } from "./content.ts";
import type { KnownEvent } from "./event-log.ts";
import { keyOf } from "./fingerprint.ts";

/** Where the drafts of a batch are, or will be once the fresh ones are appended. */
export interface Placed {
  readonly drafts: readonly Draft[];
  /** Those that are to be appended, in order. */
  readonly fresh: readonly Draft[];
  /** The seq of the first fresh one. */
  readonly firstSeq: number;
  /** The seqs of the others, by their index in `drafts`. */
  readonly duplicates: ReadonlyMap<number, number>;
}

/** Finds what was appended under a key. */
type FindKey = (key: string) => KnownEvent | undefined;

const NONE = new Map<never, never>();

/**
 * Of equal drafts the first is fresh, and the others are its duplicates, within a batch and across batches. A batch with a
 * conflict adds nothing.
 *
 * @param next the seq that the first fresh draft will have
 * @returns for each batch where its drafts are, or `id_conflict`
 */
export function deduplicate(
  batches: readonly (readonly Draft[])[],
  findKey: FindKey,
  next: number,
): readonly Result<Placed>[] {
  let firstSeq = next;
  const earlier = new Map<string, KnownEvent>();
  return batches.map((drafts) => {
    const result = deduplicateBatch(drafts, (key) => earlier.get(key) ?? findKey(key), firstSeq);
    if (!result.ok) return result;
    const { placed, keys } = result.value;
    firstSeq += placed.fresh.length;
    if (batches.length > 1) for (const [key, known] of keys) earlier.set(key, known);
    return ok(placed);
  });
}

interface Batch {
  readonly placed: Placed;
  /** Of the fresh ones. */
  readonly keys: ReadonlyMap<string, KnownEvent>;
}

function deduplicateBatch(drafts: readonly Draft[], findKey: FindKey, firstSeq: number): Result<Batch> {
  const hasIds = drafts.some(({ id }) => id !== undefined);
  if (!hasIds) return ok({ placed: { drafts, fresh: drafts, firstSeq, duplicates: NONE }, keys: NONE });
  const fresh: Draft[] = [];
  const duplicates = new Map<number, number>();
  const keys = new Map<string, KnownEvent>();
  for (const [index, draft] of drafts.entries()) {
    const key = keyOf(draft);
    const known = key === null ? undefined : (keys.get(key) ?? findKey(key));
    if (known && !known.is(draft)) return conflict(draft, known.seq, drafts.length > 1 ? `/${index}` : "");
    if (known) duplicates.set(index, known.seq);
    else {
      const seq = firstSeq + fresh.length;
      if (key !== null) keys.set(key, { seq, is: (content) => isSameContent(draft, content) });
      fresh.push(draft);
    }
  }
  return ok({ placed: { drafts, fresh, firstSeq, duplicates }, keys });
}

function conflict({ source, id }: Draft, seq: number, pointer: string) {
  const names = `source ${JSON.stringify(source)} and id ${JSON.stringify(id)}`;
  return err(
    "id_conflict",
    `The event ${seq} has ${names} already, with another type or other data. An id names an event, not the thing it is about.`,
    `${pointer}/id`,
  );
}
