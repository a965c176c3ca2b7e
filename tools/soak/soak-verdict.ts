// Whether everything that the clients of a soak caused is gone again.
import type { Memory } from "./soak-memory.ts";

/** As in `/ws/stats`. */
export interface Counters {
  readonly connected_clients: number;
  readonly ws_catching_up: number;
}

export interface Measured {
  readonly left: Counters;
  /** After the warm-up, and at the end. */
  readonly before: Memory;
  readonly after: Memory;
}

/** Without a leak the growth was at most 1.06 of the heap and 1.04 of resident memory, in thousands of connections (measured). */
export const MAX_GROWTH = 1.2;

/** Whether no client is counted, and memory grew no more than measurements of it differ. */
export function isClean({ left, before, after }: Measured): boolean {
  const isSame = (now: number | null, then: number | null) => (now ?? 0) <= (then ?? 0) * MAX_GROWTH;
  return (
    left.connected_clients + left.ws_catching_up === 0 &&
    isSame(after.heapBytes, before.heapBytes) &&
    isSame(after.residentBytes, before.residentBytes)
  );
}
