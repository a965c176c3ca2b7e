// The Reactor: the event bus inside a hub. Listeners hear what was emitted, after it is in the log and on its way to the
// browsers; none of them can hurt another, or the emit. Fifth step of an event's way, beside the sockets.
import type { ReactorEvent } from "../../wire/event.ts";
import type { EventText } from "../log/event-text.ts";
import { quoted } from "../printable.ts";
import { Cause, Refusal } from "./cause.ts";
import { DispatchQueue } from "./dispatch-queue.ts";
import { ListenerTable } from "./listener-table.ts";
import { type OutcomePorts, PendingOutcomes, promiseOf } from "./pending-outcomes.ts";

/** What the data of each event name is. Names that are not in it are welcome, with data of any kind. */
export type EventMap = Readonly<Record<string, unknown>>;

type DataOf<Events extends EventMap, Name extends string> = Name extends keyof Events ? Events[Name] : unknown;

/** What a listener is handed besides the data. */
export interface ListenerContext<Events extends EventMap> {
  readonly event: ReactorEvent;
  /**
   * Emits behind the event that is heard, and waits as `Reactor.emit`. It rejects what is no event, and beyond 8 emits that
   * each came of the one before, or 64 that came of one event from outside. That is in the log already: it may be ignored.
   */
  emit<Name extends string>(name: Name, data: DataOf<Events, Name>): Promise<void>;
}

export type Listener<Events extends EventMap, Name extends string> = (
  data: DataOf<Events, Name>,
  heard: ListenerContext<Events>,
) => unknown;

/** What a bus takes from its surroundings. `report` is told what a listener threw. */
export interface EventBusPorts extends OutcomePorts {
  /**
   * Appends an event, sends it to the sockets, and dispatches it with `cause`.
   *
   * @returns what `dispatch` returned @throws where nothing was appended
   */
  emit(name: string, data: unknown, cause: Cause | null): Promise<void>;
}

export interface Metrics {
  readonly events_emitted: number;
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

/** Events that listeners are still to hear. */
interface Batch {
  readonly events: readonly EventText[];
  /** `null`: they are from outside. */
  readonly cause: Cause | null;
  /** Is given what settles once all listeners are done. */
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
  readonly #emitted = new Map<string, number>();
  readonly #outcomes: PendingOutcomes;
  readonly #queue = new DispatchQueue<Batch>((batch) => this.#callListeners(batch));
  #calling: Calling | null = null;
  /** What `emit` has reported itself: listeners reject with it, and once is enough. */
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

  /** From now on nothing is emitted and nothing heard. Listeners stay. */
  stop(): void {
    this.#startedMs = null;
  }

  /** Calls `listener` for each event of `name`, or of every name for `*`. The same one is called once. @returns its undo */
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
   * Emits, and waits for listeners that take their time, 30 s at most. Nothing happens while the reactor is stopped.
   *
   * Called by a listener, it is as the `emit` that the listener was handed; but after an `await` of that listener it is as
   * from outside, without a bound. Listeners SHOULD use what they were handed.
   *
   * @returns it rejects with what could not be recorded
   */
  emit<Name extends string>(name: Name, data: DataOf<Events, Name>): Promise<void> {
    return this.#emitAsync(name, data, this.#calling);
  }

  /** Emits, and does not wait for listeners that take their time. @throws where `emit` rejects */
  emitSync<Name extends string>(name: Name, data: DataOf<Events, Name>): void {
    void this.#emit(name, data, this.#calling); // what it returns never rejects
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
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#queue.add({ events, cause, heard: resolve });
    return promise;
  }

  getMetrics(): Metrics {
    const event_breakdown = Object.fromEntries(this.#emitted);
    const listeners_breakdown = this.#listeners.counts();
    const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);
    return {
      events_emitted: sum(event_breakdown),
      event_types: this.#emitted.size,
      listeners_count: sum(listeners_breakdown),
      event_breakdown,
      listeners_breakdown,
    };
  }

  getHealth(): Health {
    const { listeners_count, events_emitted } = this.getMetrics();
    const uptime = this.#startedMs === null ? 0 : (this.#ports.now().ms - this.#startedMs) / 1000;
    return { status: this.isRunning ? "healthy" : "stopped", listeners: listeners_count, events_emitted, uptime };
  }

  /** @param by the listener that emits; `null`: from outside @throws Refusal, and what `record` throws */
  #emit(name: string, data: unknown, by: Calling | null): Promise<void> {
    if (!this.isRunning) return Promise.resolve();
    try {
      const cause = by?.cause.step(name) ?? null;
      return this.#ports.emit(name, data, cause);
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
      if (by) refused.catch(() => {}); // it is reported, and many listeners never look at what `emit` returns
      return refused;
    }
  }

  #callListeners({ events, cause, heard }: Batch): void {
    const pending: Promise<void>[] = [];
    for (const carried of events) {
      if (!this.isRunning) break; // a listener has stopped it
      this.#emitted.set(carried.type, (this.#emitted.get(carried.type) ?? 0) + 1);
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
    // Each has a copy of its own, so that none sees what another made of it.
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

  /** Reports what `emit` refuses a listener, which may go on to reject with it. */
  #reportOnce(what: string, error: unknown): void {
    if (!(error instanceof Refusal) || error.isFirst) this.#report(what, error);
    if (error instanceof Error) this.#reported.add(error);
  }
}
