// Which drafts of an emit are new, and which were emitted before: retries of a publisher that did not hear the answer.
import type { Draft } from "../../wire/draft.ts";
import { err, ok, type Result } from "../../wire/problem.ts";
import type { KnownEvent } from "./event-log.ts";
import { contentOf, keyOf } from "./fingerprint.ts";

export interface Sorted {
  /** What is to be appended, in order. */
  readonly fresh: readonly Draft[];
  /** Where each draft is, or will be. */
  readonly places: readonly { readonly seq: number; readonly duplicate: boolean }[];
}

/**
 * @param recall what was appended before under a key
 * @param next the seq that the first new one will have
 * @returns the drafts sorted out, of equal ones in a batch the first being new; or `id_conflict`
 */
export function deduplicate(
  drafts: readonly Draft[],
  findKey: (key: string) => KnownEvent | undefined,
  next: number,
): Result<Sorted> {
  const fresh: Draft[] = [];
  const places: { seq: number; duplicate: boolean }[] = [];
  const inBatch = new Map<string, KnownEvent>();
  for (const [index, draft] of drafts.entries()) {
    const key = keyOf(draft);
    const content = key === null ? "" : contentOf(draft);
    const known = key === null ? undefined : (inBatch.get(key) ?? findKey(key));
    if (known && !known.is(content)) return conflict(draft, known.seq, drafts.length > 1 ? `/${index}` : "");
    const seq = known?.seq ?? next + fresh.length;
    places.push({ seq, duplicate: known !== undefined });
    if (known) continue;
    fresh.push(draft);
    if (key !== null) inBatch.set(key, { seq, is: (other) => other === content });
  }
  return ok({ fresh, places });
}

function conflict({ source, id }: Draft, seq: number, pointer: string) {
  const names = `source ${JSON.stringify(source)} and id ${JSON.stringify(id)}`;
  return err("id_conflict", `The event ${seq} has ${names} already, with another type or other data.`, `${pointer}/id`);
}
