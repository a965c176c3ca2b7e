// Whether everything that the visitors of a soak brought about is gone again.
import type { Memory } from "./soak-memory.ts";

/** As `/ws/stats` has them. */
export interface Counters {
  readonly connected_clients: number;
  readonly ws_catching_up: number;
}

export interface Remains {
  readonly left: Counters;
  /** After the warm-up, and at the end. */
  readonly before: Memory;
  readonly after: Memory;
}

/** Without a leak it was at most 1.06 for the heap and 1.04 for what is resident, in thousands of visits (measured). */
export const MAX_GROWTH = 1.2;

/** Whether nobody is left, and no more memory than measures of it differ by. */
export function hasReturned({ left, before, after }: Remains): boolean {
  const isSame = (now: number | null, then: number | null) => (now ?? 0) <= (then ?? 0) * MAX_GROWTH;
  return (
    left.connected_clients + left.ws_catching_up === 0 &&
    isSame(after.heapBytes, before.heapBytes) &&
    isSame(after.residentBytes, before.residentBytes)
  );
}
