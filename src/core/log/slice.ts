// The log is read slice by slice: a slice is what is stored, or cached, in one piece.
import type { LoggedEvent } from "./logged-event.ts";

/** Whether an event of a type is wanted. `null`: every event is. */
export type TypeFilter = ((type: string) => boolean) | null;

/** Consecutive events of the log, reduced to those that are wanted. */
export interface Slice {
  /** The seqs that it covers, both included. */
  readonly from: number;
  readonly to: number;
  /** How many events were looked at, a large one as several; 1 for a segment that was skipped because it has no wanted type. */
  readonly scanned: number;
  /** The wanted ones, ascending. */
  readonly events: readonly LoggedEvent[];
  /** All events as one text, where all are wanted and it costs less than `events`. */
  readonly joined?: Joined;
}

/** Events as JSON texts with commas between them. */
export interface Joined {
  text(): string;
  /** Of the text in UTF-8. */
  readonly bytes: number;
}

/** The events of ascending slices, one by one. */
export function* eventsOf(slices: Iterable<Slice>): Generator<LoggedEvent, void> {
  for (const { events } of slices) yield* events;
}
