// What a hub does by itself: it carries out the agenda by its one alarm, and keeps its log within bounds.
import { dueAt, type Facts, nextAlarm, type Task } from "../core/agenda.ts";
import type { Broker } from "../core/broker.ts";
import { errorText } from "../core/log-text.ts";
import { isOver, TRIM_STEP } from "../core/retention.ts";
import type { Settings } from "./settings.ts";
import type { SqliteLog } from "./sqlite-log.ts";

/** What failed is overdue, and would be tried again at once, for ever. */
const RETRY_MS = 60_000;

export class Upkeep {
  readonly #ctx: DurableObjectState;
  readonly #settings: Settings;
  readonly #log: SqliteLog;
  readonly #broker: Broker<WebSocket>;
  /** For when the alarm is set; `undefined`: not known since the last wake. */
  #alarmMs: number | null | undefined;

  constructor(ctx: DurableObjectState, settings: Settings, log: SqliteLog, broker: Broker<WebSocket>) {
    this.#ctx = ctx;
    this.#settings = settings;
    this.#log = log;
    this.#broker = broker;
  }

  /** Something was appended, and will grow old. Events that are stored and told outlive whatever fails here. */
  afterAppend(): void {
    this.seeToAlarm();
    const { oldest, cursor, tally } = this.#log;
    const kept = { events: cursor.seq + 1 - oldest, bytes: tally.bytes };
    if (isOver(this.#settings.retention, kept)) attempt("retention", () => this.#trim());
    if (this.#log.isTallyDue) attempt("counting", () => this.#log.writeTally());
  }

  /** The alarm rings. @param scheduledMs for when it was set: it may be late, and its clock not quite ours */
  ring(scheduledMs: number): void {
    const tasks = dueAt(scheduledMs, this.#facts());
    const nowMs = Math.max(Date.now(), scheduledMs);
    const outcomes = tasks.map((task) => attempt(task, () => this.#do(task, nowMs)));
    this.#log.rowWritten(); // that of the alarm which has rung
    const toldTo =
      tasks.includes("heartbeat") && outcomes.every(Boolean) ? this.#broker.readers.broadcast.toldTo : undefined;
    outcomes.push(attempt("counting", () => this.#log.writeTally(toldTo))); // the next alarm is written anyway
    this.#alarmMs = null;
    this.#setAlarm(nextAlarm(outcomes.every(Boolean) ? nowMs : nowMs + RETRY_MS, this.#facts()));
  }

  #do(task: Task, nowMs: number): void {
    if (task === "heartbeat") this.#broker.beat();
    else if (task === "expiry") this.#broker.care.expire(nowMs);
    else if (task === "ghosts") this.#broker.care.reapGhosts(nowMs);
    else this.#trim();
  }

  #trim(): void {
    this.#broker.readers.broadcast.progress(this.#log.oldest + TRIM_STEP);
    this.#log.trim(this.#settings.retention, Date.now());
  }

  #facts(): Facts {
    const { enabled, heartbeatMs, retention } = this.#settings;
    return {
      connections: this.#broker.readers.count,
      oldestMs: this.#log.oldestMs,
      heartbeatMs: enabled ? heartbeatMs : 0,
      maxAgeMs: retention.maxAgeMs,
      expiryMs: this.#broker.readers.expiry.nextMs,
    };
  }

  /** Sets the alarm where none is set, or one that is too late: its time may be from before a change of settings. */
  seeToAlarm(): void {
    const next = nextAlarm(Date.now(), this.#facts());
    if (next === null) return; // one that was set for somebody who has left rings once more, for nothing
    if (this.#alarmMs === undefined) {
      this.#alarmMs = next; // nobody asks twice
      this.#ctx.waitUntil(
        this.#ctx.storage.getAlarm().then((set) => {
          this.#ringBy(next, set);
        }),
      );
    } else this.#ringBy(next, this.#alarmMs);
  }

  /** @param set for when the alarm is set now */
  #ringBy(next: number, set: number | null): void {
    if (set !== null && set <= next) return;
    if (set !== null) this.#log.rowWritten(); // a row for each time it is set: this one will not ring, to be counted then
    this.#setAlarm(next);
  }

  #setAlarm(atMs: number | null): void {
    this.#alarmMs = atMs;
    if (atMs !== null) this.#ctx.waitUntil(this.#ctx.storage.setAlarm(atMs));
  }
}

/** What fails here must not keep the rest from being done. @returns whether it went well */
function attempt(what: string, act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    console.error(`The hub's ${what} failed.`, errorText(error));
    return false;
  }
}
