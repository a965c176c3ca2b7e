// Idempotency: two events are the same if source and id are, and type and data too.
import type { Draft } from "../../wire/draft.ts";

/** The idempotency key: the publisher's source and id. `null` where the hub makes the id, which never repeats. */
export function keyOf({ source, id }: Pick<Draft, "source" | "id">): string | null {
  return id === undefined ? null : `${source.length}:${source}${id}`; // the length, so that no two pairs make one text
}

/** The content of an event: the beginning of its JSON text, with type, data and source. Equal where those are. */
export function contentOf({ type, data, source }: Pick<Draft, "type" | "data" | "source">): string {
  return `{"type":"${type}","data":${data},"source":${JSON.stringify(source)}`;
}

/** What `stamp` puts behind the content. In strings its quotes are escaped, so the last one found is the one. */
const STAMPED = ',"timestamp":"';

/** The content of an event as the log keeps it. */
export function contentIn(event: string): string {
  return event.slice(0, event.lastIndexOf(STAMPED));
}

/**
 * A content in 64 bits and its length, for events that are deleted while their keys are still kept: twice FNV-1a,
 * from different bases. http://www.isthe.com/chongo/tech/comp/fnv/
 */
export function digestOf(content: string): string {
  let first = 0x811c9dc5;
  let second = 0x01000193;
  for (let i = 0; i < content.length; i++) {
    const unit = content.charCodeAt(i);
    first = Math.imul(first ^ unit, 0x01000193);
    second = Math.imul(second ^ unit ^ (i & 0xffff), 0x01000193);
  }
  return [first, second, content.length].map((part) => (part >>> 0).toString(36)).join(".");
}
