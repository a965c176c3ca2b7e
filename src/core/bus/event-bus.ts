// The event bus inside a hub. Listeners are called after an event is in the log and was sent to the sockets; no listener can
// affect another, or the emit. Names and behaviour are those of the legacy server's bus.
import type { ReactorEvent } from "../../wire/event.ts";
import type { ClockTime } from "../clock.ts";
import { deferred } from "../deferred.ts";
import type { EventText } from "../log/event-text.ts";
import { countType } from "../log/usage.ts";
import { quoted } from "../printable.ts";
import { Cause, Refusal } from "./cause.ts";
import { DispatchQueue } from "./dispatch-queue.ts";
import { ListenerTable } from "./listener-table.ts";
import { type OutcomePorts, PendingOutcomes, promiseOf } from "./pending-outcomes.ts";

/** The type of each event's data. Other names may be emitted too, with data of any type. */
export type EventMap = Readonly<Record<string, unknown>>;

type DataOf<Events extends EventMap, Name extends string> = Name extends keyof Events ? Events[Name] : unknown;

/** What a listener is passed in addition to the data. */
export interface ListenerContext<Events extends EventMap> {
  readonly event: ReactorEvent;
  /**
   * Emits an event, and waits as `EventBus.emit`. Rejects an invalid event, the ninth emit in a row, and the 65th that one
   * event from outside causes. A rejection was reported already, and may be ignored.
   */
  emit<Name extends string>(name: Name, data: DataOf<Events, Name>): Promise<void>;
}

export type Listener<Events extends EventMap, Name extends string> = (
  data: DataOf<Events, Name>,
  heard: ListenerContext<Events>,
) => unknown;

/** What a bus takes from its surroundings. `report` gets what a listener threw. */
export interface EventBusPorts extends OutcomePorts {
  now(): ClockTime;
  /**
   * Appends an event, sends it to the sockets, and dispatches it with `cause`: in this turn, or in a later one.
   *
   * @returns what `dispatch` returned; rejects where nothing was appended @throws where the event is invalid
   */
  emit(name: string, data: unknown, cause: Cause | null): Promise<void>;
}

export interface Metrics {
  readonly events_emitted: number;
  /** At most 257: further types are counted as one, `(other)`. */
  readonly event_types: number;
  readonly listeners_count: number;
  readonly event_breakdown: Readonly<Record<string, number>>;
  readonly listeners_breakdown: Readonly<Record<string, number>>;
}

export interface Health {
  readonly status: "healthy" | "stopped";
  readonly listeners: number;
  readonly events_emitted: number;
  /** Seconds since `start`. */
  readonly uptime: number;
}

/** Events that are to be dispatched. */
interface Batch {
  readonly events: readonly EventText[];
  /** `null`: from outside. */
  readonly cause: Cause | null;
  /** Is called with a promise that settles once all listeners are done. */
  readonly heard: (ok: Promise<void>) => void;
}

/** The listener that is being called. */
interface Calling {
  readonly what: string;
  readonly cause: Cause;
}

type AnyListener<Events extends EventMap> = (data: never, heard: ListenerContext<Events>) => unknown;

export class EventBus<Events extends EventMap = EventMap> {
  readonly #ports: EventBusPorts;
  readonly #listeners = new ListenerTable<AnyListener<Events>>();
  #emitted = 0;
  /** By type, as far as types have names of their own there. */
  readonly #breakdown = new Map<string, number>();
  readonly #outcomes: PendingOutcomes;
  readonly #queue = new DispatchQueue<Batch>((batch) => this.#callListeners(batch));
  #calling: Calling | null = null;
  /** Errors that `emit` has reported: listeners may reject with them, and one report is enough. */
  readonly #reported = new WeakSet<Error>();
  #startedMs: number | null = null;

  constructor(ports: EventBusPorts) {
    this.#ports = ports;
    this.#outcomes = new PendingOutcomes({ ...ports, report: (what, error) => this.#report(what, error) });
  }

  get isRunning(): boolean {
    return this.#startedMs !== null;
  }

  start(): void {
    this.#startedMs ??= this.#ports.now().ms;
  }

  /** From now on nothing is emitted and no listener called. Listeners stay. */
  stop(): void {
    this.#startedMs = null;
  }

  /** Calls `listener` for each event of `name`, or of every name for `*`. The same one is called once. @returns a function that removes it */
  on<Name extends string>(name: Name, listener: Listener<Events, Name>): () => void {
    this.#listeners.add(name, listener);
    return () => this.off(name, listener);
  }

  /** As `on`, for the next one only. */
  once<Name extends string>(name: Name, listener: Listener<Events, Name>): () => void {
    const undo = this.on(name, (data: DataOf<Events, Name>, heard) => {
      undo();
      return listener(data, heard);
    });
    return undo;
  }

  off<Name extends string>(name: Name, listener: Listener<Events, Name>): void {
    this.#listeners.remove(name, listener);
  }

