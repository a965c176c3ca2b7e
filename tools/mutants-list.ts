// Breaks of the code, one at a time, and the tests that must notice: what `npm run mutants` tries. A text that is not in
// its file exactly once is an error, so that this list says what is; `test/tools/mutants.test.ts` looks at that first.
import { CATCHING_UP } from "./mutants/catching-up.ts";
import { CREDENTIALS } from "./mutants/credentials.ts";
import { DURABLE_BEFORE_SEEN } from "./mutants/durable-before-seen.ts";
import { ENTRY_POINTS } from "./mutants/entry-points.ts";
import { FRAMES } from "./mutants/frames.ts";
import { HEARING } from "./mutants/hearing.ts";
import { LIVENESS } from "./mutants/liveness.ts";
import type { Mutant } from "./mutants/mutant.ts";
import { RESUMING } from "./mutants/resuming.ts";
import { RETENTION } from "./mutants/retention.ts";
import { RETRIES } from "./mutants/retries.ts";
import { SLEEP } from "./mutants/sleep.ts";
import { SOCKET_RIGHTS } from "./mutants/socket-rights.ts";
import { WHO_MAY } from "./mutants/who-may.ts";

export type { Mutant };

export const MUTANTS: readonly Mutant[] = [
  ...DURABLE_BEFORE_SEEN,
  ...SLEEP,
  ...FRAMES,
  ...RESUMING,
  ...CATCHING_UP,
  ...RETRIES,
  ...LIVENESS,
  ...RETENTION,
  ...WHO_MAY,
  ...CREDENTIALS,
  ...ENTRY_POINTS,
  ...HEARING,
  ...SOCKET_RIGHTS,
];
