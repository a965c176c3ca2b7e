// The rights of one socket as its tokens state them, and from where in the log each token holds.
import type { Rights } from "../../../src/core/access/rights.ts";
import { includes } from "../../../src/core/access/rights.ts";

/** How long before its end a new token is asked for, unless half of what was left then is shorter (T15). */
const WARN_BEFORE_MS = 60_000;

interface Grant {
  readonly rights: Rights;
  /** It holds for the events behind this one. */
  readonly fromSeq: number;
  /** In the time of timers. */
  readonly turnMs: number;
  readonly warnMs: number;
}

export class RightsTimeline {
  #last: Grant;
  readonly #grants: Grant[];
  /** Whether the socket was warned of the present token's end. */
  isWarned = false;

  /** @param nowMs the hub's time, as Unix time in ms @param turnMs of the timers */
  constructor(rights: Rights, nowMs: number, turnMs: number) {
    this.#last = grantOf(rights, 0, nowMs, turnMs);
    this.#grants = [this.#last];
  }

  get sub(): string | null {
    return this.#last.rights.sub;
  }

  /** When they end, as Unix time in ms; `Infinity`: never. */
  get endMs(): number {
    return endOf(this.#last);
  }

  /** When the socket is to be warned of that. */
  get warnMs(): number {
    return this.#last.warnMs;
  }

  /** Whether they were granted in this turn. */
  isFrom(turnMs: number): boolean {
    return this.#last.turnMs === turnMs;
  }

  /** When the rights end that hold now, or held when this turn began. */
  earliestEndMs(turnMs: number): number {
    const before = this.#grants.at(-2);
    return before && this.isFrom(turnMs) ? Math.min(endOf(before), this.endMs) : this.endMs;
  }

  grant(rights: Rights, fromSeq: number, nowMs: number, turnMs: number): void {
    this.#last = grantOf(rights, fromSeq, nowMs, turnMs);
    this.#grants.push(this.#last);
    this.isWarned = false;
  }

  allows(type: string): boolean {
    return includes(this.#last.rights.hear, type);
  }

  /** Whether all rights allow it that have held since the event was appended: of what a renewal finds unsent no more is owed. */
  owes(seq: number, type: string): boolean {
    const from = this.#grants.findLastIndex(({ fromSeq }) => fromSeq < seq);
    return this.#grants.slice(Math.max(from, 0)).every(({ rights }) => includes(rights.hear, type));
  }
}

function endOf({ rights }: Grant): number {
  return rights.expiresMs ?? Number.POSITIVE_INFINITY;
}

function grantOf(rights: Rights, fromSeq: number, nowMs: number, turnMs: number): Grant {
  const endMs = rights.expiresMs ?? Number.POSITIVE_INFINITY;
  return { rights, fromSeq, turnMs, warnMs: Math.max(endMs - WARN_BEFORE_MS, (nowMs + endMs) / 2) };
}
