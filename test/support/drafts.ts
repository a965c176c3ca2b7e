// Drafts for tests, made by the one maker there is.
import { type Draft, parseDraft } from "../../src/wire/draft.ts";

export function draftOf(event: unknown): Draft {
  const draft = parseDraft(event);
  if (!draft.ok) throw new Error(draft.problem.detail);
  return draft.value;
}

/** `count` events of one type, whose data tells them apart. */
export function draftsOf(count: number, type = "news_processed"): Draft[] {
  return Array.from({ length: count }, (_, n) => draftOf({ type, data: { n } }));
}
