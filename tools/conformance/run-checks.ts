// Runs checks against one hub, one after the other, each on channels of its own and within a time limit.
import type { Check } from "./check.ts";
import { BODY_CHECKS } from "./checks-bodies.ts";
import { CATCHING_UP_CHECKS } from "./checks-catching-up.ts";
import { CLOSING_CHECKS } from "./checks-closing.ts";
import { CLOUDEVENT_CHECKS } from "./checks-cloudevents.ts";
import { COMPRESSION_CHECKS } from "./checks-compression.ts";
import { COUNT_CHECKS } from "./checks-counts.ts";
import { CURSOR_CHECKS } from "./checks-cursors.ts";
import { EVENT_CHECKS } from "./checks-events.ts";
import { EXPIRY_CHECKS } from "./checks-expiry.ts";
import { FLOOD_CHECKS } from "./checks-floods.ts";
import { FRAME_CHECKS } from "./checks-frames.ts";
import { HISTORY_CHECKS } from "./checks-history.ts";
import { HTTP_CHECKS } from "./checks-http.ts";
import { LEGACY_DIALECT_CHECKS } from "./checks-legacy-dialect.ts";
import { LOG_CHECKS } from "./checks-log.ts";
import { REMOVAL_CHECKS } from "./checks-removal.ts";
import { RENEWAL_CHECKS } from "./checks-renewal.ts";
import { RETRY_CHECKS } from "./checks-retries.ts";
import { REVOCATION_CHECKS } from "./checks-revocation.ts";
import { RIGHTS_CHECKS } from "./checks-rights.ts";
import { STREAM_CHECKS } from "./checks-stream.ts";
import { TOKEN_CHECKS } from "./checks-tokens.ts";
import { HubUnderTest, type Target } from "./hub-under-test.ts";

const TIMEOUT_MS = 5_000;

export const CHECKS: readonly Check[] = [
  ...EVENT_CHECKS,
  ...LOG_CHECKS,
  ...RETRY_CHECKS,
  ...CURSOR_CHECKS,
  ...STREAM_CHECKS,
  ...CLOSING_CHECKS,
  ...FRAME_CHECKS,
  ...COMPRESSION_CHECKS,
  ...CATCHING_UP_CHECKS,
  ...LEGACY_DIALECT_CHECKS,
  ...HTTP_CHECKS,
  ...HISTORY_CHECKS,
  ...BODY_CHECKS,
  ...CLOUDEVENT_CHECKS,
  ...TOKEN_CHECKS,
  ...RIGHTS_CHECKS,
  ...EXPIRY_CHECKS,
  ...RENEWAL_CHECKS,
  ...FLOOD_CHECKS,
  ...REMOVAL_CHECKS,
  ...REVOCATION_CHECKS,
  ...COUNT_CHECKS,
];

export interface Outcome {
  readonly rule: string;
  readonly description: string;
  readonly ok: boolean;
  /** The mismatch, if the check failed. */
  readonly why?: string;
  readonly ms: number;
}

export interface RunOptions {
  /** Time limit per check. */
  readonly timeoutMs?: number;
  /** Called with each outcome. */
  onOutcome?(outcome: Outcome): void;
}

/** @param checks all by default */
export async function runChecks(target: Target, checks = CHECKS, options: RunOptions = {}): Promise<Outcome[]> {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const isClosed = await refusesAnonymous(target.url, timeoutMs);
  const outcomes: Outcome[] = [];
  for (const check of checks) {
    const outcome = await tryCheck(check, { ...target, isClosed }, timeoutMs);
    options.onOutcome?.(outcome);
    outcomes.push(outcome);
  }
  return outcomes;
}

/** A hub with tokens requires a credential to read. One that does not answer fails the checks later. */
async function refusesAnonymous(url: string, timeoutMs: number): Promise<boolean> {
  try {
    const reply = await HubUnderTest.connect({ url, key: "" }, AbortSignal.timeout(timeoutMs)).ask(
      "GET",
      "/api/events",
    );
    return reply.status === 401;
  } catch {
    return false;
  }
}

async function tryCheck(check: Check, target: Target, timeAllowedMs: number): Promise<Outcome> {
  const { rule, description, run, takesMs = 0 } = check;
  const timeoutMs = timeAllowedMs + takesMs;
  const stop = new AbortController();
  const hub = HubUnderTest.connect(target, stop.signal);
  const began = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`timed out after ${timeoutMs} ms, waiting for ${hub.awaited}`)),
      timeoutMs,
    );
  });
  const end = () => ({ rule, description, ms: Math.round(performance.now() - began) });
  try {
    await Promise.race([run(hub), late]);
    return { ...end(), ok: true };
  } catch (error) {
    return { ...end(), ok: false, why: reasonOf(error) };
  } finally {
    clearTimeout(timer);
    hub.close();
    stop.abort();
  }
}

/** A hub that answers nonsense may make a check throw any error: that is a failure too. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { code?: string } };
  return [message ?? String(error), cause?.code].filter(Boolean).join(": ");
}
