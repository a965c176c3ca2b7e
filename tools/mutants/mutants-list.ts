// Breaks of the code, one at a time, and the tests that must fail: what `npm run mutants` tries. A text that is not in its
// file exactly once is an error, so that this list stays up to date; `test/unit/tools/mutants.test.ts` checks it in a second.
import { ACCESS } from "./list/access.ts";
import { BOUNDS } from "./list/bounds.ts";
import { CATCHING_UP } from "./list/catching-up.ts";
import { COMPRESSION } from "./list/compression.ts";
import { CONSOLE } from "./list/console.ts";
import { COUNTS } from "./list/counts.ts";
import { CREDENTIALS } from "./list/credentials.ts";
import { DURABLE_BEFORE_SEEN } from "./list/durable-before-seen.ts";
import { ENTRY_POINTS } from "./list/entry-points.ts";
import { FRAMES } from "./list/frames.ts";
import { GROUP_COMMIT } from "./list/group-commit.ts";
import { LIVE_FEED } from "./list/live-feed.ts";
import { LIVENESS } from "./list/liveness.ts";
import type { Mutant } from "./list/mutant.ts";
import { NAMES } from "./list/names.ts";
import { PAGE_CLIENT } from "./list/page-client.ts";
import { RECEIVING } from "./list/receiving.ts";
import { REMOVING } from "./list/removal.ts";
import { RESUMING } from "./list/resuming.ts";
import { RETENTION } from "./list/retention.ts";
import { RETRIES } from "./list/retries.ts";
import { SEGMENTS } from "./list/segments.ts";
import { SIMULATED } from "./list/simulated.ts";
import { SLEEP } from "./list/sleep.ts";
import { SOCKET_RIGHTS } from "./list/socket-rights.ts";
import { TABS } from "./list/tabs.ts";

export type { Mutant };

export const MUTANTS: readonly Mutant[] = [
  ...DURABLE_BEFORE_SEEN,
  ...SLEEP,
  ...FRAMES,
  ...RESUMING,
  ...CATCHING_UP,
  ...COMPRESSION,
  ...CONSOLE,
  ...COUNTS,
  ...RETRIES,
  ...SEGMENTS,
  ...GROUP_COMMIT,
  ...LIVENESS,
  ...PAGE_CLIENT,
  ...LIVE_FEED,
  ...TABS,
  ...RETENTION,
  ...ACCESS,
  ...CREDENTIALS,
  ...ENTRY_POINTS,
  ...NAMES,
  ...RECEIVING,
  ...SOCKET_RIGHTS,
  ...BOUNDS,
  ...REMOVING,
  ...SIMULATED,
];
