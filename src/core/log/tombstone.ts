// What the log keeps, in its place, of an event that was taken out: how large it was, and digests by which a retry of it is still
// recognised.
//
//   {"type":"reactor_removed","bytes":312,"key":"1f2kq0c7x.9abzk3m1p","content":"2b7tq0c7x.1e"}
//
// No event has this type: from outside it is refused (E2).
import { utf8Bytes } from "../../wire/utf8.ts";
import { contentIn, digestOf, hash53 } from "./content.ts";
import { fingerprintOf, keyIn } from "./fingerprint.ts";

/** The type under which a segment counts its tombstones. */
export const REMOVED = "reactor_removed";

const START = `{"type":"${REMOVED}"`;

interface Tombstone {
  /** Of the event in UTF-8. */
  readonly bytes: number;
  /** Where its publisher gave an id: the digests of its key and of its content. */
  readonly key?: string;
  readonly content?: string;
}

export function isTombstone(event: string): boolean {
  return event.startsWith(START);
}

/** @param event JSON text (`wire/event`) @param hasKey whether its publisher gave an id, so that it can be retried */
export function tombstoneOf(event: string, hasKey: boolean): string {
  const bytes = utf8Bytes(event);
  const key = hasKey ? keyIn(event) : null;
  const digests = key === null ? {} : { key: digestOfKey(key), content: digestOf(contentIn(event)) };
  return JSON.stringify({ type: REMOVED, bytes, ...digests } satisfies Tombstone & { type: string });
}

export function readTombstone(event: string): Tombstone {
  return JSON.parse(event) as Tombstone;
}

/**
 * A key in 106 bits, so that it need not be kept: a source or an id may name a person. The first half is its fingerprint, by which
 * it is looked for. No key begins as a digest does.
 */
function digestOfKey(key: string): string {
  return `#${fingerprintOf(key).toString(36)}.${hash53(`${REMOVED} ${key}`).toString(36)}`;
}

/** Of a key, or of the digest of one. */
export function fingerprintIn(key: string): number {
  return key.startsWith("#") ? Number.parseInt(key.slice(1), 36) : fingerprintOf(key);
}

/** Whether `known` is `key`, or its digest. */
export function isSameKey(known: string, key: string): boolean {
  return known === (known.startsWith("#") ? digestOfKey(key) : key);
}
