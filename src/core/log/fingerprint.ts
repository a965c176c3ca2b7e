// Idempotency keys: two events are the same if source and id are, and type and data too.
import type { Draft } from "../../wire/draft.ts";
import { hash53 } from "./content.ts";

/** The idempotency key: the publisher's source and id. `null` where the hub makes the id, which never repeats. */
export function keyOf({ source, id }: Pick<Draft, "source" | "id">): string | null {
  return id === undefined ? null : `${source.length}:${source}${id}`; // the length, so that no two pairs make one text
}

/** The key of an event as the log keeps it, if its publisher gave an id. @param event JSON text (`wire/event`) */
export function keyIn(event: string): string | null {
  return keyOf(JSON.parse(event) as Pick<Draft, "source" | "id">);
}

/**
 * A key in 53 bits: what the log keeps of it beside the event. Equal fingerprints say no more than that the keys may be
 * equal: among 100,000 of them two others are once in two million logs.
 */
export function fingerprintOf(key: string): number {
  return hash53(key);
}
