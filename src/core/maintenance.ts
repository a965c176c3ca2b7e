// What a hub does without being asked: it carries out the agenda with its one alarm, and keeps its log within bounds.
import { dueAt, type Facts, nextAlarm, type Task } from "./agenda.ts";
import type { Socket } from "./fanout/socket.ts";
import type { Subscribers } from "./fanout/subscribers.ts";
import { TOGETHER_MS } from "./fanout/token-expiry.ts";
import type { EventLog } from "./log/event-log.ts";
import { isOver, type Retention, TRIM_STEP } from "./log/retention.ts";

/** A failed task is overdue, and would be retried at once, without end. */
const RETRY_MS = 60_000;

/** When to retry where storage could not read or set the alarm: until then nothing would wake the hub. */
const ALARM_RETRY_MS = 5_000;

/** How much the clock of the alarm and ours may differ. An alarm that is earlier was set before our clock was set back. */
const SKEW_MS = 60_000;

/**
 * An alarm that is so late, a heartbeat or more: the hub did not run, or the clock was set forward. What was sent to it meanwhile
 * is heard only now, so that idle sockets are looked for in the next round.
 */
const LATE_MS = 30_000;

/** The settings of an operator. */
export interface MaintenanceSettings {
  /** `false`: no heartbeat. */
  readonly enabled: boolean;
  /** 0: none. */
  readonly heartbeatMs: number;
  readonly retention: Retention;
}

export interface MaintenancePorts {
  /** When the alarm is set for, as Unix time in ms; `null`: it is not set. */
  getAlarm(): Promise<number | null>;
  /** Sets the one alarm, in place of an earlier one. */
  setAlarm(atMs: number): Promise<void>;
  /** Unix time in ms. */
  nowMs(): number;
  /** Memory MUST outlive the promise. */
  keepAwake(promise: Promise<unknown>): void;
  report(what: string, error: unknown): void;
  /** Runs `act` after `ms`, in a turn of its own. Memory MUST outlive the wait. */
  later(ms: number, act: () => void): void;
}

/** What it looks after, beside the log. */
export interface Maintained<S extends Socket> {
  readonly subscribers: Subscribers<S>;
  readonly sweep: { closeIdle(nowMs: number): void };
  /** Sends the heartbeat. */
  beat(): void;
}

export class Maintenance<S extends Socket> {
  readonly #settings: MaintenanceSettings;
  readonly #log: EventLog;
  readonly #hub: Maintained<S>;
  readonly #ports: MaintenancePorts;
  /** How many attempts have failed. */
  #failures = 0;
  /** When the alarm is set for; `undefined`: unknown since the last wake, or since a call failed. */
  #alarmMs: number | null | undefined;
  #isAsking = false;

  constructor(settings: MaintenanceSettings, log: EventLog, hub: Maintained<S>, ports: MaintenancePorts) {
    this.#settings = settings;
    this.#log = log;
    this.#hub = hub;
    this.#ports = ports;
  }

