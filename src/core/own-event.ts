// A client's own event, said on its socket: checked as at any other door, under the name that its token gives it.
import { type Draft, parseDraft } from "../wire/draft.ts";
import type { Result } from "../wire/problem.ts";
import { encodeEmitted, encodeError } from "../wire/server-frame.ts";
import type { Reader } from "./audience.ts";
import type { Receipt } from "./receipt.ts";
import { checkEmit, senderOf } from "./rights.ts";
import { type Socket, sendQuietly } from "./socket.ts";

export interface OwnEventPorts {
  /** As `Broker.emit`. */
  emit(drafts: readonly Draft[]): Result<Receipt>;
}

/** Emits it if the reader may, and answers. @param ref what the message called itself */
export function emitOwn(socket: Socket, reader: Reader, event: unknown, ref: unknown, ports: OwnEventPorts): void {
  const emitted = emit(reader, event, ports);
  const [first] = emitted.ok ? emitted.value.events : [];
  if (!emitted.ok) sendQuietly(socket, encodeError(emitted.problem, ref));
  else if (first) {
    const { cursor } = emitted.value;
    sendQuietly(socket, encodeEmitted({ ref, cursor, id: first.id, duplicate: first.duplicate }));
  }
}

function emit(reader: Reader, event: unknown, ports: OwnEventPorts): Result<Receipt> {
  const draft = parseDraft(event, "/data", undefined, senderOf(reader));
  if (!draft.ok) return draft;
  const may = checkEmit(reader, [draft.value.type]);
  return may.ok ? ports.emit([draft.value]) : may;
}
