// A client's own event, said on its socket: checked as at any other door, under the name that its token gives it.
import { type Draft, parseDraft } from "../../wire/draft.ts";
import { asObject } from "../../wire/json.ts";
import { memberText } from "../../wire/json-text.ts";
import { ok, type Result } from "../../wire/problem.ts";
import { encodeEmitted, encodeError, type Ref } from "../../wire/server-frame.ts";
import { checkEmit, senderOf } from "../access/rights.ts";
import type { Subscriber } from "../fanout/subscriber.ts";
import type { Receipt } from "../log/receipt.ts";

export interface ClientEmitPorts {
  /** As `Broker.emit`. */
  emit(drafts: readonly Draft[]): Result<Receipt>;
}

/**
 * Emits an event if the reader may.
 *
 * @param message the text in which it was said: its numbers are kept as they are written there
 * @param ref what the message called itself
 * @returns the answer, as a frame
 */
export function emitFromClient(
  subscriber: Subscriber,
  event: unknown,
  message: string,
  ref: Ref,
  ports: ClientEmitPorts,
): string {
  const draft = draftOf(subscriber, event, message);
  const emitted = draft.ok ? ports.emit([draft.value]) : draft;
  if (!emitted.ok) return encodeError(emitted.problem, ref);
  const { cursor, events } = emitted.value;
  const [first] = events;
  return encodeEmitted({ ref, cursor, id: first?.id ?? "", duplicate: first?.duplicate ?? false });
}

function draftOf(subscriber: Subscriber, event: unknown, message: string): Result<Draft> {
  const dataText = asObject(event) && memberText(memberText(message, "data") ?? "", "data");
  const draft = parseDraft(event, "/data", dataText, senderOf(subscriber));
  if (!draft.ok) return draft;
  const may = checkEmit(subscriber, [draft.value.type]);
  return may.ok ? ok(draft.value) : may;
}
