// An event that a client emits on its socket: checked as at every entry point, with the `source` of its token.
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
 * Emits an event if the socket's rights allow it.
 *
 * @param message the text of the message: its numbers are kept as they are written there
 * @param ref of the message
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
