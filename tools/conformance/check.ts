// A rule of SPEC.md as something to try.
import type { HubUnderTest } from "./hub-under-test.ts";

export interface Check {
  readonly rule: string;
  /** What of the rule is tried, in a sentence. */
  readonly says: string;
  /** Throws a Mismatch where the hub does otherwise. */
  run(hub: HubUnderTest): Promise<void>;
}
