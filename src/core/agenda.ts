// Says what is due and when to set the hub's one alarm. A pure function of the time and a few facts.

/** What the due times depend on. */
export interface Facts {
  /** How many sockets are connected. */
  readonly connections: number;
  /** When the oldest kept event was appended, as Unix time in ms; `null` where none is kept. */
  readonly oldestMs: number | null;
  /** 0: no heartbeat. */
  readonly heartbeatMs: number;
  /** How long events are kept. */
  readonly maxAgeMs: number;
  /** When the next token ends, or is to be warned of its end, as Unix time in ms; `null`: never. */
  readonly expiryMs: number | null;
}

export type Task = "sweep" | "heartbeat" | "retention" | "expiry";

/** Events are deleted at the full hour: a busy log must not wake its hub for each one that expires. */
const RETENTION_EVERY_MS = 60 * 60 * 1000;

/** Half-open sockets cost memory and a wrong count, no more: without a heartbeat the hub does not wake more often for them. */
const SWEEP_EVERY_MS = 5 * 60 * 1000;

/** With a heartbeat they are swept with it, but not more often than they could be found. */
const SWEEP_AT_LEAST_MS = 30 * 1000;

/**
 * When each task is due, later than `now`; `null`: not at all. The times are multiples of an interval since 1970, so
 * they follow from the clock and the facts alone, and nothing about them is stored.
 */
const NEXT: Record<Task, (now: number, facts: Facts) => number | null> = {
  sweep(now, { connections, heartbeatMs }) {
    if (connections === 0) return null;
    return nextMultiple(now, heartbeatMs === 0 ? SWEEP_EVERY_MS : Math.max(heartbeatMs, SWEEP_AT_LEAST_MS));
  },
  heartbeat(now, { connections, heartbeatMs }) {
    return connections === 0 || heartbeatMs === 0 ? null : nextMultiple(now, heartbeatMs);
  },
  retention(now, { oldestMs, maxAgeMs }) {
    // Overdue only where more expired than one step deletes: then the next step follows at once.
    return oldestMs === null ? null : Math.max(nextMultiple(oldestMs + maxAgeMs, RETENTION_EVERY_MS), now + 1);
  },
  expiry(now, { expiryMs }) {
    return expiryMs === null ? null : Math.max(expiryMs, now + 1);
  },
};

const TASKS = Object.keys(NEXT) as Task[];

/** When the alarm must ring next, as Unix time in ms; `null`: never. */
export function nextAlarm(now: number, facts: Facts): number | null {
  const times = TASKS.flatMap((task) => NEXT[task](now, facts) ?? []);
  return times.length === 0 ? null : Math.min(...times);
}

/** The tasks of an alarm that was set for `scheduled`. It may ring late, and the facts may have changed since. */
export function dueAt(scheduled: number, facts: Facts): Task[] {
  return TASKS.filter((task) => {
    const due = NEXT[task](scheduled - 1, facts);
    return due !== null && due <= scheduled;
  });
}

function nextMultiple(now: number, every: number): number {
  return (Math.floor(now / every) + 1) * every;
}
