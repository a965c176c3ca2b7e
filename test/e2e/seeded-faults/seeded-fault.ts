// A fault of a hub that a check of the conformance tool must find.
import type { Fault } from "../faulty-hub.ts";

export interface SeededFault {
  /** Whose check finds it. */
  readonly rule: string;
  readonly hub: string;
  /** What the check reports. */
  readonly reason: RegExp;
  readonly fault: Fault;
}