  /**
   * Emits, and waits for asynchronous listeners, 30 s at most. Does nothing while the bus is stopped.
   *
   * Called by a listener it equals the `emit` that the listener was passed; but after an `await` of that listener it counts
   * as from outside, without a bound. Listeners SHOULD use the one that they were passed.
   *
   * @returns a promise that rejects where nothing was appended
   */
  emit<Name extends string>(name: Name, data: DataOf<Events, Name>): Promise<void> {
    return this.#emitAsync(name, data, this.#calling);
  }

  /** Emits, and waits for nothing. @throws for an event that is refused; that the log failed is reported */
  emitSync<Name extends string>(name: Name, data: DataOf<Events, Name>): void {
    this.#emit(name, data, this.#calling).catch((error) => this.#report(`An emit of ${quoted(name)}`, error));
  }

  /** Dispatches what `act` dispatches only once `act` is done. @returns what `act` returns */
  hold<R>(act: () => R): R {
    return this.#queue.hold(act);
  }

  /**
   * Calls the listeners of events that are logged, or ephemeral, in the order of the calls.
   *
   * @param cause the emit of a listener that they came of; `null`: they are from outside
   * @returns a promise that is resolved once all of the listeners are done, and never rejected
   */
  dispatch(events: readonly EventText[], cause: Cause | null = null): Promise<void> {
    if (!this.isRunning) return Promise.resolve();
    const { promise, resolve } = deferred<void>();
    this.#queue.add({ events, cause, heard: resolve });
    return promise;
  }

  getMetrics(): Metrics {
    return {
      events_emitted: this.#emitted,
      event_types: this.#breakdown.size,
      listeners_count: this.#listeners.size,
      event_breakdown: Object.fromEntries(this.#breakdown),
      listeners_breakdown: this.#listeners.counts(),
    };
  }

  getHealth(): Health {
    const uptime = this.#startedMs === null ? 0 : Math.max(0, this.#ports.now().ms - this.#startedMs) / 1000;
    const status = this.isRunning ? "healthy" : "stopped";
    return { status, listeners: this.#listeners.size, events_emitted: this.#emitted, uptime };
  }

  /** @param by the listener that emits; `null`: from outside @throws Refusal, and for an invalid event */
  #emit(name: string, data: unknown, by: Calling | null): Promise<void> {
    if (!this.isRunning) return Promise.resolve();
    try {
      const cause = by?.cause.step(name) ?? null;
      const emitted = this.#ports.emit(name, data, cause);
      // Many listeners ignore what `emit` returns; one that does not may reject with the same error.
      if (by) emitted.catch((error) => this.#reportOnce(by.what, error));
      return emitted;
    } catch (error) {
      if (by) this.#reportOnce(by.what, error);
      throw error;
    }
  }

  #emitAsync(name: string, data: unknown, by: Calling | null): Promise<void> {
    try {
      return this.#emit(name, data, by);
    } catch (error) {
      const refused = Promise.reject(error);
      if (by) refused.catch(() => {}); // it was reported, and many listeners ignore what `emit` returns
      return refused;
    }
  }

  #callListeners({ events, cause, heard }: Batch): void {
    const pending: Promise<void>[] = [];
    for (const carried of events) {
      if (!this.isRunning) break; // a listener has stopped it
      this.#emitted += 1;
      countType(this.#breakdown, carried.type, 1);
      const listeners = this.#listeners.of(carried.type);
      if (listeners.length === 0) continue;
      const what = `A listener of ${quoted(carried.type)}`;
      const calling = { what, cause: cause ?? Cause.outside() };
      for (const listener of listeners) {
        const outcome = this.#call(listener, carried, calling);
        if (outcome) pending.push(this.#outcomes.add(what, outcome));
      }
    }
    heard(Promise.all(pending).then(() => {}));
  }

  #call(listener: AnyListener<Events>, { event }: EventText, calling: Calling): Promise<unknown> | null {
    // Each gets its own copy, so that none sees what another changed.
    const parsed = JSON.parse(event) as ReactorEvent;
    const heard: ListenerContext<Events> = {
      event: parsed,
      emit: (name, data) => this.#emitAsync(name, data, calling),
    };
    this.#calling = calling;
    const outcome = this.#try(calling.what, () => promiseOf(listener(parsed.data as never, heard)));
    this.#calling = null;
    return outcome ?? null;
  }

  #try<T>(what: string, act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      this.#report(what, error);
      return undefined;
    }
  }

  #report(what: string, error: unknown): void {
    if (!(error instanceof Error && this.#reported.has(error))) this.#ports.report(what, error);
  }

  /** Reports why an emit of a listener failed; the listener may then reject with the same error. */
  #reportOnce(what: string, error: unknown): void {
    if (!(error instanceof Refusal) || error.isFirst) this.#report(what, error);
    if (error instanceof Error) this.#reported.add(error);
  }
}
