// What T18 lets one socket send, counted beside the hub: five seconds' worth at once, then as much as the hub's clock lets pass.
import { EMIT_WEIGHT } from "../../../src/core/session/rate-limit.ts";

const BURST_S = 5;
const UNITS_PER_MESSAGE = 4 * 1024;

/** Sums of fractions differ in their last digits. */
const ROUNDING = 1e-6;

export class MessageAllowance {
  readonly #perSecond: number;
  #left = 0;
  #atMs: number | null = null;
  /** Whether more was ever sent than is allowed. */
  isExceeded = false;
  /** The same, or so nearly that the hub may have counted otherwise. */
  isReached = false;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Memory is gone, and what it counted. */
  forget(): void {
    this.#atMs = null;
  }

  /** A message arrives. @param isFree it acknowledges what was not acknowledged */
  message(text: string, isFree: boolean, nowMs: number): void {
    this.#take(isFree ? 0 : weightOf(text), nowMs);
  }

  /** What was counted when it arrived, and waited then, acknowledges what was not acknowledged. */
  refund(text: string): void {
    this.#left += weightOf(text);
  }

  /** An emit is handled, beside its message. */
  emit(nowMs: number): void {
    this.#take(EMIT_WEIGHT - 1, nowMs);
  }

  /** A clock that is set back shows that nothing has passed. */
  #take(count: number, nowMs: number): void {
    const most = BURST_S * this.#perSecond;
    const passedMs = this.#atMs === null ? Number.POSITIVE_INFINITY : Math.max(0, nowMs - this.#atMs);
    this.#left = Math.min(most, this.#left + (passedMs / 1_000) * this.#perSecond);
    this.#atMs = nowMs;
    this.isReached ||= this.#left < count + ROUNDING;
    if (this.#left < count - ROUNDING) this.isExceeded = true;
    else this.#left -= count;
  }
}

function weightOf(text: string): number {
  return 1 + Math.floor(text.length / UNITS_PER_MESSAGE);
}
