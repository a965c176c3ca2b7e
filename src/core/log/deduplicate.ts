// Tells the drafts that are new from those that were emitted before: retries of a publisher that did not receive the answer.
import type { Draft } from "../../wire/draft.ts";
import { err, ok, type Result } from "../../wire/problem.ts";
import type { KnownEvent } from "./event-log.ts";
import { contentOf, keyOf } from "./fingerprint.ts";

/** Where a draft is, or will be once the fresh ones are appended. */
export interface Placed {
  readonly draft: Draft;
  readonly seq: number;
  readonly duplicate: boolean;
}

export interface Deduplicated {
  /** For each batch its drafts, or `id_conflict`. */
  readonly batches: readonly Result<readonly Placed[]>[];
  /** What is to be appended, in order. */
  readonly fresh: readonly Draft[];
}

/** Finds what was appended under a key. */
type FindKey = (key: string) => KnownEvent | undefined;

/**
 * Of equal drafts the first is fresh, and the others are its duplicates, within a batch and across batches. A batch with a
 * conflict adds nothing.
 *
 * @param next the seq that the first fresh draft will have
 */
export function deduplicateAll(batches: readonly (readonly Draft[])[], findKey: FindKey, next: number): Deduplicated {
  const fresh: Draft[] = [];
  const earlier = new Map<string, KnownEvent>();
  const find: FindKey = (key) => earlier.get(key) ?? findKey(key);
  const results = batches.map((drafts) => {
    const result = deduplicate(drafts, find, next + fresh.length);
    if (!result.ok) return result;
    for (const { draft, duplicate } of result.value.placed) if (!duplicate) fresh.push(draft);
    for (const [key, known] of result.value.keys) earlier.set(key, known);
    return ok(result.value.placed);
  });
  return { batches: results, fresh };
}

interface Batch {
  readonly placed: readonly Placed[];
  /** Of the fresh ones. */
  readonly keys: ReadonlyMap<string, KnownEvent>;
}

function deduplicate(drafts: readonly Draft[], findKey: FindKey, next: number): Result<Batch> {
  const placed: Placed[] = [];
  const keys = new Map<string, KnownEvent>();
  let fresh = 0;
  for (const [index, draft] of drafts.entries()) {
    const key = keyOf(draft);
    const content = key === null ? "" : contentOf(draft);
    const known = key === null ? undefined : (keys.get(key) ?? findKey(key));
    if (known && !known.is(content)) return conflict(draft, known.seq, drafts.length > 1 ? `/${index}` : "");
    const seq = known?.seq ?? next + fresh;
    placed.push({ draft, seq, duplicate: known !== undefined });
    if (known) continue;
    fresh += 1;
    if (key !== null) keys.set(key, { seq, is: (other) => other === content });
  }
  return ok({ placed, keys });
}

function conflict({ source, id }: Draft, seq: number, pointer: string) {
  const names = `source ${JSON.stringify(source)} and id ${JSON.stringify(id)}`;
  return err("id_conflict", `The event ${seq} has ${names} already, with another type or other data.`, `${pointer}/id`);
}
