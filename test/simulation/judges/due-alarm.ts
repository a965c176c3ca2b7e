// Whether a hub that fell asleep now would be woken for all that the rules have it do (A2, A3, A4, T15).

const HOUR_MS = 3_600_000;

/** Without a heartbeat, idle sockets are looked for so often. */
const SWEEP_MS = 5 * 60_000;

/** An alarm that storage refused is set again after this long. */
const RETRY_MS = 5_000;

/** What is due depends on it. Unix times in ms. */
export interface DueFacts {
  readonly nowMs: number;
  /** 0: none. */
  readonly heartbeatMs: number;
  /** When each connected socket has to be warned or closed; `Infinity`: never. */
  readonly socketsDueMs: readonly number[];
  /** When the oldest kept event was appended, and how long events are kept. */
  readonly oldestMs: number | null;
  readonly maxAgeMs: number;
}

export class DueAlarm {
  /** When storage refused, in the time of timers. */
  #refusedMs = Number.NEGATIVE_INFINITY;
  /** Whether the clock was set back behind the hub's back: it finds out when it looks for what is due the next time. */
  #isUnaware = false;

  refused(turnMs: number): void {
    this.#refusedMs = turnMs;
  }

  clockSetBack(): void {
    this.#isUnaware = true;
  }

  /** The hub MUST look for what is due in this turn. */
  looks(): void {
    this.#isUnaware = false;
  }

  /** A turn is over. @param alarmMs when the alarm is set for; `null`: it is not @returns what it is too late for, if it is */
  lateFor(alarmMs: number | null, turnMs: number, facts: DueFacts): string | null {
    if (this.#isUnaware || turnMs - this.#refusedMs <= RETRY_MS) return null;
    const dueMs = Math.max(earliest(facts), facts.nowMs + 1); // what is overdue is done as soon as an alarm can ring
    if ((alarmMs ?? Number.POSITIVE_INFINITY) <= dueMs) return null;
    const isSet = alarmMs === null ? "is not set" : `is set for ${alarmMs - facts.nowMs} ms later`;
    return `the alarm ${isSet}, and something is due ${dueMs - facts.nowMs} ms later`;
  }
}

function earliest({ nowMs, heartbeatMs, socketsDueMs, oldestMs, maxAgeMs }: DueFacts): number {
  const retentionMs = oldestMs === null ? Number.POSITIVE_INFINITY : nextMultiple(oldestMs + maxAgeMs, HOUR_MS);
  if (socketsDueMs.length === 0) return retentionMs;
  return Math.min(retentionMs, nextMultiple(nowMs, heartbeatMs === 0 ? SWEEP_MS : heartbeatMs), ...socketsDueMs);
}

function nextMultiple(ms: number, everyMs: number): number {
  return (Math.floor(ms / everyMs) + 1) * everyMs;
}
