// An event that a client emits on its socket: checked as at every entry point, with the `source` of its token.
import { type Draft, parseDraft } from "../../wire/draft.ts";
import { asObject } from "../../wire/json.ts";
import { memberText } from "../../wire/json-text.ts";
import { ok, type Result } from "../../wire/problem.ts";
import { encodeEmitted, encodeError, type Ref } from "../../wire/server-frame.ts";
import { checkEmit, senderOf } from "../access/rights.ts";
import type { Counts } from "../counts/counts.ts";
import type { Subscriber } from "../fanout/subscriber.ts";
import type { Receipt } from "../log/receipt.ts";

export interface ClientEmitPorts {
  readonly counts: Counts;
  /** As `Broker.emit`, which counts what it refuses. */
  emit(drafts: readonly Draft[]): Promise<Result<Receipt>>;
}

/**
 * Emits an event if the socket's rights allow it.
 *
 * @param message the text of the message: its numbers are kept as they are written there
 * @param ref of the message
 * @param answer is called with the answer, a frame: at once where the event is refused, else when it is committed
 * @returns a promise that is resolved after the answer
 */
export async function emitFromClient(
  subscriber: Subscriber,
  event: unknown,
  message: string,
  ref: Ref,
  ports: ClientEmitPorts,
  answer: (frame: string) => void,
): Promise<void> {
  const draft = draftOf(subscriber, event, message);
  if (!draft.ok) ports.counts.refused(draft.problem.code);
  const emitted = draft.ok ? await ports.emit([draft.value]) : draft;
  if (!emitted.ok) answer(encodeError(emitted.problem, ref));
  else {
    const { cursor, events } = emitted.value;
    const [first] = events;
    answer(encodeEmitted({ ref, cursor, id: first?.id ?? "", duplicate: first?.duplicate ?? false }));
  }
}

function draftOf(subscriber: Subscriber, event: unknown, message: string): Result<Draft> {
  const dataText = asObject(event) && memberText(memberText(message, "data") ?? "", "data");
  const draft = parseDraft(event, "/data", dataText, senderOf(subscriber));
  if (!draft.ok) return draft;
  const may = checkEmit(subscriber, [draft.value.type]);
  return may.ok ? ok(draft.value) : may;
}
