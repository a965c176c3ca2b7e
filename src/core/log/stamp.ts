// Stamping: a draft gets its seq, and becomes the text that is stored, sent and replayed.
import { formatCursor } from "../../wire/cursor.ts";
import type { Draft } from "../../wire/draft.ts";
import { utf8Bytes } from "../../wire/utf8.ts";
import type { ClockTime } from "../clock.ts";
import type { AppendedEvent } from "./event-log.ts";
import { contentOf, keyOf } from "./fingerprint.ts";

/** An event before its append, with the id that its publisher is answered. */
export interface StampedEvent extends AppendedEvent {
  readonly id: string;
}

/** Gives `draft` the seq `seq` in `epoch`. The hub adds what the publisher left out: the time, and an id that is its cursor. */
export function stamp(draft: Draft, epoch: string, seq: number, at: ClockTime): StampedEvent {
  const id = draft.id ?? formatCursor({ epoch, seq });
  const timestamp = draft.timestamp ?? at.iso;
  const event = `${contentOf(draft)},"timestamp":"${timestamp}","id":${JSON.stringify(id)},"seq":${seq}}`;
  return { seq, type: draft.type, id, event, bytes: utf8Bytes(event), key: keyOf(draft) };
}