  /** After an append: schedules its expiry, and keeps the log within its limits. */
  afterAppend(): void {
    this.scheduleAlarm();
    const { oldest, oldestPiece, cursor, usage } = this.#log;
    const kept = { events: cursor.seq + 1 - oldest, bytes: usage.bytes };
    if (oldestPiece && isOver(this.#settings.retention, kept, oldestPiece))
      this.#attempt("retention", () => this.#trim());
    if (this.#log.isUsageDue) this.#attempt("counting", () => this.#log.writeUsage());
  }

  /**
   * The alarm rings. Never throws: the runtime would ring again after 2, 4, 8 … s, and everything that the alarm serves waits.
   *
   * @param scheduledMs when it was set for: it may be late, and its clock may differ from ours
   */
  ring(scheduledMs: number): void {
    const failures = this.#failures;
    const clockMs = this.#ports.nowMs();
    const nowMs = scheduledMs - clockMs > SKEW_MS ? clockMs : Math.max(clockMs, scheduledMs);
    const tasks = dueAt(scheduledMs, this.#facts()).filter(
      (task) => task !== "sweep" || clockMs - scheduledMs <= LATE_MS,
    );
    for (const task of tasks) this.#attempt(task, () => this.#do(task));
    const hasFailed = this.#failures > failures;
    this.#attempt("counting", () => {
      this.#log.rowWritten(); // that of the alarm which has rung
      const isFlushed = tasks.includes("heartbeat") && !hasFailed;
      // The next alarm is written anyway.
      this.#log.writeUsage(isFlushed ? this.#hub.subscribers.fanout.sentSeq : undefined);
    });
    this.#alarmMs = null;
    const facts = this.#facts();
    const isRetry = this.#failures > failures;
    this.#setAlarm(isRetry ? (nextAlarm(nowMs + RETRY_MS, facts) ?? nowMs + RETRY_MS) : nextAlarm(nowMs, facts));
  }

  /**
   * Sets the alarm where none is set, or one that is too late: its time may be from before a change of settings. MUST be
   * called after each wake, for an alarm that was lost (six failed retries) is not set again by the runtime.
   */
  scheduleAlarm(): void {
    const next = nextAlarm(this.#ports.nowMs(), this.#facts());
    if (next === null) return; // one that was set for a socket that has left rings once more without effect
    const set = this.#alarmMs;
    if (set === undefined) this.#askForAlarm();
    else if (set === null || set > next) {
      if (set !== null) this.#log.rowWritten(); // each set is a row: this one will not ring, to be counted then
      this.#setAlarm(next);
    }
  }

  /** What is due is computed when the answer is here: other sockets may have attached meanwhile. */
  #askForAlarm(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const answered = this.#ports.getAlarm().then(
      (set) => {
        this.#isAsking = false;
        if (this.#alarmMs === undefined) this.#alarmMs = set; // else it rang meanwhile, and was set then
        this.scheduleAlarm();
      },
      (error) => {
        this.#isAsking = false;
        this.#alarmFailed(error);
      },
    );
    this.#ports.keepAwake(answered);
  }

  /** By our own clock: by that of an alarm, everyone would be idle after ours was set back. */
  #do(task: Task): void {
    const nowMs = this.#ports.nowMs();
    if (task === "heartbeat") this.#hub.beat();
    else if (task === "expiry") this.#hub.subscribers.expire(nowMs + TOGETHER_MS);
    else if (task === "sweep") this.#hub.sweep.closeIdle(nowMs);
    else this.#trim();
  }

  #trim(): void {
    this.#hub.subscribers.fanout.progress(this.#log.oldest + TRIM_STEP);
    this.#log.trim(this.#settings.retention, this.#ports.nowMs());
  }

  #facts(): Facts {
    const { enabled, heartbeatMs, retention } = this.#settings;
    return {
      connections: this.#hub.subscribers.count,
      oldestMs: this.#oldestMs(),
      heartbeatMs: enabled ? heartbeatMs : 0,
      maxAgeMs: retention.maxAgeMs,
      expiryMs: this.#hub.subscribers.expiry.nextMs,
    };
  }

  /** The one fact that is read from the log: where that fails, sockets are looked after none the less. */
  #oldestMs(): number | null {
    let oldestMs: number | null = null;
    this.#attempt("retention", () => {
      oldestMs = this.#log.oldestPiece?.lastMs ?? null;
    });
    return oldestMs;
  }

  #setAlarm(atMs: number | null): void {
    this.#alarmMs = atMs;
    const set = async (ms: number) => this.#ports.setAlarm(ms); // in this turn; what it throws is a rejection, too
    if (atMs !== null) this.#ports.keepAwake(set(atMs).catch((error) => this.#alarmFailed(error)));
  }

  #alarmFailed(error: unknown): void {
    this.#ports.report("The hub's alarm", error);
    this.#alarmMs = undefined;
    this.#ports.later(ALARM_RETRY_MS, () => this.scheduleAlarm());
  }

  /** A failing task must not prevent the others. */
  #attempt(what: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#failures += 1;
      this.#ports.report(`The hub's ${what}`, error);
    }
  }
}
