// Why the hub may close a socket: of each close code the causes that the rules name. A close without one is a fault.
import type { Dialect } from "../../../src/core/fanout/subscriber.ts";
import { MAX_BUFFERED_BYTES, MAX_LEGACY_REPLAY_BYTES, MAX_UNANSWERED_BYTES } from "../../../src/wire/limits.ts";

/** Tokens that end together may be dealt with together (T15). */
export const TOGETHER_MS = 5_000;

const SILENT_MS = 90_000;
const UNHEARD_MS = 30_000;
const UNANSWERED_MS = 5 * 60_000;

/** What is known of a socket when it is closed. Unix times in ms. */
export interface CloseFacts {
  readonly dialect: Dialect;
  readonly nowMs: number;
  /** When its rights end. */
  readonly endMs: number;
  /** The code of the refusal of a token that it presented. */
  readonly refusal: string | null;
  /** It sent more than it may, or more than may wait while a token is checked. */
  readonly isOverLimit: boolean;
  /** It sent bytes, more than 64 KiB, or acknowledged what it never was sent. */
  readonly isBroken: boolean;
  /** It acknowledged a cursor of another history. */
  readonly isOfAnotherEpoch: boolean;
  /** When it attached or sent its last message. */
  readonly heardMs: number;
  /** `null`: it never sent one. */
  readonly pingMs: number | null;
  /** It never sent a message, and another comes from its address, which has all of its sockets. */
  readonly mayBeNobody: boolean;
  readonly owesAck: boolean;
  /** Bytes on their way to it. */
  readonly buffered: number;
  /** Of the events that it came for, if it came in this turn. */
  readonly replayBytes: number;
}

const CAUSES: Readonly<Record<number, (facts: CloseFacts) => boolean>> = {
  4401: ({ endMs, nowMs, refusal }) => endMs <= nowMs + TOGETHER_MS || refusal === "unauthorized",
  4408: isTooSlow,
  4429: ({ isOverLimit }) => isOverLimit,
  4500: ({ isBroken }) => isBroken,
  4503: ({ refusal }) => refusal === "forbidden",
};

export function hasCause(code: number, facts: CloseFacts): boolean {
  return CAUSES[code]?.(facts) ?? false;
}

function isTooSlow(facts: CloseFacts): boolean {
  const { dialect, nowMs, heardMs, pingMs, owesAck, buffered } = facts;
  const silentMs = nowMs - heardMs;
  if (facts.mayBeNobody && pingMs === null && silentMs > UNHEARD_MS) return true;
  if (pingMs !== null && Math.min(silentMs, nowMs - pingMs) > SILENT_MS) return true;
  if ((owesAck || buffered > 0) && silentMs > UNANSWERED_MS) return true;
  if (buffered > MAX_UNANSWERED_BYTES || facts.isOfAnotherEpoch) return true;
  return dialect === "legacy" && (buffered > MAX_BUFFERED_BYTES || facts.replayBytes > MAX_LEGACY_REPLAY_BYTES);
}
