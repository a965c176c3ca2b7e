// Drafts for tests, made by `parseDraft`, the only maker of drafts.
import { type Draft, parseDraft } from "../../src/wire/draft.ts";

export function draftOf(event: unknown): Draft {
  const draft = parseDraft(event);
  if (!draft.ok) throw new Error(draft.problem.detail);
  return draft.value;
}

/** `count` events of one type with different data. */
export function draftsOf(count: number, type = "news_processed"): Draft[] {
  return Array.from({ length: count }, (_, n) => draftOf({ type, data: { n } }));
}
