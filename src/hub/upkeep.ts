// What a hub does by itself: it carries out the agenda by its one alarm, and keeps its log within bounds.
import { dueAt, type Facts, nextAlarm, type Task } from "../core/agenda.ts";
import type { Broker } from "../core/broker.ts";
import { isOver } from "../core/retention.ts";
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

  /** A socket has come: the heartbeat begins with the first. */
  afterAttach(): void {
    if (this.#broker.readers.count === 1) this.#setAlarm();
  }

  /** Something was appended. @param wasEmpty whether the log kept nothing before: now something in it grows old */
  afterAppend(wasEmpty: boolean): void {
    if (wasEmpty) this.#setAlarm();
    const { oldest, cursor, tally } = this.#log;
    const kept = { events: cursor.seq + 1 - oldest, bytes: tally.bytes };
    // Events that are stored and told are not taken back because older ones would not go.
    if (isOver(this.#settings.retention, kept)) attempt("retention", () => this.#trim());
  }

  /** The alarm rings. @param scheduledMs for when it was set: it may be late */
  ring(scheduledMs: number): void {
    const outcomes = dueAt(scheduledMs, this.#facts()).map((task) => attempt(task, () => this.#do(task)));
    this.#log.rowWritten(); // that of the alarm which has rung
    outcomes.push(attempt("counting", () => this.#log.writeTally())); // the next alarm is written anyway
    this.#alarmMs = null;
    this.#setAlarm(outcomes.every(Boolean) ? 0 : RETRY_MS);
  }

  #do(task: Task): void {
    if (task === "heartbeat") this.#broker.beat();
    else this.#trim();
  }

  #trim(): void {
    this.#log.trim(this.#settings.retention, Date.now());
  }

  #facts(): Facts {
    const { enabled, heartbeatMs, retention } = this.#settings;
    return {
      connections: this.#broker.readers.count,
      oldestMs: this.#log.oldestMs,
      heartbeatMs: enabled ? heartbeatMs : 0,
      maxAgeMs: retention.maxAgeMs,
    };
  }

  /** @param afterMs not before so long from now */
  #setAlarm(afterMs = 0): void {
    const next = nextAlarm(Date.now() + afterMs, this.#facts());
    if (next === this.#alarmMs) return;
    this.#alarmMs = next;
    if (next === null) return; // one that was set for somebody who has left rings once more, for nothing
    this.#ctx.waitUntil(this.#ctx.storage.setAlarm(next));
  }
}

/** What fails here must not keep the rest from being done. @returns whether it went well */
function attempt(what: string, act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    console.error(`The hub's ${what} failed.`, error);
    return false;
  }
}
