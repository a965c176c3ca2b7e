// The members that a publisher may give an event. Others are refused: an event that lost its `payload` would be worse than none.
import { describeValue } from "./describe-value.ts";
import { pointerTo } from "./json-pointer.ts";
import { MAX_NAME_BYTES } from "./limits.ts";
import { err, ok, type Result } from "./problem.ts";
import { suggestion } from "./suggest.ts";

const MEMBERS = ["type", "data", "source", "timestamp", "id"] as const;

const IS_MEMBER = new Set<string>(MEMBERS);

/** What other systems call them. */
const SYNONYMS = new Map<string, (typeof MEMBERS)[number]>([
  ...["event", "event_type", "eventType", "kind", "name", "topic"].map((name) => [name, "type"] as const),
  ...["body", "content", "detail", "message", "params", "payload", "properties"].map((name) => [name, "data"] as const),
  ...["created_at", "createdAt", "date", "datetime", "occurred_at", "time", "ts"].map(
    (name) => [name, "timestamp"] as const,
  ),
  ...["event_id", "eventId", "idempotency_key", "key", "uuid"].map((name) => [name, "id"] as const),
  ...["origin", "producer", "publisher", "sender"].map((name) => [name, "source"] as const),
]);

/** What belongs elsewhere. */
const REASONS: Readonly<Record<string, string>> = {
  channel: 'the channel is named beside the events, over HTTP as "?channel=…".',
  cursor: "the hub gives an event its place; leave it out.",
  seq: "the hub gives an event its place; leave it out.",
  specversion: "CloudEvents are emitted over HTTP only.",
};

/** A member that is `undefined` is absent. @returns nothing, or `unknown_field` with a pointer to the first other member */
export function checkMembers(event: Readonly<Record<string, unknown>>, pointer: string): Result<void> {
  for (const name of Object.keys(event)) {
    if (IS_MEMBER.has(name) || event[name] === undefined) continue;
    const reason = Object.hasOwn(REASONS, name) ? `: ${REASONS[name]}` : suggestionFor(name);
    const detail = `An event has no member ${describeValue(name)}${reason} It may have ${MEMBERS.join(", ")}.`;
    return err("unknown_field", detail, name.length > MAX_NAME_BYTES ? pointer : pointerTo(pointer, name));
  }
  return ok(undefined);
}

function suggestionFor(name: string): string {
  const meant = SYNONYMS.get(name);
  return meant === undefined ? suggestion(name, MEMBERS) : `; did you mean "${meant}"?`;
}
