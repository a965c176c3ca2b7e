// Reads what an interest hears of the log. Trying a pattern against a type costs about as much as looking at an event, and counts
// as one: a log has as many types as its publishers like, and 128 patterns of each client are tried against each of them.
import { type Interest, InterestFilter } from "../access/match.ts";
import type { BidirectionalLog, ReadableLog } from "./event-log.ts";
import type { Slice } from "./slice.ts";

/** As the log's `read`. */
export function* readHeard(log: ReadableLog, after: number, interest: Interest): Generator<Slice, void> {
  const filter = new InterestFilter(interest);
  for (const slice of log.read(after, filter.wanted)) yield weighed(slice, filter);
}

/** As the log's `readBackwards`. */
export function* readHeardBackwards(
  log: Pick<BidirectionalLog, "readBackwards">,
  before: number,
  interest: Interest,
): Generator<Slice, void> {
  const filter = new InterestFilter(interest);
  for (const slice of log.readBackwards(before, filter.wanted)) yield weighed(slice, filter);
}

function weighed(slice: Slice, filter: InterestFilter): Slice {
  const cost = filter.takeCost();
  return cost === 0 ? slice : { ...slice, scanned: slice.scanned + cost };
}
