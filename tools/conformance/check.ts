// One rule of SPEC.md, as a check that can be run.
import type { HubUnderTest } from "./hub-under-test.ts";

export interface Check {
  readonly rule: string;
  /** The check signs tokens, so the secret of the hub MUST be given. */
  readonly needsSecret?: true;
  /** How long it waits by design, in ms, in addition to the time limit. */
  readonly takesMs?: number;
  /** What is checked, in one sentence. */
  readonly description: string;
  /** Throws a Mismatch if the hub breaks the rule. */
  run(hub: HubUnderTest): Promise<void>;
}
