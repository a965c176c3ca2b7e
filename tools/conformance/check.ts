// A rule of SPEC.md as something to try.
import type { HubUnderTest } from "./hub-under-test.ts";

export interface Check {
  readonly rule: string;
  /** It mints tokens, so the secret of the hub MUST be given. */
  readonly needsSecret?: true;
  /** What it waits for by design, in ms: it comes on top of the time that each check has. */
  readonly takesMs?: number;
  /** What of the rule is tried, in a sentence. */
  readonly says: string;
  /** Throws a Mismatch where the hub does otherwise. */
  run(hub: HubUnderTest): Promise<void>;
}
